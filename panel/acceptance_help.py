"""Help for a titolare who hasn't decided yet: other addresses, more time. And, once they have, the proof."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from context import Now, Session, Temporal
from db.orders import OrderRow
from domain.lifecycle import Action, check
from domain.orders import Extension
from domain.resends import LONGEST_ACCEPTANCE_TIME
from domain.titolari import Contacts
from front import contacts
from front.downloads import attachment
from front.field_words import italian
from front.proof import archive
from panel.order import Order
from panel.rendering import UNKEPT, page
from panel.visitors import HOME, AnyVisitor, OrderKeeper
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
MOST_DAYS = 90

Address = Annotated[str, Form(max_length=300)]


@router.get("/indirizzi")
async def ask_for_contacts(request: Request, order: Order, who: OrderKeeper) -> Response:
    """The addresses that were frozen into the order."""
    check(Action.CORRECT_CONTACTS, order.status)
    entered = {"email": order.titolare.email, "pec": order.titolare.pec or ""}
    return page(request, "contacts", who=who, order=order, entered=entered, errors={})


@router.post("/indirizzi")
async def correct(
    request: Request,
    order: Order,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    email: Address = "",
    pec: Address = "",
) -> Response:
    """A new mail at once, and the older link is dead. Raises NotAwaitingDocuments, OrderHeld, TooManyResends."""
    entered = {"email": email, "pec": pec}
    try:
        wanted = Contacts.model_validate(entered)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        errors = {str(problem["loc"][0]): italian(problem) for problem in problems}
        return page(request, "contacts", status=422, who=who, order=order, entered=entered, errors=errors)
    await contacts.correct(order, wanted, session=session, temporal=temporal, actor=who.actor)
    return _back(order)


@router.get("/proroga")
async def ask_to_extend(request: Request, order: Order, who: OrderKeeper) -> Response:
    """How many days more."""
    check(Action.EXTEND, order.status)
    latest = order.placed_at + LONGEST_ACCEPTANCE_TIME
    return page(request, "extend", who=who, order=order, latest=latest, most=MOST_DAYS, wish=uuid4())


@router.post("/proroga")
async def extend(
    order: Order,
    who: OrderKeeper,
    temporal: Temporal,
    days: Annotated[int, Form(ge=1, le=MOST_DAYS)],
    wish: Annotated[UUID, Form()],
) -> Response:
    """More time; the form, sent twice, gives it once. Raises ExtensionTooLong."""
    extension = Extension(days=days, actor=who.actor)
    await client.extend_acceptance(temporal, order_id=order.id, extension=extension, request_id=wish)
    return _back(order)


@router.get("/prova.zip")
async def proof(order: Order, who: AnyVisitor, session: Session, now: Now) -> Response:
    """What proves the acceptance, in one ZIP. Raises NotAccepted, ReceiptPending."""
    content = await archive(session, order, owner=who.owner, at=now)
    headers = attachment(f"{order.number}.zip", media_type="application/zip", size_bytes=len(content))
    return Response(content, headers={**headers, **UNKEPT})


def _back(order: OrderRow) -> Response:
    return RedirectResponse(f"{HOME}/ordini/{order.id}", 303)
