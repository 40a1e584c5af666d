"""The buttons of an order's page, each with its confirming step, which says what it will do.

A second click meets what the first has done. An operator always says why.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from context import Session, Temporal
from db import ledger, mails
from db.orders import OrderRow
from domain import effects
from domain.effects import Effect
from domain.errors import OrderHeld, OrderNotHeld, Rejected
from domain.lifecycle import CANCELLATIONS, Action, Status, cancel_reason, check
from domain.mails import MailKind
from domain.orders import Cancellation, Recipient, Release, Resend, Retry
from front.noted import noted
from panel.order import Order
from panel.reasons import NO_REASON, Reason, missing, operators_note, words_of
from panel.rendering import asked, done, page
from panel.visitors import Operator, OrderKeeper, Visitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
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
    if missing(reason, who):
        return _resend_page(request, order, who, to=to, error=NO_REASON, reason=reason)
    async with operators_note(session, reason, who) as note:
        resend = Resend(to=to, actor=who.actor, note_id=note)
        request_id = uuid5(wish, f"{to}:{reason}")  # another address, or other words, isn't the same form
        await client.resend_contracts(temporal, order_id=order.id, wish=resend, request_id=request_id)
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
    """Order off, credit back; or, while the provider takes its time to revoke, on its way to it.

    Raises OrderNotCancellable.
    """
    if (words := words_of(reason)) is None:
        return await _confirm(request, "cancel", order, who, session, error=NO_REASON, reason=reason)
    async with _unless(_is_cancelled, order, session), noted(session, text=words) as note:
        cancellation = Cancellation(reason=cancel_reason(who.actor, order.status), actor=who.actor, note_id=note)
        await client.cancel_order(temporal, order_id=order.id, cancellation=cancellation)
    await session.refresh(order)
    if order.status is Status.CANCELLED:
        return _back(order)
    check(Action.CANCEL, order.status)  # it may have gone live after all
    return asked(f"/ordini/{order.id}")


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
    if (words := words_of(reason)) is None:
        return await _confirm(request, "release", order, who, session, error=NO_REASON, reason=reason)
    async with _unless(_is_released, order, session), noted(session, text=words) as note:
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
    if (words := words_of(reason)) is None:
        return await _confirm(request, "retry", order, who, session, error=NO_REASON, reason=reason)
    async with _unless(_is_retried, order, session), noted(session, text=words) as note:
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


@asynccontextmanager
async def _unless(is_done: Callable[[OrderRow], bool], order: OrderRow, session: AsyncSession) -> AsyncIterator[None]:
    """What is refused because it is done already is no failure: the form came twice, or somebody else was first."""
    try:
        yield
    except Rejected:
        await session.refresh(order)
        if not is_done(order):
            raise


def _is_cancelled(order: OrderRow) -> bool:
    return order.status is Status.CANCELLED and order.reason in CANCELLATIONS


def _is_released(order: OrderRow) -> bool:
    return order.held_at is None


def _is_retried(order: OrderRow) -> bool:
    return order.status in (Status.ACTIVATING, Status.ACTIVE)


def _back(order: OrderRow) -> Response:
    return done(f"/ordini/{order.id}")
