"""*Responsabili*: who keeps and who produces, chosen among the titolari.

One form looks for people and confirms them: what was chosen goes along with a search, and stays if it is refused.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from context import Session, Temporal
from db import titolari
from db.orders import OrderRow
from domain.errors import ResponsabileNotEligible
from domain.orders import Assignment, Role
from panel.fields import ABSENT_IF_EMPTY, Sought
from panel.order import Order
from panel.reasons import missing, operators_note
from panel.rendering import done, page
from panel.visitors import OrderKeeper, Visitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}/responsabili")
MOST = 100
ROLES = {Role.CONSERVAZIONE: "Responsabile della conservazione", Role.PRODUZIONE: "Responsabile della produzione"}
NOBODY = "Scelga una persona."
WHY_NOT = {
    "kind": "Non è una persona fisica: ne scelga una.",
    "pec": "Manca la PEC: la aggiunga tra i dati, poi confermi.",
    "birth": "Mancano i dati di nascita: li aggiunga, poi confermi.",
    "internal": "Di un ente pubblico i responsabili sono persone interne: lo dichiari qui, o ne scelga altri.",
}
"""By what a person lacks to be a responsabile."""

Person = Annotated[UUID | None, ABSENT_IF_EMPTY]


class Choice(BaseModel):
    """The form as it was sent: words to look for, who was chosen so far, and an operator's reason.

    `persona`: who was registered for this order just now.
    """

    q: Sought = ""
    conservazione: Person = None
    produzione: Person = None
    persona: Person = None
    internal: bool = False
    reason: str = ""

    def by_role(self) -> dict[Role, UUID]:
        """The roles that have somebody."""
        chosen = {Role.CONSERVAZIONE: self.conservazione, Role.PRODUZIONE: self.produzione}
        return {role: person for role, person in chosen.items() if person is not None}


@router.get("")
async def choose(
    request: Request, order: Order, who: OrderKeeper, session: Session, choice: Annotated[Choice, Query()]
) -> Response:
    """The two roles; both may be the same person."""
    return await _page(request, order, who, session, choice=choice)


@router.post("")
async def assign(
    request: Request,
    order: Order,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    choice: Annotated[Choice, Form()],
) -> Response:
    """*Conferma*. Raises ResponsabiliNotAssignable, TitolareNotFound, OrderHeld."""
    errors = missing(choice.reason, who) | dict.fromkeys(ROLES.keys() - choice.by_role(), NOBODY)
    if errors:
        return await _page(request, order, who, session, choice=choice, errors=errors)
    try:
        async with operators_note(session, choice.reason, who) as note:
            chosen = Assignment(**choice.model_dump(exclude={"q", "persona", "reason"}), actor=who.actor, note_id=note)
            await client.assign_responsabili(temporal, order_id=order.id, assignment=chosen)
    except ResponsabileNotEligible as refusal:
        field = "internal" if refusal.missing == "internal" else refusal.role
        return await _page(request, order, who, session, choice=choice, errors={field: WHY_NOT[refusal.missing]})
    return done(f"/ordini/{order.id}")


async def _page(
    request: Request,
    order: OrderRow,
    who: Visitor,
    session: AsyncSession,
    *,
    choice: Choice,
    errors: dict[str, str] | None = None,
) -> Response:
    """Whoever is found; and, found or not, who is chosen or holds a role already."""
    registered = {} if choice.persona is None else dict.fromkeys(ROLES, choice.persona)
    chosen = registered | {one.role: one.titolare_id for one in order.responsabili} | choice.by_role()
    kept = await titolari.some(session, ids=chosen.values(), owner=order.partner_id)
    found = await titolari.page(
        session, titolari.natural_persons(), owner=order.partner_id, q=choice.q or None, before=None, limit=MOST
    )
    return page(
        request,
        "responsabili",
        who=who,
        status=422 if errors else 200,
        order=order,
        roles=ROLES,
        found=found,
        people={row.id: row for row in (*kept, *found)}.values(),
        chosen=chosen,
        choice=choice,
        errors=errors or {},
        most=MOST,
    )
