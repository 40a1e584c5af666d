"""Services: what activated orders leave, and how far their life has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, assert_never
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from db.base import Base, Named, Owner, Stored, own
from domain.errors import ServiceNotFound
from domain.products import Options, RenewalMode
from domain.services import GRACE, AccountWish, Service, ServiceStatus
from domain.space import SpaceLevel

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from db.orders import OrderRow


class ServiceRow(Base):
    """A service as it is today. Its dates are civil dates in Rome; its expiry moves by renewals and by nothing else."""

    __tablename__ = "services"
    __table_args__ = (
        Index("ix_services_partner_id_activated_at", "partner_id", "activated_at", "id"),
        Index("ix_services_activated_at", "activated_at", "id"),
        Index("ix_services_next_due_on", "next_due_on", "partner_id"),
        Index("ix_services_expires_on", "expires_on"),
        Index("ix_services_untold", "id", postgresql_where=text("wanted is distinct from told")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    options: Mapped[Any] = mapped_column(Stored(Options))
    activated_at: Mapped[datetime]
    starts_on: Mapped[date]
    expires_on: Mapped[date]
    status: Mapped[ServiceStatus] = mapped_column(Named(ServiceStatus))
    renewal_mode: Mapped[RenewalMode] = mapped_column(Named(RenewalMode))
    renewal_years: Mapped[int]
    added_gb: Mapped[int] = mapped_column(default=0)
    next_due_on: Mapped[date | None]
    """The first day whose sweep has something to do for it."""

    used_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    space_level: Mapped[SpaceLevel] = mapped_column(Named(SpaceLevel), default=SpaceLevel.FREE)
    measured_on: Mapped[date | None]
    full_on: Mapped[date | None]
    """The forecast made when the use was measured last."""

    wanted: Mapped[AccountWish] = mapped_column(Stored(AccountWish))
    """How the provider is to keep the account."""
    told: Mapped[AccountWish | None] = mapped_column(Stored(AccountWish))
    """What it has heard for sure; None while somebody is telling."""

    order: Mapped[OrderRow] = relationship(lazy="raise", viewonly=True)

    @property
    def service(self) -> Service:
        """The domain's view of it."""
        return Service.model_validate({name: getattr(self, name) for name in Service.model_fields})

    @property
    def is_full(self) -> bool:
        """Whether there was no more space when it was measured last."""
        return self.space_level is SpaceLevel.FULL

    def become(self, service: Service) -> None:
        """Write down what the domain has made of it, and what that asks of the provider."""
        for name in ("expires_on", "status", "renewal_mode", "renewal_years", "added_gb"):
            setattr(self, name, getattr(service, name))
        self.want()

    def want(self) -> None:
        """What status and space ask of the provider now."""
        self.wanted = AccountWish.of(self.service, is_full=self.is_full)


async def get(session: AsyncSession, *, service_id: UUID, owner: Owner) -> ServiceRow:
    """A service with its order. Raises ServiceNotFound, for another partner's too."""
    mine = select(ServiceRow).where(ServiceRow.id == service_id, own(ServiceRow.partner_id, owner))
    whole = mine.options(selectinload(ServiceRow.order)).execution_options(populate_existing=True)
    if (row := await session.scalar(whole)) is None:
        raise ServiceNotFound(service_id=service_id)
    return row


async def lock(session: AsyncSession, *, service_id: UUID) -> ServiceRow:
    """A service with its order as it is now, for one transaction's own.

    For workflows, and for who has asked whose it is.
    """
    whole = (selectinload(ServiceRow.order),)
    return await session.get_one(
        ServiceRow, service_id, options=whole, with_for_update={"of": ServiceRow}, populate_existing=True
    )


def held_by(titolare_id: UUID) -> ColumnElement[bool]:
    """The condition of one holder's services, for a page."""
    return ServiceRow.order.has(titolare_id=titolare_id)


def standing(status: ServiceStatus, *, on: date) -> ColumnElement[bool]:
    """The condition of services that have a status on a civil day, as `status_on` says, for a page."""
    row, is_over = ServiceRow, ServiceRow.expires_on < on
    has_ended = (row.status == ServiceStatus.TERMINATED) | (row.expires_on < on - GRACE)
    match status:
        case ServiceStatus.ACTIVE:
            return (row.status == ServiceStatus.ACTIVE) & ~is_over
        case ServiceStatus.SUSPENDED:
            return ((row.status == ServiceStatus.SUSPENDED) | is_over) & ~has_ended
        case ServiceStatus.TERMINATED:
            return has_ended
        case _:
            assert_never(status)


