"""The buttons of an order's page, each with its confirming step, which says what it will do.

A second click meets what the first has done. An operator always says why.
"""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from context import Session, Temporal
from db import ledger, mails, notes
from db.orders import OrderRow
from domain import effects
from domain.effects import Effect
from domain.errors import OrderHeld, OrderNotHeld
from domain.identifiers import LongText
from domain.lifecycle import Action, Status, cancel_reason, check
from domain.mails import MailKind
from domain.orders import Cancellation, Recipient, Release, Resend, Retry
from panel.order import Order
from panel.rendering import page
from panel.visitors import HOME, Operator, OrderKeeper, Visitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
NO_REASON = "Scriva il motivo, al massimo 2000 caratteri."
REASON: TypeAdapter[str] = TypeAdapter(LongText)

Reason = Annotated[str, Form()]
To = Annotated[Recipient, Form()]


@router.get("/invia-email")
async def ask_to_resend(request: Request, order: Order, who: OrderKeeper) -> Response:
    """*Invia Email Accettazione Contratti*: to which address."""
    return _resend_page(request, order, who)


@router.post("/invia-email")
async def resend(
    request: Request,
    order: Order,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    to: To,
    wish: Annotated[UUID, Form()],
    reason: Reason = "",
) -> Response:
    """One more contract mail; the form, sent twice, is one.

    Raises NotAwaitingDocuments, OrderHeld, TooEarlyToResend, TooManyResends.
    """
    note = await _note(session, reason) if who.is_operator else None
    if who.is_operator and note is None:
        return _resend_page(request, order, who, to=to, error=NO_REASON, reason=reason)
    resend = Resend(to=to, actor=who.actor, note_id=note)
    await client.resend_contracts(temporal, order_id=order.id, wish=resend, request_id=wish)
    return _back(order)


def _resend_page(
    request: Request,
    order: OrderRow,
    who: Visitor,
    *,
    to: Recipient = Recipient.PEC,
    error: str | None = None,
    reason: str = "",
) -> Response:
    check(Action.RESEND, order.status)
    if order.held_at is not None:
        raise OrderHeld
    words: dict[str, Any] = {"order": order, "to": to, "wish": uuid4(), "error": error, "reason": reason}
    return page(request, "resend", who=who, status=422 if error else 200, effect=effects.of_resend(), **words)


@router.get("/cancella")
async def ask_to_cancel(request: Request, order: Order, who: OrderKeeper, session: Session) -> Response:
    """*Cancella Richiesta Attivazione*: what it does, and why it is done."""
    check(Action.CANCEL, order.status)
    return await _confirm(request, "cancel", order, who, session)


@router.post("/cancella")
async def cancel(
    request: Request, order: Order, who: OrderKeeper, session: Session, temporal: Temporal, reason: Reason = ""
) -> Response:
    """Order off, credit back. Raises OrderNotCancellable."""
    if (note := await _note(session, reason)) is None:
        return await _confirm(request, "cancel", order, who, session, error=NO_REASON, reason=reason)
    cancellation = Cancellation(reason=cancel_reason(who.actor, order.status), actor=who.actor, note_id=note)
    await client.cancel_order(temporal, order_id=order.id, cancellation=cancellation)
    return _back(order)


@router.get("/sblocca")
async def ask_to_release(request: Request, order: Order, who: Operator, session: Session) -> Response:
    """End the hold of an order whose titolare didn't know the partner: why."""
    if order.held_at is None or order.status is not Status.AWAITING_DOCUMENTS:
        raise OrderNotHeld
    return await _confirm(request, "release", order, who, session)


@router.post("/sblocca")
async def release(
    request: Request, order: Order, who: Operator, session: Session, temporal: Temporal, reason: Reason = ""
) -> Response:
    """It goes on where it stood. Raises OrderNotHeld."""
    if (note := await _note(session, reason)) is None:
        return await _confirm(request, "release", order, who, session, error=NO_REASON, reason=reason)
    await client.release_order(temporal, order_id=order.id, release=Release(note_id=note))
    return _back(order)


@router.get("/riprova")
async def ask_to_retry(request: Request, order: Order, who: Operator, session: Session) -> Response:
    """Have the provider asked again: why."""
    check(Action.RETRY_ACTIVATION, order.status)
    return await _confirm(request, "retry", order, who, session)


@router.post("/riprova")
async def retry(
    request: Request, order: Order, who: Operator, session: Session, temporal: Temporal, reason: Reason = ""
) -> Response:
    """Once more. Raises NotActivationFailed."""
    if (note := await _note(session, reason)) is None:
        return await _confirm(request, "retry", order, who, session, error=NO_REASON, reason=reason)
    await client.retry_activation(temporal, order_id=order.id, retry=Retry(note_id=note))
    return _back(order)


async def _confirm(
    request: Request,
    template: str,
    order: OrderRow,
    who: Visitor,
    session: AsyncSession,
    *,
    error: str | None = None,
    reason: str = "",
) -> Response:
    words: dict[str, Any] = {"order": order, "error": error, "reason": reason}
    words["effect"] = await _effect(template, order, session)
    words["balance_cents"] = await ledger.balance_cents(session, partner_id=order.partner_id)
    return page(request, template, who=who, status=422 if error else 200, **words)


async def _effect(template: str, order: OrderRow, session: AsyncSession) -> Effect:
    match template:
        case "cancel":
            was_mailed = await mails.has_gone_out(session, order_id=order.id, kind=MailKind.CONTRACT_ACCEPTANCE)
            return effects.of_cancellation(charged_cents=order.price.total_cents, titolare_was_mailed=was_mailed)
        case "release":
            return effects.of_release()
        case _:
            return effects.of_retry()


async def _note(session: AsyncSession, reason: str) -> UUID | None:
    """People's words, kept apart, since they never enter a history; None if there are none, or too many."""
    try:
        words = REASON.validate_python(reason)
    except ValidationError:
        return None
    note = await notes.keep(session, text=words)
    await session.commit()
    return note


def _back(order: OrderRow) -> Response:
    return RedirectResponse(f"{HOME}/ordini/{order.id}", 303)
