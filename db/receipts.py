"""Receipts of acceptance: printed and sealed once, then mailed, shown and proved with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class ReceiptRow(Base):
    """The sealed receipt of an order's acceptance. Never changed."""

    __tablename__ = "receipts"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    sha256: Mapped[bytes]
    content: Mapped[bytes]
    sealed_at: Mapped[datetime]


async def get(session: AsyncSession, *, order_id: UUID) -> ReceiptRow | None:
    """The receipt, once it is sealed."""
    return await session.get(ReceiptRow, order_id)


async def keep(session: AsyncSession, receipt: ReceiptRow) -> ReceiptRow:
    """The order's receipt: this one, or the one that somebody else sealed meanwhile."""
    values = {column.name: getattr(receipt, column.name) for column in ReceiptRow.__table__.columns}
    await session.execute(insert(ReceiptRow).values(values).on_conflict_do_nothing())
    return await session.get_one(ReceiptRow, receipt.order_id)
