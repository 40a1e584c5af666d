"""*Storage DocFly*: the space of every service."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from context import Session
from db import services
from front.paging import ByDay, cut
from panel.rendering import page
from panel.visitors import AnyVisitor

router = APIRouter(prefix="/storage")


@router.get("")
async def show(request: Request, who: AnyVisitor, session: Session, paging: Annotated[ByDay, Query()]) -> Response:
    """Newest first."""
    rows = await services.page(session, owner=who.owner, before=paging.before, limit=paging.limit + 1)
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.starts_on.isoformat()}|{row.id}")
    return page(request, "storage", who=who, rows=shown, next=next_)
