"""What operators did about a partner as a whole, and why: looked around as they do, topped their credit up."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Named
from db.users import UserRow

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class ActKind(StrEnum):
    """What was done."""

    VIEW = "view"
    """The panel, seen as the partner sees it."""
    TOP_UP = "top_up"


class ActRow(Base):
    """One act, with the operator's own words. Never changed: the partner may read it."""

    __tablename__ = "operator_acts"
    __table_args__ = (Index("ix_operator_acts_partner_id", "partner_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[ActKind] = mapped_column(Named(ActKind))
    at: Mapped[datetime]
    reason: Mapped[str]

    user: Mapped[UserRow] = relationship(lazy="joined", viewonly=True)


async def record(session: AsyncSession, act: ActRow) -> None:
    """Write one down; the same act twice is one."""
    values = {c.name: getattr(act, c.name) for c in ActRow.__table__.columns}
    await session.execute(insert(ActRow).values(**values).on_conflict_do_nothing())


async def of_partner(
    session: AsyncSession, *, partner_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[ActRow]:
    """The latest first, older than `before`."""
    mine = select(ActRow).where(ActRow.partner_id == partner_id)
    older = mine if before is None else mine.where(tuple_(ActRow.at, ActRow.id) < before)
    return list(await session.scalars(older.order_by(ActRow.at.desc(), ActRow.id.desc()).limit(limit)))
