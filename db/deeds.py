"""Deeds: what sweeps have done for a service, each once."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named
from domain.deeds import Deed, DeedKind, next_due_on

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from db.services import ServiceRow


class DeedRow(Base):
    """One thing that was done, for the civil day that it belonged to."""

    __tablename__ = "deeds"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), primary_key=True)
    kind: Mapped[DeedKind] = mapped_column(Named(DeedKind), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


async def done(session: AsyncSession, *, service_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Deed]]:
    """What was done for each of some services. For steps."""
    found: dict[UUID, list[Deed]] = defaultdict(list)
    for row in await session.scalars(select(DeedRow).where(DeedRow.service_id.in_(service_ids))):
        found[row.service_id].append(Deed(kind=row.kind, day=row.day))
    return found


async def add(session: AsyncSession, *, service_id: UUID, deed: Deed, at: datetime) -> None:
    """Write one down with what it did."""
    adding = insert(DeedRow).values(service_id=service_id, kind=deed.kind, day=deed.day, at=at)
    await session.execute(adding.on_conflict_do_nothing())


async def reschedule(session: AsyncSession, row: ServiceRow) -> None:
    """When the next sweep has something to do for a service that was changed."""
    mine = await done(session, service_ids=[row.id])
    row.next_due_on = next_due_on(row.service, done=mine.get(row.id, ()))
