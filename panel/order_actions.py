"""The buttons of an order's page, each with its confirming step. A second click meets what the first has done."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from context import Session, Temporal
from db import notes
from db.orders import OrderRow
from domain.identifiers import LongText
from domain.lifecycle import cancel_reason
from domain.orders import Cancellation, Recipient, Resend
from panel.order import Order
from panel.rendering import page
from panel.visitors import HOME, AnyVisitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
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
    try:
        words = REASON.validate_python(reason)
    except ValidationError:
        error = "Scriva il motivo, al massimo 2000 caratteri."
        return page(request, "cancel", status=422, who=who, order=order, error=error, reason=reason)
    note = await notes.keep(session, text=words)  # people's words never enter a history
    await session.commit()
    cancellation = Cancellation(reason=cancel_reason(who.actor, order.status), actor=who.actor, note_id=note)
    await client.cancel_order(temporal, order_id=order.id, cancellation=cancellation)
    return _back(order)


def _back(order: OrderRow) -> Response:
    return RedirectResponse(f"{HOME}/ordini/{order.id}", 303)
