"""*Responsabili*: who keeps and who produces, chosen among the titolari."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from context import Session, Temporal
from db import titolari
from domain.orders import Assignment
from domain.titolari import NATURAL_PERSONS
from panel.fields import Sought
from panel.order import Order
from panel.rendering import page
from panel.visitors import HOME, OrderKeeper
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}/responsabili")
MOST = 100


@router.get("")
async def choose(request: Request, order: Order, who: OrderKeeper, session: Session, q: Sought = "") -> Response:
    """The two roles; both may be the same person."""
    rows = await titolari.page(session, owner=order.partner_id, q=q or None, before=None, limit=MOST)
    people = [row for row in rows if row.titolare.kind in NATURAL_PERSONS]
    present = {one.role: one.titolare_id for one in order.responsabili}
    return page(request, "responsabili", who=who, order=order, people=people, present=present, q=q)


@router.post("")
async def assign(
    order: Order,
    who: OrderKeeper,
    temporal: Temporal,
    conservazione: Annotated[UUID, Form()],
    produzione: Annotated[UUID, Form()],
    internal: Annotated[bool, Form()] = False,  # noqa: FBT002 - a form's field
) -> Response:
    """*Conferma*. Raises ResponsabiliNotAssignable, ResponsabileNotEligible, OrderHeld."""
    chosen = Assignment(conservazione=conservazione, produzione=produzione, internal=internal, actor=who.actor)
    await client.assign_responsabili(temporal, order_id=order.id, assignment=chosen)
    return RedirectResponse(f"{HOME}/ordini/{order.id}", 303)
