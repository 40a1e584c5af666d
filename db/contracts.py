"""The contracts of an order as they were printed: the bytes that were mailed, shown and accepted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class ContractRow(Base):
    """One file of a contract set. A correction of the addresses prints a further edition; none is ever changed."""

    __tablename__ = "contracts"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[str]
    version: Mapped[str]
    """Of the template."""
    sha256: Mapped[bytes]
    content: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    at: Mapped[datetime]


async def newest(session: AsyncSession, *, order_id: UUID) -> list[ContractRow]:
    """The set that is in force, its bytes left where they are. Whoever asks has shown that they may see it."""
    edition = select(func.max(ContractRow.edition)).where(ContractRow.order_id == order_id).scalar_subquery()
    mine = select(ContractRow).where(ContractRow.order_id == order_id, ContractRow.edition == edition)
    return list(await session.scalars(mine.order_by(ContractRow.position)))


async def of_order(session: AsyncSession, *, order_id: UUID) -> list[ContractRow]:
    """All that were printed, the newest edition first. Whoever asks has shown that they may see them."""
    mine = select(ContractRow).where(ContractRow.order_id == order_id)
    return list(await session.scalars(mine.order_by(ContractRow.edition.desc(), ContractRow.position)))


async def read(session: AsyncSession, *, order_id: UUID) -> list[ContractRow]:
    """The set that is in force, with its bytes."""
    rows = await newest(session, order_id=order_id)
    for row in rows:
        await fetch(session, row)
    return rows


async def fetch(session: AsyncSession, row: ContractRow) -> bytes:
    """The bytes of one of them."""
    await session.refresh(row, ["content"])
    return row.content
