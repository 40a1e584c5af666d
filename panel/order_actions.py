"""The buttons of an order's page, each with its confirming step. A second click meets what the first has done."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from context import Session, Temporal
from db import notes
from db.orders import OrderRow
from domain.identifiers import LongText
from domain.lifecycle import Action, cancel_reason, check
from domain.orders import Cancellation, Recipient, Release, Resend
from panel.order import Order
from panel.rendering import page
from panel.visitors import HOME, AnyVisitor, Operator
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
NO_REASON = "Scriva il motivo, al massimo 2000 caratteri."
REASON: TypeAdapter[str] = TypeAdapter(LongText)


@router.get("/invia-email")
async def ask_to_resend(request: Request, order: Order, who: AnyVisitor) -> Response:
    """*Invia Email Accettazione Contratti*: to which address."""
    return page(request, "resend", who=who, order=order)


@router.post("/invia-email")
async def resend(order: Order, who: AnyVisitor, temporal: Temporal, to: Annotated[Recipient, Form()]) -> Response:
    """One more contract mail. Raises NotAwaitingDocuments, OrderHeld, TooEarlyToResend, TooManyResends."""
    await client.resend_contracts(temporal, order_id=order.id, wish=Resend(to=to, actor=who.actor))
    return _back(order)


@router.get("/cancella")
async def ask_to_cancel(request: Request, order: Order, who: AnyVisitor) -> Response:
    """*Cancella Richiesta Attivazione*: what it does, and why it is done."""
    check(Action.CANCEL, order.status)
    return page(request, "cancel", who=who, order=order, error=None, reason="")


@router.post("/cancella")
async def cancel(
    request: Request,
    order: Order,
    who: AnyVisitor,
    session: Session,
    temporal: Temporal,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Order off, credit back. Raises OrderNotCancellable."""
    if (note := await _note(session, reason)) is None:
        return page(request, "cancel", status=422, who=who, order=order, error=NO_REASON, reason=reason)
    cancellation = Cancellation(reason=cancel_reason(who.actor, order.status), actor=who.actor, note_id=note)
    await client.cancel_order(temporal, order_id=order.id, cancellation=cancellation)
    return _back(order)


@router.get("/sblocca")
async def ask_to_release(request: Request, order: Order, who: Operator) -> Response:
    """End the hold of an order whose titolare didn't know the partner: why."""
    return page(request, "release", who=who, order=order, error=None, reason="")


@router.post("/sblocca")
async def release(
    request: Request,
    order: Order,
    who: Operator,
    session: Session,
    temporal: Temporal,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """It goes on where it stood. Raises OrderNotHeld."""
    if (note := await _note(session, reason)) is None:
        return page(request, "release", status=422, who=who, order=order, error=NO_REASON, reason=reason)
    await client.release_order(temporal, order_id=order.id, release=Release(note_id=note))
    return _back(order)


@router.get("/riprova")
async def ask_to_retry(request: Request, order: Order, who: Operator) -> Response:
    """Have the provider asked again."""
    return page(request, "retry", who=who, order=order)


@router.post("/riprova")
async def retry(order: Order, who: Operator, temporal: Temporal) -> Response:  # noqa: ARG001 - who is checked
    """Once more. Raises NotActivationFailed."""
    await client.retry_activation(temporal, order_id=order.id)
    return _back(order)


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
