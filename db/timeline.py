"""What happened to an order, written in the same transaction as the change itself; append-only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named, Owner, own
from db.orders import OrderRow
from domain.lifecycle import Actor


class EventRow(Base):
    """One thing that happened. The database refuses to change or delete it."""

    __tablename__ = "order_events"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[Actor] = mapped_column(Named(Actor))
    detail: Mapped[dict[str, Any]]
    record: Mapped[str] = mapped_column(FetchedValue())
    """The event as text, by the database."""
    hash: Mapped[bytes] = mapped_column(FetchedValue())
    """SHA-256 of the hash before it (none for the first) and the record: no row can be changed or left out unseen."""


def add(session: AsyncSession, order_id: UUID, *, at: datetime, kind: str, actor: Actor, **detail: Any) -> None:
    """Write one event with the change it tells of. Details that are None are left out."""
    known = {name: value for name, value in detail.items() if value is not None}
    session.add(EventRow(order_id=order_id, at=at, kind=kind, actor=actor, detail=known))


async def has(session: AsyncSession, *, order_id: UUID, kind: str, at: datetime) -> bool:
    """Whether this was written before. For a step, which knows the order's own."""
    written = exists().where(EventRow.order_id == order_id, EventRow.kind == kind, EventRow.at == at)
    return bool(await session.scalar(select(written)))


async def chained(session: AsyncSession, *, order_id: UUID, kind: str) -> bytes:
    """The chain's hash at the one event of a kind: it stands for all that came before, too."""
    return (await session.scalars(select(EventRow.hash).filter_by(order_id=order_id, kind=kind))).one()


async def tells(session: AsyncSession, *, order_id: UUID, kind: str, detail: dict[str, Any]) -> bool:
    """Whether the same was written at any time. For a step, which knows the order's own."""
    same = exists().where(EventRow.order_id == order_id, EventRow.kind == kind, EventRow.detail == detail)
    return bool(await session.scalar(select(same)))


async def of_order(session: AsyncSession, *, order_id: UUID, owner: Owner) -> list[EventRow]:
    """An order's events as they were written, one chained to the other; none of another partner's order."""
    events = select(EventRow).join(OrderRow, OrderRow.id == EventRow.order_id)
    mine = events.where(EventRow.order_id == order_id, own(OrderRow.partner_id, owner))
    return list(await session.scalars(mine.order_by(EventRow.seq)))