async def of_order(session: AsyncSession, *, order_id: UUID) -> ServiceRow:
    """The service that an active order has left."""
    return (await session.scalars(select(ServiceRow).where(ServiceRow.order_id == order_id))).one()


async def expiries(session: AsyncSession, *, order_ids: Collection[UUID]) -> dict[UUID, date]:
    """When the services that some active orders have left expire, by order. For steps."""
    found = select(ServiceRow.order_id, ServiceRow.expires_on).where(ServiceRow.order_id.in_(order_ids))
    return {order: day for order, day in await session.execute(found)}  # noqa: C416 - rows are no pairs


async def page(
    session: AsyncSession,
    *conditions: ColumnElement[bool],
    owner: Owner,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[ServiceRow]:
    """Services that meet all conditions, with their orders, newest first, older than `before` (activation and id)."""
    mine = select(ServiceRow).where(own(ServiceRow.partner_id, owner), *conditions)
    older = mine if before is None else mine.where(tuple_(ServiceRow.activated_at, ServiceRow.id) < before)
    newest_first = older.order_by(ServiceRow.activated_at.desc(), ServiceRow.id.desc()).limit(limit)
    return list(await session.scalars(newest_first.options(selectinload(ServiceRow.order))))


async def renewing(session: AsyncSession, *, partner_id: UUID, until: date) -> list[Service]:
    """A partner's services that renew themselves and expire by a day."""
    mine = select(ServiceRow).where(ServiceRow.partner_id == partner_id, _renewing(until))
    return [row.service for row in await session.scalars(mine)]


async def partners_renewing(session: AsyncSession, *, until: date) -> list[UUID]:
    """Partners who have such services. For the sweep."""
    return list(await session.scalars(select(ServiceRow.partner_id).where(_renewing(until)).distinct()))


def _renewing(until: date) -> ColumnElement[bool]:
    tacit = (ServiceRow.status == ServiceStatus.ACTIVE) & (ServiceRow.renewal_mode == RenewalMode.AUTOMATIC)
    return tacit & (ServiceRow.expires_on <= until)


async def partners_due(session: AsyncSession, *, on: date, after: UUID | None, limit: int) -> list[UUID]:
    """The next partners (by id) for whose services the sweep of a day has something to do. For the sweep."""
    due = select(ServiceRow.partner_id).where(ServiceRow.next_due_on <= on).distinct()
    rest = due if after is None else due.where(ServiceRow.partner_id > after)
    return list(await session.scalars(rest.order_by(ServiceRow.partner_id).limit(limit)))


async def due(session: AsyncSession, *, partner_id: UUID, on: date) -> Sequence[ServiceRow]:
    """A partner's services for which the sweep of a day has something to do, for one transaction's own, by id."""
    mine = select(ServiceRow).where(ServiceRow.partner_id == partner_id, ServiceRow.next_due_on <= on)
    whole = mine.options(selectinload(ServiceRow.order)).order_by(ServiceRow.id).with_for_update(of=ServiceRow)
    return (await session.scalars(whole)).all()


async def untold(session: AsyncSession, *, after: UUID | None, limit: int) -> list[UUID]:
    """The next services (by id) of which the provider hasn't heard the latest. For the dispatch."""
    waiting = select(ServiceRow.id).where(ServiceRow.wanted.is_distinct_from(ServiceRow.told))
    rest = waiting if after is None else waiting.where(ServiceRow.id > after)
    return list(await session.scalars(rest.order_by(ServiceRow.id).limit(limit)))


async def measurable(session: AsyncSession, *, on: date, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """The next services (id and order, by id) whose use wasn't measured on a day. For the poll."""
    living = ServiceRow.status != ServiceStatus.TERMINATED
    unmeasured = (ServiceRow.measured_on.is_(None)) | (ServiceRow.measured_on < on)
    waiting = select(ServiceRow.id, ServiceRow.order_id).where(living, unmeasured)
    rest = waiting if after is None else waiting.where(ServiceRow.id > after)
    return [(service, order) for service, order in await session.execute(rest.order_by(ServiceRow.id).limit(limit))]
