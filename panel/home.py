"""What waits for whom, by deadline; and the credit."""

from fastapi import APIRouter, Request, Response

from context import Session
from db import ledger, orders
from db.users import UserRow
from panel.rendering import page
from panel.visitors import AnyVisitor

router = APIRouter()
MOST = 20


@router.get("/")
async def show(request: Request, who: AnyVisitor, session: Session) -> Response:
    """The first page after the sign-in: a partner's own, or, for operators, whose move has been awaited longest."""
    if who.partner_id is None:
        overdue = await orders.most_overdue(session, limit=MOST)
        waiting, since, balance_cents = [row for row, _ in overdue], {row.id: at for row, at in overdue}, None
    else:
        waiting, since = await orders.waiting(session, owner=who.owner, limit=MOST), None
        balance_cents = await ledger.balance_cents(session, partner_id=who.partner_id)
    counts = await orders.by_status(session, owner=who.owner)
    draft = None if who.is_guest else (await session.get_one(UserRow, who.id)).draft
    return page(
        request, "home", who=who, waiting=waiting, since=since, balance_cents=balance_cents, counts=counts, draft=draft
    )
