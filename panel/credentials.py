"""*Invia di nuovo le credenziali*: a new one-time link for the responsabile della conservazione."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from context import Now, Session, Temporal
from db.orders import OrderRow
from domain.mails import MailKind
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
    number: Annotated[int, Form(ge=1)],
    reason: Reason = "",
) -> Response:
    """One more mail; the form, sent twice, is one. Raises TooEarlyToResend, TooManyResends."""
    if missing(reason, who):
        return _page(request, order, who, error=NO_REASON, reason=reason)
    async with operators_note(session, reason, who) as note:
        wish = CredentialMail(order_id=order.id, number=min(number, _next(order)), actor=who.actor, note_id=note)
        await client.mail_credentials(temporal, wish=wish)
    return done(f"/ordini/{order.id}")


def _page(request: Request, order: OrderRow, who: Visitor, *, error: str | None = None, reason: str = "") -> Response:
    (person,) = [one.titolare for one in order.responsabili if one.role is Role.CONSERVAZIONE]
    words = {"order": order, "person": person, "number": _next(order), "error": error, "reason": reason}
    return page(request, "credentials", who=who, status=422 if error else 200, **words)


def _next(order: OrderRow) -> int:
    """Which mail of credentials would be the next, if nobody is quicker."""
    return 1 + sum(mail.kind is MailKind.CREDENTIALS for mail in order.mails)
