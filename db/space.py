"""Space: what was bought (*Storico Spazio GB*), and what the provider said was used."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named, Owner, Stored, own
from domain.lifecycle import Actor
from domain.prices import Price
from domain.space import Usage

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

FORECAST_FROM = 30
"""How many measures a forecast is drawn from."""


class SpacePurchaseRow(Base):
    """GB that were bought; its id is the request's. Append-only."""

    __tablename__ = "space_purchases"
    __table_args__ = (Index("ix_space_purchases_service_id_at", "service_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    at: Mapped[datetime]
    gb: Mapped[int]
    price: Mapped[Price] = mapped_column(Stored(Price))
    asked_by: Mapped[Actor] = mapped_column(Named(Actor))


class UsageRow(Base):
    """What the provider said on a day."""

    __tablename__ = "usages"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used_bytes: Mapped[int] = mapped_column(BigInteger)


async def get(session: AsyncSession, *, purchase_id: UUID, owner: Owner) -> SpacePurchaseRow | None:
    """A purchase, if it was made."""
    return await session.scalar(_purchase(purchase_id, owner))


async def bought(session: AsyncSession, *, purchase_id: UUID, owner: Owner) -> SpacePurchaseRow:
    """A purchase that the asker knows to have been made."""
    return (await session.scalars(_purchase(purchase_id, owner))).one()


def _purchase(purchase_id: UUID, owner: Owner) -> Select[SpacePurchaseRow]:
    return select(SpacePurchaseRow).where(SpacePurchaseRow.id == purchase_id, own(SpacePurchaseRow.partner_id, owner))


async def page(
    session: AsyncSession, *, service_id: UUID, owner: Owner, before: tuple[datetime, UUID] | None, limit: int
) -> list[SpacePurchaseRow]:
    """A service's purchases, newest first, older than `before` (instant and id)."""
    row = SpacePurchaseRow
    mine = select(row).where(row.service_id == service_id, own(row.partner_id, owner))
    older = mine if before is None else mine.where(tuple_(row.at, row.id) < before)
    return list(await session.scalars(older.order_by(row.at.desc(), row.id.desc()).limit(limit)))


async def measure(session: AsyncSession, *, service_id: UUID, usage: Usage) -> None:
    """Keep what was measured, once a day: the first counts. For the poll."""
    measured = insert(UsageRow).values(service_id=service_id, day=usage.day, used_bytes=usage.used_bytes)
    await session.execute(measured.on_conflict_do_nothing())


async def usages(session: AsyncSession, *, service_id: UUID) -> list[Usage]:
    """The latest measures, which a forecast is drawn from. For who has asked whose the service is."""
    latest = select(UsageRow).where(UsageRow.service_id == service_id).order_by(UsageRow.day.desc())
    return [Usage(day=row.day, used_bytes=row.used_bytes) for row in await session.scalars(latest.limit(FORECAST_FROM))]
