"""*Titolari*: the address book; picked by the wizard, or registered on the way."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from context import Now, Session
from db import titolari
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.titolari import Kind, Titolare
from front.field_words import ITALIAN
from front.paging import ByTime, cut
from panel.buying import Entry
from panel.fields import Sought
from panel.rendering import page
from panel.titolare_form import CHOSEN, DATES, KINDS, LEGAL_REPRESENTATIVES, Wrong, fields, is_optional, read
from panel.visitors import HOME, AnyVisitor, Buyer, partner_id

router = APIRouter(prefix="/titolari")


class Search(ByTime):
    """Which titolari: words in names, tax ids or PEC."""

    q: Sought = ""


For = Annotated[Entry | None, Query(alias="per")]
"""The wizard that waits for a new titolare, if one does."""


@router.get("")
async def search(request: Request, wish: Annotated[Search, Query()], who: AnyVisitor, session: Session) -> Response:
    """The list, newest first."""
    rows = await titolari.page(session, owner=who.owner, q=wish.q or None, before=wish.before, limit=wish.limit + 1)
    shown, next_ = cut(rows, wish.limit, mark=lambda row: f"{row.created_at.isoformat()}|{row.id}")
    return page(request, "titolari", who=who, rows=shown, next=next_, wish=wish)


@router.get("/nuovo")
async def choose_kind(request: Request, who: Buyer, entry: For = None) -> Response:
    """*Nuovo*: first of which kind, since each is asked for other things."""
    return page(request, "titolare_kind", who=who, kinds=KINDS, entry=entry)


@router.get("/nuovo/{kind}")
async def ask(request: Request, kind: Kind, who: Buyer, entry: For = None) -> Response:
    """The empty form."""
    return _form(request, kind, who, entry, Wrong({}, {}), status=200)


@router.post("/nuovo/{kind}")
async def register(request: Request, kind: Kind, who: Buyer, session: Session, now: Now, entry: For = None) -> Response:
    """*Conferma*: the wizard goes on with them, or the list shows them."""
    entered = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    titolare = read(kind, entered)
    if isinstance(titolare, Titolare) and titolare.birth and titolare.birth.date > rome_day(now):
        titolare = Wrong({"birth.date": ITALIAN["not_born_yet"]}, entered)
    if isinstance(titolare, Wrong):
        return _form(request, kind, who, entry, titolare, status=422)
    row = TitolareRow(id=uuid4(), partner_id=partner_id(who), created_at=now, titolare=titolare)
    session.add(row)
    await session.commit()
    then = f"/{entry}/acquista/opzioni?titolare={row.id}" if entry else f"/titolari/{row.id}"
    return RedirectResponse(f"{HOME}{then}", 303)


@router.get("/{titolare_id}")
async def show(request: Request, titolare_id: UUID, who: AnyVisitor, session: Session) -> Response:
    """One of them."""
    row = await titolari.read(session, titolare_id=titolare_id, owner=who.owner)
    return page(request, "titolare", who=who, row=row, kind_words=KINDS)


def _form(request: Request, kind: Kind, who: Buyer, entry: Entry | None, wrong: Wrong, *, status: int) -> Response:
    return page(
        request,
        "titolare_form",
        status=status,
        who=who,
        kind=kind,
        kind_words=KINDS[kind],
        entry=entry,
        fields=fields(kind),
        optional={name for name in (*fields(kind), *CHOSEN) if name == "activity" or is_optional(name, kind)},
        chosen=CHOSEN,
        dates=DATES,
        of_a_body=kind in LEGAL_REPRESENTATIVES,
        errors=wrong.errors,
        entered=wrong.entered,
    )
