"""*Titolari*: the address book; picked by the wizard, or registered on the way."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Query, Request, Response

from context import Now, Session
from db import titolari
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.titolari import Kind, Titolare, can_order
from domain.users import Right
from front.field_words import ITALIAN
from front.paging import ByTime, cut
from panel.errands import Errand, For
from panel.fields import Sought
from panel.permissions import why_not_as_partner
from panel.rendering import done, page
from panel.titolare_form import (
    ACTIVITIES,
    CHOICES,
    CHOSEN,
    DATES,
    FIELDS,
    KINDS,
    LEGAL_REPRESENTATIVES,
    SEXES,
    Wrong,
    beside,
    fields,
    is_optional,
    read,
    typed_in,
    version,
)
from panel.visitors import AnyVisitor, Buyer, Visitor, partner_id

router = APIRouter(prefix="/titolari")
CONFLICT = 409


class Search(ByTime):
    """Which titolari: words in names, tax ids or PEC."""

    q: Sought = ""


@router.get("")
async def search(request: Request, wish: Annotated[Search, Query()], who: AnyVisitor, session: Session) -> Response:
    """The list, newest first."""
    rows = await titolari.page(session, owner=who.owner, q=wish.q or None, before=wish.before, limit=wish.limit + 1)
    shown, next_ = cut(rows, wish.limit, mark=lambda row: f"{row.created_at.isoformat()}|{row.id}")
    shut = why_not_as_partner(who, Right.ORDERS)
    return page(request, "titolari", who=who, rows=shown, next=next_, wish=wish, why_not=shut)


@router.get("/nuovo")
async def choose_kind(request: Request, who: Buyer, errand: For) -> Response:
    """*Nuovo*: first of which kind, since each is asked for other things."""
    kinds = {kind: words for kind, words in KINDS.items() if errand.per is None or can_order(kind)}
    return page(request, "titolare_kind", who=who, kinds=kinds, entry=errand.per)


@router.get("/nuovo/{kind}")
async def ask(request: Request, kind: Kind, who: Buyer, errand: For) -> Response:
    """The empty form."""
    return _form(request, kind, who, errand, Wrong({}, {}), status=200)


@router.post("/nuovo/{kind}")
async def register(request: Request, kind: Kind, who: Buyer, session: Session, now: Now, errand: For) -> Response:
    """*Conferma*, and on with whoever waits for them. The form, sent twice, is one; with other data, another."""
    typed = await _typed(request)
    titolare = _read(kind, typed, now, errand)
    if isinstance(titolare, Wrong):
        return _form(request, kind, who, errand, titolare, status=422)
    row_id = uuid5(partner_id(who), f"titolare:{typed.get('wish', uuid4())}:{version(titolare)}")
    row = TitolareRow(id=row_id, partner_id=partner_id(who), created_at=now, titolare=titolare)
    await titolari.add(session, row)
    await session.commit()
    return done(errand.then(row_id))


async def _typed(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _read(kind: Kind, typed: dict[str, str], now: datetime, errand: Errand) -> Titolare | Wrong:
    """The titolare, born by now, and with all that who waits for them needs; or what is wrong."""
    titolare = read(kind, typed)
    if isinstance(titolare, Wrong):
        return titolare
    if titolare.birth and titolare.birth.date > rome_day(now):
        return Wrong({"birth.date": ITALIAN["not_born_yet"]}, typed)
    missing = [beside((field,)) for field in errand.needed(kind) if not getattr(titolare, field)]
    return Wrong(dict.fromkeys(missing, ITALIAN["missing"]), typed) if missing else titolare


@router.get("/{titolare_id}/modifica")
async def ask_to_change(request: Request, titolare_id: UUID, who: Buyer, session: Session, errand: For) -> Response:
    """The form, filled in. The kind stays."""
    row = await titolari.read(session, titolare_id=titolare_id, owner=who.owner)
    known = Wrong({}, {**typed_in(row.titolare), "seen": version(row.titolare)})
    return _form(request, row.titolare.kind, who, errand, known, status=200, row=row)


@router.post("/{titolare_id}/modifica")
async def change(request: Request, titolare_id: UUID, who: Buyer, session: Session, now: Now, errand: For) -> Response:
    """Written anew, unless somebody else was first; and on with who waits for them. Orders keep them as they were."""
    typed = await _typed(request)
    row = await titolari.lock(session, titolare_id=titolare_id, owner=who.owner)
    titolare = _read(row.titolare.kind, typed, now, errand)
    if isinstance(titolare, Wrong):
        return _form(request, row.titolare.kind, who, errand, titolare, status=422, row=row)
    if titolare != row.titolare and typed.get("seen") != version(row.titolare):
        known = Wrong({}, {**typed, "seen": version(row.titolare)})
        return _form(request, titolare.kind, who, errand, known, status=409, row=row)
    row.titolare = titolare
    await session.commit()
    return done(errand.then(titolare_id))


@router.get("/{titolare_id}")
async def show(request: Request, titolare_id: UUID, who: AnyVisitor, session: Session) -> Response:
    """One of them."""
    row = await titolari.read(session, titolare_id=titolare_id, owner=who.owner)
    shut = why_not_as_partner(who, Right.ORDERS)
    return page(
        request,
        "titolare",
        who=who,
        row=row,
        kind_words=KINDS,
        activity_words=ACTIVITIES,
        sex_words=SEXES,
        of_a_body=row.titolare.kind in LEGAL_REPRESENTATIVES,
        why_not=shut,
    )


def _form(
    request: Request,
    kind: Kind,
    who: Visitor,
    errand: Errand,
    wrong: Wrong,
    *,
    status: int,
    row: TitolareRow | None = None,
) -> Response:
    return page(
        request,
        "titolare_form",
        status=status,
        who=who,
        kind=kind,
        kind_words=KINDS[kind],
        back=errand.back(row.id if row else None),
        labels=FIELDS | CHOICES,
        fields=fields(kind),
        optional={
            name
            for name in (*fields(kind), *CHOSEN)
            if is_optional(name, kind) and name.partition(".")[0] not in errand.needed(kind)
        },
        chosen=CHOSEN,
        dates=DATES,
        of_a_body=kind in LEGAL_REPRESENTATIVES,
        errors=wrong.errors,
        entered=wrong.entered,
        row=row,
        wish=wrong.entered.get("wish") or uuid4(),
        was_changed=status == CONFLICT,
    )
