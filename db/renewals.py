"""Renewals: every one that was tried, with its outcome (*Storico Rinnovi*). Append-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named, Owner, Stored, own
from domain.lifecycle import Actor
from domain.prices import Price

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class RenewalOutcome(StrEnum):
    """How a try ended."""

    RENEWED = "renewed"
    FAILED = "failed"
    """The credit didn't cover it: nothing was charged."""


class RenewalRow(Base):
    """One try. The database has one that succeeded for each service and period."""

    __tablename__ = "renewals"
    __table_args__ = (
        Index(
            "ix_renewals_once",
            "service_id",
            "period_start",
            unique=True,
            postgresql_where=text("outcome = 'renewed'"),
        ),
        Index("ix_renewals_service_id_at", "service_id", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    at: Mapped[datetime]
    period_start: Mapped[date]
    period_end: Mapped[date]
    years: Mapped[int]
    price: Mapped[Price] = mapped_column(Stored(Price))
    outcome: Mapped[RenewalOutcome] = mapped_column(Named(RenewalOutcome))
    missing_cents: Mapped[int | None] = mapped_column(BigInteger)
    """How much more credit it would have taken."""
    asked_by: Mapped[Actor] = mapped_column(Named(Actor))
    request_id: Mapped[UUID | None]
    """The request that asked for it: its repeat finds it done."""


async def renewed(session: AsyncSession, *, service_id: UUID, period_start: date) -> RenewalRow | None:
    """The renewal of a period, if there was one. For steps, and for who has asked whose the service is."""
    done = select(RenewalRow).where(
        RenewalRow.service_id == service_id,
        RenewalRow.period_start == period_start,
        RenewalRow.outcome == RenewalOutcome.RENEWED,
    )
    return await session.scalar(done)


async def page(
    session: AsyncSession, *, service_id: UUID, owner: Owner, before: tuple[datetime, UUID] | None, limit: int
) -> list[RenewalRow]:
    """A service's renewals, newest first, older than `before` (instant and id)."""
    mine = select(RenewalRow).where(RenewalRow.service_id == service_id, own(RenewalRow.partner_id, owner))
    older = mine if before is None else mine.where(tuple_(RenewalRow.at, RenewalRow.id) < before)
    return list(await session.scalars(older.order_by(RenewalRow.at.desc(), RenewalRow.id.desc()).limit(limit)))
