"""What titolari decided on the acceptance page, with the evidence; kept before the workflow hears of it."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db import orders
from db.base import Base, Named
from db.mails import MailRow
from db.orders import OrderRow
from domain.errors import TokenDead
from domain.titolari import Titolare, display_name


class Answer(StrEnum):
    """The three buttons of the page."""

    ACCEPT = "accept"
    DECLINE = "decline"
    REPORT = "report"
    """I don't know this partner."""


class DecisionRow(Base):
    """One submitted form. It counts once its order points at it; one that no order points at came too late."""

    __tablename__ = "decisions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    mail_id: Mapped[UUID] = mapped_column(ForeignKey("mails.id"))
    answer: Mapped[Answer] = mapped_column(Named(Answer))
    evidence: Mapped[dict[str, Any]]
    """Ticks, name, capacity, reason, IP and user agent as they came, and which documents were shown."""
    at: Mapped[datetime]


async def keep(session: AsyncSession, decision: DecisionRow) -> None:
    """Only one that came by the living link: a newer mail may have gone out while it was made. Raises TokenDead."""
    reference = {"read": True, "key_share": True}  # before the order's, as who delivers it does
    await session.get_one(MailRow, decision.mail_id, with_for_update=reference)
    order = await orders.lock(session, order_id=decision.order_id)
    if order.living_mail_id != decision.mail_id:
        raise TokenDead
    session.add(decision)
    await session.commit()


async def is_outdated(session: AsyncSession, *, decision_id: UUID, living: UUID) -> bool:
    """Whether it was made by the link of another mail than the living one."""
    other = exists().where(DecisionRow.id == decision_id, DecisionRow.mail_id != living)
    return bool(await session.scalar(select(other)))


async def get(session: AsyncSession, *, decision_id: UUID) -> DecisionRow:
    """One that an order points at. The order is the right to see it."""
    return await session.get_one(DecisionRow, decision_id)


def who_decides(titolare: Titolare) -> dict[str, str | None]:
    """Who the evidence names: an order may know them by a pseudonym only, later."""
    return {
        "name": display_name(titolare),
        "codice_fiscale": titolare.codice_fiscale,
        "partita_iva": titolare.partita_iva,
    }


def who_decided(decision: DecisionRow, *, order: OrderRow) -> dict[str, str | None]:
    """As they were known then, also after an erasure; by the order, if an older process has shown the page."""
    return decision.evidence.get("titolare") or who_decides(order.titolare)


def evidence_file(decision: DecisionRow, *, order: OrderRow) -> bytes:
    """The evidence as a proof holds it. The receipt seals its hash: the same bytes, whenever it is made."""
    evidence, who = dict(decision.evidence), who_decided(decision, order=order)
    evidence.pop("titolare", None)
    facts = {
        "order_id": str(order.id),
        "number": order.number,
        "titolare": {name: who[name] for name in ("name", "codice_fiscale", "partita_iva")},
        "decision_id": str(decision.id),
        "token_id": str(decision.mail_id),
        "at": decision.at.astimezone(UTC).isoformat(),
        **evidence,
    }
    return json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n"


async def reason(session: AsyncSession, *, decision_id: UUID) -> str | None:
    """Why, in the titolare's own words, if they gave any."""
    return await session.scalar(select(DecisionRow.evidence["reason"].as_string()).where(DecisionRow.id == decision_id))
