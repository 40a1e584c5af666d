"""Help for a titolare who hasn't decided yet: other addresses, more time. And, once they have, the proof."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from context import Now, Session, Temporal
from db.orders import OrderRow
from domain import effects
from domain.errors import ExtensionTooLong
from domain.lifecycle import Action, check
from domain.orders import Extension
from domain.resends import LONGEST_ACCEPTANCE_TIME, days_left
from domain.titolari import Contacts
from front import contacts
from front.downloads import attachment
from front.field_words import italian
from front.problems import PROBLEMS
from front.proof import archive
from panel.order import Order
from panel.reasons import Reason, missing, operators_note
from panel.rendering import UNKEPT, done, page
from panel.visitors import AnyVisitor, OrderKeeper, Visitor
from workflows import client

router = APIRouter(prefix="/ordini/{order_id}")
MOST_DAYS = 90
NO_DAYS = f"Scriva quanti giorni, da 1 a {MOST_DAYS}."
SUGGESTED = {"days": "15"}

Address = Annotated[str, Form(max_length=300)]


@router.get("/indirizzi")
async def ask_for_contacts(request: Request, order: Order, who: OrderKeeper) -> Response:
    """The addresses that were frozen into the order."""
    check(Action.CORRECT_CONTACTS, order.status)
    entered = {"email": order.titolare.email, "pec": order.titolare.pec or ""}
    return _contacts_page(request, order, who, entered=entered, errors={})


@router.post("/indirizzi")
async def correct(
    request: Request,
    order: Order,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    email: Address = "",
    pec: Address = "",
    reason: Reason = "",
) -> Response:
    """A new mail at once, and the older link is dead. Raises as `correct` does."""
    entered = {"email": email, "pec": pec, "reason": reason}
    wanted = _contacts(email=email, pec=pec)
    errors = missing(reason, who) | ({} if isinstance(wanted, Contacts) else wanted)
    if errors or not isinstance(wanted, Contacts):
        return _contacts_page(request, order, who, entered=entered, errors=errors)
    async with operators_note(session, reason, who) as note:
        await contacts.correct(order, wanted, session=session, temporal=temporal, actor=who.actor, note_id=note)
    return _back(order)


def _contacts(**entered: str) -> Contacts | dict[str, str]:
    """The addresses, or what is wrong with each."""
    try:
        return Contacts.model_validate(entered)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        return {str(problem["loc"][0]): italian(problem) for problem in problems}


def _contacts_page(
    request: Request, order: OrderRow, who: Visitor, *, entered: dict[str, str], errors: dict[str, str]
) -> Response:
    words = {"entered": entered, "errors": errors, "effect": effects.of_resend()}
    return page(request, "contacts", status=422 if errors else 200, who=who, order=order, **words)


@router.get("/proroga")
async def ask_to_extend(request: Request, order: Order, who: OrderKeeper) -> Response:
    """How many days more. Raises ExtensionTooLong if there are none left."""
    check(Action.EXTEND, order.status)
    return _extend_page(request, order, who)


@router.post("/proroga")
async def extend(
    request: Request,
    order: Order,
    who: OrderKeeper,
    session: Session,
    temporal: Temporal,
    wish: Annotated[UUID, Form()],
    days: Annotated[str, Form(max_length=20)] = "",
    reason: Reason = "",
) -> Response:
    """More time; the form, sent twice, gives it once. Raises ExtensionTooLong if there is none left."""
    entered = {"days": days, "reason": reason}
    wanted = int(days) if days.isascii() and days.isdigit() else 0
    errors = missing(reason, who) | ({} if 1 <= wanted <= MOST_DAYS else {"days": NO_DAYS})
    if errors:
        return _extend_page(request, order, who, entered=entered, errors=errors, status=422)
    try:
        async with operators_note(session, reason, who) as note:
            extension = Extension(days=wanted, actor=who.actor, note_id=note)
            request_id = uuid5(wish, f"{wanted}:{reason}")  # other days, or other words, aren't the same form
            await client.extend_acceptance(temporal, order_id=order.id, extension=extension, request_id=request_id)
    except ExtensionTooLong:
        errors = {"days": PROBLEMS[ExtensionTooLong].titolo}
        return _extend_page(request, order, who, entered=entered, errors=errors, status=409)
    return _back(order)


def _extend_page(
    request: Request,
    order: OrderRow,
    who: Visitor,
    *,
    entered: dict[str, str] = SUGGESTED,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    latest = order.placed_at + LONGEST_ACCEPTANCE_TIME
    if (most := min(MOST_DAYS, days_left(placed_at=order.placed_at, accept_by=order.accept_by))) < 1:
        raise ExtensionTooLong(latest=latest)
    words = {
        "entered": entered,
        "errors": errors or {},
        "latest": latest,
        "most": most,
        "effect": effects.of_extension(),
    }
    return page(request, "extend", status=status, who=who, order=order, wish=uuid4(), **words)


@router.get("/prova.zip")
async def proof(order: Order, who: AnyVisitor, session: Session, now: Now) -> Response:
    """What proves the acceptance, in one ZIP. Raises NotAccepted, ReceiptPending."""
    content = await archive(session, order, owner=who.owner, at=now)
    headers = attachment(f"{order.number}.zip", media_type="application/zip", size_bytes=len(content))
    return Response(content, headers={**headers, **UNKEPT})


def _back(order: OrderRow) -> Response:
    return done(f"/ordini/{order.id}")
