"""When operators looked around as a partner, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class PartnerViewRow(Base):
    """One look. Never changed: the partner may read it."""

    __tablename__ = "partner_views"
    __table_args__ = (Index("ix_partner_views_partner_id", "partner_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    reason: Mapped[str]


async def of_partner(session: AsyncSession, *, partner_id: UUID, limit: int) -> list[PartnerViewRow]:
    """The latest first."""
    mine = select(PartnerViewRow).where(PartnerViewRow.partner_id == partner_id)
    return list(await session.scalars(mine.order_by(PartnerViewRow.at.desc(), PartnerViewRow.id).limit(limit)))
