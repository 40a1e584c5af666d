"""*Invia di nuovo le credenziali*: a new one-time link for the responsabile della conservazione."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Form, Request, Response

from context import Now, Session, Temporal
from db.orders import OrderRow
from domain.orders import CredentialMail, Role
from domain.service_errors import refuse
from front.errors import NoSuchResource
from front.permissions import why_no_credentials
from panel.order import Order
from panel.reasons import NO_REASON, Reason, missing, operators_note
from panel.rendering import done, page
from panel.visitors import OrderKeeper, Visitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}/credenziali")


async def _activated(order: Order, who: OrderKeeper) -> OrderRow:  # noqa: ARG001 - first of all, whether they may
    """The order, once it has credentials. Raises NoSuchResource."""
    if order.service is None:
        raise NoSuchResource
    return order


Activated = Annotated[OrderRow, Depends(_activated)]


@router.get("")
async def ask(request: Request, order: Activated, who: OrderKeeper, now: Now) -> Response:
    """To whom. Raises TooEarlyToResend, TooManyResends."""
    refuse(why_no_credentials(order, who, now=now))
    return _page(request, order, who)


@router.post("")
async def mail(
    request: Request,
    order: Activated,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    wish: Annotated[UUID, Form()],
    reason: Reason = "",
) -> Response:
    """One more mail; the form, sent twice, is one. Raises TooEarlyToResend, TooManyResends."""
    if missing(reason, who):
        return _page(request, order, who, error=NO_REASON, reason=reason)
    async with operators_note(session, reason, who) as note:
        request_id = uuid5(wish, reason)  # other words aren't the same form
        mail = CredentialMail(order_id=order.id, request_id=request_id, actor=who.actor, note_id=note)
        await client.mail_credentials(temporal, wish=mail)
    return done(f"/ordini/{order.id}")


def _page(request: Request, order: OrderRow, who: Visitor, *, error: str | None = None, reason: str = "") -> Response:
    (person,) = [one.titolare for one in order.responsabili if one.role is Role.CONSERVAZIONE]
    words = {"order": order, "person": person, "wish": uuid4(), "error": error, "reason": reason}
    return page(request, "credentials", who=who, status=422 if error else 200, **words)
