"""An order's page: where it stands, what may be done, and its tabs."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from context import Now, Session
from db import contracts, documents, orders, timeline
from db.orders import OrderRow
from db.timeline import EventRow
from domain import lifecycle, services
from domain.calendar import rome_day
from domain.erasure import is_pseudonym
from domain.errors import DomainError, OrderHeld, TooEarlyToResend
from domain.lifecycle import Action
from domain.mails import MailKind
from domain.resends import why_no_extension
from domain.service_errors import RenewalTooEarly
from domain.services import ServiceAction, why_no_renewal
from domain.users import Right
from domain.words import giorno
from front.permissions import refusals, why_no_credentials
from front.problems import PROBLEMS
from panel.permissions import why_not as why_only_look
from panel.permissions import why_not_as_partner
from panel.rendering import page, part
from panel.visitors import AnyVisitor, Seated, Visitor
from panel.words import istante, where_it_stands

router = APIRouter(prefix="/ordini/{order_id}")
TO_OPERATORS = {MailKind.ORDER_HELD, MailKind.ACTIVATION_FAILED}
"""Mails that go to our own people, too."""


async def own_order(order_id: UUID, who: Seated, session: Session) -> OrderRow:
    """The order, if it is the visitor's. Raises OrderNotFound."""
    row = await orders.get(session, order_id=order_id, owner=who.owner)
    await session.commit()  # no connection is held while a workflow thinks
    return row


Order = Annotated[OrderRow, Depends(own_order)]


@router.get("")
async def show(request: Request, order: Order, who: AnyVisitor, session: Session, now: Now) -> Response:
    """All of it."""
    present = state(order, who, await _events(order, who, session), now=now)
    return page(request, "order", who=who, order=order, **present, **await _papers(order, who, session))


@router.get("/stato")
async def follow(order: Order, who: AnyVisitor, session: Session, now: Now, visto: str = "") -> Response:
    """What of it changes by itself, for a page that is open; nothing while it is as that page has seen it."""
    present = state(order, who, await _events(order, who, session), now=now)
    if present["seen"] == visto:
        return Response(status_code=204)
    return part("order_change", who=who, order=order, **present, **await _papers(order, who, session))


async def _events(order: OrderRow, who: Visitor, session: AsyncSession) -> list[EventRow]:
    """Its story, the oldest first."""
    events = await timeline.of_order(session, order_id=order.id, owner=who.owner)
    return sorted(events, key=lambda event: (event.at, event.seq))


def state(order: OrderRow, who: Visitor, events: list[EventRow], *, now: datetime) -> dict[str, Any]:
    """Where it stands, for each action None or why not, and what happened."""
    judged = refusals(order, who, now=now)
    only_look, spend_nothing = why_only_look(who, Right.ORDERS), why_not_as_partner(who, Right.ORDERS)
    spent, kept = _what_costs(order, now=now), _what_costs_nothing(order, who, now=now)
    today = rome_day(now)
    present = {
        "stands": where_it_stands(order, today=today),
        "of_service": {action: _said(refusal) or spend_nothing for action, refusal in spent.items()}
        | {action: _said(refusal) or only_look for action, refusal in kept.items()},
        "why_not": {action: _said(refusal) or only_look for action, refusal in (judged | _of_contacts(order)).items()},
    }
    told = [event.seq for event in events]
    seen = sha256(repr((order.status, order.held_at, present, told)).encode()).hexdigest()[:16]
    return {**present, "events": events, "seen": seen, "today": today, "Action": Action}


async def _papers(order: OrderRow, who: Visitor, session: AsyncSession) -> dict[str, Any]:
    """What the story links to or names; none of it comes or goes without an event."""
    return {
        "names": await documents.names(session, order_id=order.id, owner=who.owner),
        "contracts": await contracts.of_order(session, order_id=order.id),
        "recipients": _recipients(order, who),
    }


def _recipients(order: OrderRow, who: Visitor) -> dict[str, str]:
    """Addresses by the mail's id: nobody's when the titolare was erased, and ours for ourselves only."""
    if is_pseudonym(order.titolare):
        return {}
    return {str(mail.id): mail.to for mail in order.mails if who.is_operator or mail.kind not in TO_OPERATORS}


def _said(refusal: DomainError | None) -> str | None:
    return None if refusal is None else why_not(refusal)


def _of_contacts(order: OrderRow) -> dict[Action, DomainError | None]:
    """The two that help a titolare who hasn't decided."""
    refusal = lifecycle.why_not(Action.EXTEND, order.status)
    held = OrderHeld() if order.held_at is not None else None
    too_long = why_no_extension(placed_at=order.placed_at, accept_by=order.accept_by + timedelta(days=1))
    return {Action.EXTEND: refusal or too_long, Action.CORRECT_CONTACTS: refusal or held}


def _what_costs(order: OrderRow, *, now: datetime) -> dict[str, DomainError | None]:
    """Renewing and buying space: None, or what would refuse it now; neither while there is no service."""
    if order.service is None:
        return {}
    service, today = order.service.service, rome_day(now)
    return {
        "rinnova": why_no_renewal(service, years=1, expires_on=service.expires_on, on=today),
        "acquista-spazio": services.why_not(ServiceAction.BUY_SPACE, service, on=today),
    }


def _what_costs_nothing(order: OrderRow, who: Visitor, *, now: datetime) -> dict[str, DomainError | None]:
    """The same of another way to be renewed, and of the credentials."""
    if order.service is None:
        return {}
    return {
        "modo-rinnovo": services.why_not(ServiceAction.CHANGE_RENEWAL, order.service.service, on=rome_day(now)),
        "credenziali": why_no_credentials(order, who, now=now),
    }


def why_not(refusal: DomainError) -> str:
    """In Italian; with the instant, where waiting helps."""
    if isinstance(refusal, TooEarlyToResend):
        return f"Si può inviare di nuovo dal {istante(refusal.can_resend_at)}."
    if isinstance(refusal, RenewalTooEarly):
        return f"Si può rinnovare dal {giorno(refusal.renewable_from)}."
    return PROBLEMS[type(refusal)].titolo
