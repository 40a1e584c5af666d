"""Who answers for an order's documents: every assignment is kept, one per role is in force."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, Index, false, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named, Stored
from domain.orders import Role
from domain.titolari import Titolare

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from db.titolari import TitolareRow


class ResponsabileRow(Base):
    """A titolare in a role, with their data as they were when they were chosen."""

    __tablename__ = "responsabili"
    __table_args__ = (
        Index(
            "uq_responsabili_in_force", "order_id", "role", unique=True, postgresql_where=text("replaced_at is null")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    role: Mapped[Role] = mapped_column(Named(Role))
    titolare_id: Mapped[UUID] = mapped_column(ForeignKey("titolari.id"))
    titolare: Mapped[Titolare] = mapped_column(Stored(Titolare))
    internal: Mapped[bool] = mapped_column(server_default=false())
    """One of the titolare's own people, the partner declared."""
    assigned_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


async def in_force(session: AsyncSession, *, order_id: UUID) -> dict[Role, ResponsabileRow]:
    """Who holds the roles of an order now."""
    rows = await session.scalars(select(ResponsabileRow).where(_in_force(order_id)))
    return {row.role: row for row in rows}


async def assign(
    session: AsyncSession, *, order_id: UUID, chosen: dict[Role, TitolareRow], internal: bool, at: datetime
) -> None:
    """Fill the roles; whoever held them stays in the history. Under the order's lock."""
    await session.execute(update(ResponsabileRow).where(_in_force(order_id)).values(replaced_at=at))
    for role, person in chosen.items():
        values = {"titolare_id": person.id, "titolare": person.titolare, "internal": internal}
        session.add(ResponsabileRow(id=uuid4(), order_id=order_id, role=role, assigned_at=at, **values))


def _in_force(order_id: UUID) -> ColumnElement[bool]:
    return (ResponsabileRow.order_id == order_id) & ResponsabileRow.replaced_at.is_(None)
