"""What waits for whom, by deadline; and the credit."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from context import Now, Session
from db import ledger, orders, users
from db.users import UserRow
from domain.calendar import rome_day
from domain.users import Right
from front import forecasts
from front.paging import ByNumber, cut
from panel.rendering import done, page
from panel.visitors import AnyVisitor, Buyer

router = APIRouter()


@router.get("/")
async def show(
    request: Request, who: AnyVisitor, session: Session, now: Now, paging: Annotated[ByNumber, Query()]
) -> Response:
    """The first page after the sign-in: a partner's own, or, for operators, whose move has been awaited longest."""
    skip, limit = paging.before or 0, paging.limit + 1
    if who.partner_id is None:
        overdue = await orders.most_overdue(session, skip=skip, limit=limit)
        waiting, since = [row for row, _ in overdue], {row.id: at for row, at in overdue}
        balance_cents, ahead = None, None
    else:
        waiting, since = await orders.waiting(session, owner=who.owner, skip=skip, limit=limit), None
        balance_cents = await ledger.balance_cents(session, partner_id=who.partner_id)
        ahead = await forecasts.gather(session, partner_id=who.partner_id, on=rome_day(now))
    shown, next_ = cut(waiting, paging.limit, mark=lambda _: str(skip + paging.limit))
    return page(
        request,
        "home",
        who=who,
        waiting=shown,
        next=next_,
        since=since,
        balance_cents=balance_cents,
        ahead=ahead,
        counts=await orders.by_status(session, owner=who.owner),
        draft=(await session.get_one(UserRow, who.id)).draft if Right.ORDERS in who.rights else None,
    )


@router.post("/bozza/lascia")
async def leave_draft(who: Buyer, session: Session) -> Response:
    """*Lo lasci perdere*: home offers it no more."""
    await users.forget_draft(session, user_id=who.id)
    return done("/")
