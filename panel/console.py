"""*Partner*: the operator's view of every partner, their credit, and a look at the panel as they see it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from context import Now, Session
from db import acts, entries, ledger, partners, users
from db.acts import ActKind, ActRow
from db.ledger import TransferRow
from db.partners import PartnerRow
from db.users import SessionRow
from domain import effects
from domain.errors import PartnerNotFound
from domain.identifiers import LongText, Text
from domain.words import euro
from front.errors import NoSuchResource
from front.paging import ByTime, cut
from panel.fields import Sought, cents_of, visible
from panel.people import ROLES
from panel.rendering import done, page
from panel.visitors import HOME, AnyVisitor, Operator, Visitor, operator
from panel.words import istante

router = APIRouter(prefix="/partner")
MOST = 50
LATEST = 10
REASON: TypeAdapter[str] = TypeAdapter(LongText)
REFERENCE: TypeAdapter[str] = TypeAdapter(Text)
NO_REASON = "Scriva il motivo, al massimo 2000 caratteri: il partner lo potrà leggere."
NO_AMOUNT = "Scriva un importo come 1.250,00."
NO_REFERENCE = "Scriva il riferimento del bonifico, al massimo 200 caratteri."
USED = "Già usato il {at} per una ricarica di {amount}."


@router.get("")
async def search(request: Request, who: Operator, session: Session, q: Sought = "") -> Response:
    """All of them, by name, each with its credit."""
    rows = await ledger.partners_with_credit(session, words=q, limit=MOST)
    return page(request, "partners", who=who, rows=rows, q=q, most=MOST)


@router.post("/fine-consultazione")
async def stop_viewing(who: AnyVisitor, session: Session) -> Response:
    """An operator again."""
    here = await session.get_one(SessionRow, who.session_id)
    here.viewed_partner_id = None
    await session.commit()
    return RedirectResponse(f"{HOME}/", 303)


async def _one(partner_id: UUID, who: Operator, session: Session) -> PartnerRow:  # noqa: ARG001 - who is checked
    """A partner. Raises NoSuchResource."""
    try:
        row = await partners.get(session, partner_id=partner_id)
    except PartnerNotFound:
        raise NoSuchResource from None
    await session.commit()
    return row


One = Annotated[PartnerRow, Depends(_one)]


@router.get("/{partner_id}")
async def show(
    request: Request, partner: One, who: Operator, session: Session, paging: Annotated[ByTime, Query()]
) -> Response:
    """Credit, latest movements, people, and what was done about them, the latest first."""
    rows = await acts.of_partner(session, partner_id=partner.id, before=paging.before, limit=paging.limit + 1)
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return page(
        request,
        "partner",
        who=who,
        partner=partner,
        balance_cents=await ledger.balance_cents(session, partner_id=partner.id),
        movements=await entries.page(session, partner_id=partner.id, before=None, limit=LATEST),
        people=await users.of_partner(session, partner_id=partner.id),
        acts=shown,
        next=next_,
        roles=ROLES,
    )


@router.get("/{partner_id}/ricarica")
async def ask_to_top_up(
    request: Request,
    partner: One,
    who: Operator,
    session: Session,
    importo: Annotated[str, Query(max_length=20)] = "",
    riferimento: Annotated[str, Query(max_length=400)] = "",
    motivo: Annotated[str, Query(max_length=4_000)] = "",
    key: UUID | None = None,
) -> Response:
    """How much, by which transfer, and why; then what it will do, or that it was done.

    The key stands in the address, so that reload and back are no second top-up.
    """
    key, errors = key or uuid4(), dict[str, str]()
    cents, reference, reason = cents_of(importo), _text(REFERENCE, visible(riferimento)), _text(REASON, motivo)
    paid = await ledger.paid_with(session, reference=reference) if reference else None
    if paid is not None and paid.subject_id == _top_up_id(partner, who, key=key, cents=cents, reference=reference):
        return _topped_up_already(request, partner, who, paid)
    if importo or riferimento or motivo:
        errors |= {} if cents else {"importo": NO_AMOUNT}
        errors |= {} if reference else {"riferimento": NO_REFERENCE}
        errors |= {"riferimento": USED.format(at=istante(paid.at), amount=euro(paid.amount_cents))} if paid else {}
        errors |= {} if reason else {"motivo": NO_REASON}
    words: dict[str, Any] = {"partner": partner, "amount": importo, "reason": motivo, "key": key}
    words["reference"] = reference or riferimento  # what is confirmed is what was checked
    words["effect"] = effects.of_top_up(amount_cents=cents) if cents and not errors else None
    words["balance_cents"] = await ledger.balance_cents(session, partner_id=partner.id)
    return page(request, "top_up", who=who, status=422 if errors else 200, cents=cents, errors=errors, **words)


def _top_up_id(partner: PartnerRow, who: Visitor, *, key: UUID, cents: int | None, reference: str | None) -> UUID:
    return uuid5(who.id, f"panel:{key}:{partner.id}:{cents}:{reference}")


def _topped_up_already(request: Request, partner: PartnerRow, who: Visitor, paid: TransferRow) -> Response:
    """For who comes back: another top-up has another key."""
    words = f"La ricarica è stata registrata il {istante(paid.at)}: {euro(paid.amount_cents)}, {paid.reference}."
    way_on = f"/partner/{partner.id}/ricarica", "Nuova ricarica"
    return page(request, "error", status=409, who=who, title="Già fatto", words=words, way_on=way_on)


@router.post("/{partner_id}/ricarica")
async def top_up(
    partner: One,
    who: Operator,
    session: Session,
    now: Now,
    key: Annotated[UUID, Form()],
    cents: Annotated[int, Form(gt=0, lt=100_000_000_000)],
    reference: Annotated[Text, Form()],
    reason: Annotated[LongText, Form()],
) -> Response:
    """Booked, once: another amount under the same key is another top-up. Raises ReferenceAlreadyUsed."""
    top_up_id = _top_up_id(partner, who, key=key, cents=cents, reference=reference)
    await ledger.top_up(
        session,
        top_up_id=top_up_id,
        partner_id=partner.id,
        amount_cents=cents,
        reference=reference,
        at=now,
    )
    told = f"{euro(cents)}, {reference}: {reason}"
    await acts.record(session, _act(ActKind.TOP_UP, top_up_id, partner, who, at=now, reason=told))
    await session.commit()
    return done(f"/partner/{partner.id}")


@router.get("/{partner_id}/consulta")
async def ask_to_view(request: Request, partner: One, who: Operator) -> Response:
    """The panel as the partner sees it: why."""
    return _view_page(request, partner, who)


@router.post("/{partner_id}/consulta")
async def view(
    request: Request, partner_id: UUID, who: AnyVisitor, session: Session, now: Now, reason: Annotated[str, Form()] = ""
) -> Response:
    """Looking only; it is written down, and the partner may read it. Who looks already goes on."""
    if who.is_guest and who.partner_id == partner_id:
        return RedirectResponse(f"{HOME}/", 303)
    partner = await _one(partner_id, operator(who), session)
    if (words := _text(REASON, reason)) is None:
        return _view_page(request, partner, who, error=NO_REASON, reason=reason)
    await acts.record(session, _act(ActKind.VIEW, uuid4(), partner, who, at=now, reason=words))
    here = await session.get_one(SessionRow, who.session_id)
    here.viewed_partner_id = partner.id
    await session.commit()
    return RedirectResponse(f"{HOME}/", 303)


def _act(kind: ActKind, act_id: UUID, partner: PartnerRow, who: Visitor, *, at: datetime, reason: str) -> ActRow:
    return ActRow(id=act_id, partner_id=partner.id, user_id=who.id, kind=kind, at=at, reason=reason)


def _view_page(
    request: Request, partner: PartnerRow, who: Visitor, *, error: str | None = None, reason: str = ""
) -> Response:
    status = 422 if error else 200
    return page(request, "partner_view", who=who, status=status, partner=partner, error=error, reason=reason)


def _text(kind: TypeAdapter[str], given: str) -> str | None:
    try:
        return kind.validate_python(given)
    except ValidationError:
        return None
