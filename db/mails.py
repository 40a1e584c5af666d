"""Mails: queued with the change they tell of, then delivered or refused, one row each."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, exists, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, aliased, contains_eager, mapped_column, relationship, undefer

from db.base import Base, Named, Owner, own
from db.orders import OrderRow
from domain.mails import Box, MailKind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


NUMBER = re.compile(r"[0-9]{4}-[0-9]{6,}")


class MailState(StrEnum):
    """How far a mail has come."""

    QUEUED = "queued"
    SENT = "sent"
    """The mail server took it."""
    REFUSED = "refused"
    """The mail server refused it for good (5xx)."""
    DROPPED = "dropped"
    """Overtaken before it was sent: by a newer mail, the end of the order, or what has become of the service."""


class MailRow(Base):
    """One message to one recipient."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("(order_id is null) <> (partner_id is null)", name="about_somebody"),
        Index("ix_mails_queued", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_mails_at", "at", "id"),
        Index("ix_mails_to", "to", postgresql_using="gin", postgresql_ops={"to": "gin_trgm_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    """None if it concerns no order more than others."""
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    """Then the partner whom it is about."""
    kind: Mapped[MailKind] = mapped_column(Named(MailKind))
    box: Mapped[Box] = mapped_column(Named(Box))
    to: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(Named(MailState), default=MailState.QUEUED)
    token_fingerprint: Mapped[bytes | None] = mapped_column(unique=True)
    error: Mapped[str | None]
    words: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it says, where that was frozen when it was queued: amounts, dates, ids."""

    subject: Mapped[str | None]
    text: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    """As it was sent, without its links: those are whoever's got the mail. Lists leave it out, since it is long."""

    order: Mapped[OrderRow | None] = relationship(lazy="raise", viewonly=True)


async def queue(session: AsyncSession, mail: MailRow) -> bool:
    """Queue a mail; False if its cause has queued it before."""
    values = {c.name: getattr(mail, c.name) for c in MailRow.__table__.columns if c.name != "state"}
    queued = insert(MailRow).values(state=MailState.QUEUED, **values).on_conflict_do_nothing()
    return await session.scalar(queued.returning(MailRow.id)) is not None


async def queued(session: AsyncSession, *, order_id: UUID) -> list[UUID]:
    """The mails of an order and of its partner that still have to go out, oldest first.

    Receipts, which wait for a third party, come at the end.
    """
    partner = select(OrderRow.partner_id).where(OrderRow.id == order_id).scalar_subquery()
    mine = (MailRow.order_id == order_id) | (MailRow.partner_id == partner)
    waiting = select(MailRow.id).where(mine, MailRow.state == MailState.QUEUED)
    return list(
        await session.scalars(waiting.order_by(MailRow.kind == MailKind.ACCEPTANCE_RECEIPT, MailRow.at, MailRow.id))
    )


async def get(session: AsyncSession, *, mail_id: UUID, owner: Owner) -> MailRow | None:
    """One mail, with its order and its text."""
    found = select(MailRow).outerjoin(OrderRow, OrderRow.id == MailRow.order_id).options(contains_eager(MailRow.order))
    return await session.scalar(
        found.options(undefer(MailRow.text)).where(MailRow.id == mail_id, own(OrderRow.partner_id, owner))
    )


async def page(
    session: AsyncSession,
    *,
    owner: Owner,
    words: str,
    state: MailState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[MailRow]:
    """Mails, the latest first: those in a state, if one is given; each word is an order's number, or in the address."""
    found = select(MailRow).outerjoin(OrderRow, OrderRow.id == MailRow.order_id).options(contains_eager(MailRow.order))
    conditions = [
        own(OrderRow.partner_id, owner),
        *(
            OrderRow.number == word if NUMBER.fullmatch(word) else MailRow.to.icontains(word, autoescape=True)
            for word in words.split()
        ),
    ]
    if state is not None:
        conditions.append(MailRow.state == state)
    if before is not None:
        conditions.append(tuple_(MailRow.at, MailRow.id) < before)
    latest = found.where(*conditions).order_by(MailRow.at.desc(), MailRow.id.desc())
    return list(await session.scalars(latest.limit(limit)))


async def announcements(session: AsyncSession, *, after: UUID | None, limit: int) -> list[UUID]:
    """The next mails about services and partners that still have to go out, oldest first."""
    waiting = select(MailRow.id).where(MailRow.words.is_not(None), MailRow.state == MailState.QUEUED)
    since = select(MailRow.at).where(MailRow.id == after).scalar_subquery()
    rest = waiting if after is None else waiting.where(tuple_(MailRow.at, MailRow.id) > tuple_(since, after))
    return list(await session.scalars(rest.order_by(MailRow.at, MailRow.id).limit(limit)))


async def take(session: AsyncSession, *, mail_id: UUID) -> MailRow | None:
    """A queued mail, for one transaction's own; None if another has it in hand, or it is done."""
    mine = select(MailRow).where(MailRow.id == mail_id, MailRow.state == MailState.QUEUED)
    return await session.scalar(mine.with_for_update(skip_locked=True, key_share=True))  # decisions may refer to it


async def of_kind(session: AsyncSession, *, order_id: UUID, kind: MailKind) -> list[MailRow]:
    """An order's mails of one kind, oldest first. For whoever may see the order."""
    mine = select(MailRow).where(MailRow.order_id == order_id, MailRow.kind == kind)
    return list(await session.scalars(mine.order_by(MailRow.at)))


async def by_token(session: AsyncSession, *, fingerprint: bytes) -> MailRow | None:
    """The contract mail that carried a link. The token is the right to see it."""
    return await session.scalar(select(MailRow).where(MailRow.token_fingerprint == fingerprint))


async def has_gone_out(session: AsyncSession, *, order_id: UUID, kind: MailKind) -> bool:
    """Whether the mail server has taken such a mail of this order."""
    gone = exists().where(MailRow.order_id == order_id, MailRow.kind == kind, MailRow.state == MailState.SENT)
    return bool(await session.scalar(select(gone)))


async def has_newer(session: AsyncSession, mail: MailRow) -> bool:
    """Whether there is a later mail that says the same of the same expiry to the same address."""
    newer = aliased(MailRow)
    alike = exists().where(
        newer.order_id == mail.order_id,
        newer.kind == mail.kind,
        newer.to == mail.to,
        newer.at > mail.at,
        newer.words["expires_on"].as_string() == (mail.words or {}).get("expires_on"),
    )
    return bool(await session.scalar(select(alike)))
