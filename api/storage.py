"""*Storage DocFly*: the space of every service; of one titolare's, *Associazione Storage*."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.answers import Named
from api.bodies import JsonRoute
from api.keys import AnyCaller
from api.service_answers import holder
from api.services import place
from context import Now, Session
from db import services
from db.services import ServiceRow
from domain.calendar import rome_day
from domain.products import Product
from domain.services import ServiceStatus, status_on
from front.paging import ByTime, Page, cut

router = APIRouter(prefix="/v1/storage", tags=["services"], route_class=JsonRoute)


class StoredOrder(BaseModel):
    """The order that a service came of."""

    id: UUID
    number: str
    product: Product


class StorageAnswer(BaseModel):
    """The space of a service: bought, used, and when it will be full at this pace."""

    service_id: UUID
    order: StoredOrder
    titolare: Named
    product: Product
    status: ServiceStatus
    expires_on: date
    bought_gb: int
    used_bytes: int
    full_on: date | None

    @classmethod
    def of(cls, row: ServiceRow, *, today: date) -> "StorageAnswer":
        """The row and its order, as it stands today."""
        order = row.order
        return cls(
            service_id=row.id,
            order=StoredOrder(id=order.id, number=order.number, product=order.product),
            titolare=holder(row),
            product=order.product,
            status=status_on(row.service, on=today),
            expires_on=row.expires_on,
            bought_gb=row.service.quotas.gb,
            used_bytes=row.used_bytes,
            full_on=row.full_on,
        )


class Filters(ByTime):
    """Whose services."""

    titolare_id: UUID | None = None


@router.get("")
async def search(
    filters: Annotated[Filters, Query()], caller: AnyCaller, session: Session, now: Now
) -> Page[StorageAnswer]:
    """Every service of the caller's, newest first."""
    conditions = [] if filters.titolare_id is None else [services.held_by(filters.titolare_id)]
    rows = await services.page(session, *conditions, owner=caller.owner, before=filters.before, limit=filters.limit + 1)
    shown, next_ = cut(rows, filters.limit, mark=place)
    return Page(items=[StorageAnswer.of(row, today=rome_day(now)) for row in shown], next=next_)
