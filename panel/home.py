"""What waits for whom, by deadline; and the credit."""

from fastapi import APIRouter, Request, Response

from context import Session
from db import ledger, orders
from panel.rendering import page
from panel.visitors import AnyVisitor

router = APIRouter()
MOST = 20


@router.get("/")
async def show(request: Request, who: AnyVisitor, session: Session) -> Response:
    """The first page after the sign-in."""
    waiting = await orders.waiting(session, owner=who.owner, limit=MOST)
    balance_cents = None
    if who.partner_id is not None:
        balance_cents = await ledger.balance_cents(session, partner_id=who.partner_id)
    return page(
        request,
        "home",
        who=who,
        waiting=waiting,
        balance_cents=balance_cents,
    )
