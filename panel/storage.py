"""*Storage DocFly*: all orders, and the space of those that have become services."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from context import Now, Session
from db import orders
from db.orders import OrderRow
from domain.calendar import rome_day
from front.paging import ByTime, cut
from panel.rendering import page
from panel.visitors import AnyVisitor

router = APIRouter(prefix="/storage")


@router.get("")
async def show(
    request: Request, who: AnyVisitor, session: Session, now: Now, paging: Annotated[ByTime, Query()]
) -> Response:
    """Newest first; its number opens an order's card."""
    parts = (OrderRow.service,)
    rows = await orders.page(session, owner=who.owner, before=paging.before, limit=paging.limit + 1, parts=parts)
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.placed_at.isoformat()}|{row.id}")
    return page(request, "storage", who=who, rows=shown, next=next_, today=rome_day(now))
