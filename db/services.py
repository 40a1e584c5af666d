"""Services: what activated orders leave."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Owner, own
from domain.errors import ServiceNotFound


class ServiceRow(Base):
    """A service with its first term; its expiry is a civil date in Rome."""

    __tablename__ = "services"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), index=True)
    starts_on: Mapped[date]
    expires_on: Mapped[date]


async def get(session: AsyncSession, *, service_id: UUID, owner: Owner) -> ServiceRow:
    """A service. Raises ServiceNotFound, for another partner's too."""
    mine = select(ServiceRow).where(ServiceRow.id == service_id, own(ServiceRow.partner_id, owner))
    if (row := await session.scalar(mine)) is None:
        raise ServiceNotFound(service_id=service_id)
    return row


async def of_order(session: AsyncSession, *, order_id: UUID) -> ServiceRow:
    """The service that an active order has left."""
    return (await session.scalars(select(ServiceRow).where(ServiceRow.order_id == order_id))).one()
