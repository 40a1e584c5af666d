"""*Acquista DocFly PA* and *Nuovo*: the wizard, step by step.

Each step is an address that holds all that was chosen before: back, reload, a second tab and a session that ended
in between lose nothing; and the one that was seen last is kept, so that home can offer to take it up again. The
confirming step's address makes the order's id: a second click is the same order, and so is one more after going back.
"""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from context import Now, Session, Temporal, context
from db import ledger, orders, partners, prices, titolari, users
from db.orders import OrderRow
from domain.calendar import rome_day
from domain.orders import Order
from domain.prices import quote
from domain.products import (
    LONGEST_TERM_YEARS,
    DocflyOptions,
    DocflyPaOptions,
    Product,
    RenewalMode,
    StarterKit,
)
from domain.titolari import missing_to_order
from domain.words import euro
from panel.fields import Sought
from panel.rendering import done, page
from panel.visitors import HOME, Buyer, Visitor, partner_id
from panel.words import istante
from workflows import client

router = APIRouter()
MOST = 50


class Entry(StrEnum):
    """The two entries of the menu, as their addresses call them."""

    DOCFLY_PA = "docfly-pa"
    DOCFLY = "docfly"

    @property
    def product(self) -> Product:
        """What is bought there."""
        return Product[self.name]

    @property
    def needs_activity(self) -> bool:
        """Whether the titolare's *attività svolta* is asked for."""
        return self is Entry.DOCFLY_PA


Count = Annotated[int, Field(ge=0, le=10_000)]


class Wish(BaseModel):
    """What was chosen so far, as texts of an address; the options of both products."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    titolare: UUID
    renewal_years: Annotated[int, Field(ge=1, le=10)] = 1
    renewal_mode: RenewalMode = RenewalMode.AUTOMATIC
    extra_gb: Count = 0
    starter_kit: StarterKit = StarterKit.KIT_1GB
    extra_users: Count = 0
    extra_archives: Count = 0
    extra_definitions: Count = 0
    key: UUID | None = None
    """Of the confirming step: another key is another order."""

    def options(self, product: Product) -> DocflyPaOptions | DocflyOptions:
        """What of it is the product's."""
        kind = DocflyPaOptions if product is Product.DOCFLY_PA else DocflyOptions
        chosen = self.model_dump(include=set(kind.model_fields))
        chosen["renewal_years"] = min(self.renewal_years, LONGEST_TERM_YEARS[product])
        return kind(product=product, **chosen)


class Confirmed(Wish):
    """What is ordered."""

    key: UUID


Chosen = Annotated[Wish, Query()]


@router.get("/{entry}/acquista")
async def choose_titolare(request: Request, entry: Entry, who: Buyer, session: Session, q: Sought = "") -> Response:
    """Step one: for whom. One of the address book, or a new one."""
    rows = await titolari.page(session, owner=who.owner, q=q or None, before=None, limit=MOST)
    return page(request, "buy_titolare", who=who, entry=entry, rows=rows, q=q, most=MOST)


@router.get("/{entry}/acquista/opzioni")
async def choose_options(request: Request, entry: Entry, who: Buyer, session: Session, wish: Chosen) -> Response:
    """Step two: *Dati Titolare selezionati*, *Tipologia Rinnovo*, *Starter Kit*."""
    return await _step(request, "buy_options", who, session, entry=entry, wish=wish)


@router.get("/{entry}/acquista/extra")
async def choose_extras(request: Request, entry: Entry, who: Buyer, session: Session, wish: Chosen) -> Response:
    """Step three: further users, archives, definitions."""
    return await _step(request, "buy_extras", who, session, entry=entry, wish=wish)


@router.get("/{entry}/acquista/conferma")
async def confirm(request: Request, entry: Entry, who: Buyer, session: Session, now: Now, wish: Chosen) -> Response:
    """The last step: what it costs, and what the credit will be; or that it was ordered.

    Where a titolare may have several, nothing else would tell a repeat from a second order: so the key stands in the
    address, for reload and back.
    """
    if wish.key is None:
        return RedirectResponse(f"{request.url.path}?{request.url.query}&key={uuid4()}", 303)
    for placed in await orders.some(session, ids=[_order_id(who, wish.key)], owner=who.owner):
        await _drop_draft(session, who, entry=entry, wish=wish)  # kept, if nobody heard that it was placed
        return _ordered_already(request, who, placed)
    price = quote(wish.options(entry.product), under=await prices.in_force(session, on=rome_day(now)))
    balance_cents = await ledger.balance_cents(session, partner_id=partner_id(who))
    words = {"price": price, "balance_cents": balance_cents}
    return await _step(request, "buy_confirm", who, session, entry=entry, wish=wish, **words)


def _order_id(who: Visitor, key: UUID) -> UUID:
    return uuid5(partner_id(who), f"panel:{key}")


def _ordered_already(request: Request, who: Visitor, placed: OrderRow) -> Response:
    """For who comes back: another order has another key."""
    at, total = istante(placed.placed_at), euro(placed.price.total_cents)
    words = f"L'ordine {placed.number} è stato inserito il {at}: {total}."
    way_on = f"/ordini/{placed.id}", "Apra l'ordine"
    return page(request, "error", status=409, who=who, title="Già fatto", words=words, way_on=way_on)


@router.post("/{entry}/acquista/conferma")
async def place(
    entry: Entry,
    who: Buyer,
    session: Session,
    temporal: Temporal,
    wish: Annotated[Confirmed, Query()],
    expected_total_cents: Annotated[int, Form()],
) -> Response:
    """*Conferma*: charged, and the contracts on their way; or nothing at all.

    Each click asks anew: what has refused the last one may be mended, and an order that stands is left as it is.
    Raises TitolareNotFound, TitolareMayNotOrder, NoPriceList, PriceChanged, DuplicateOpenOrder, InsufficientCredit.
    """
    partner = await partners.get(session, partner_id=partner_id(who))
    await session.commit()  # no connection is held while the workflow thinks
    order = Order(
        order_id=_order_id(who, wish.key),
        partner_id=partner.id,
        titolare_id=wish.titolare,
        options=wish.options(entry.product),
        expected_total_cents=expected_total_cents,
        reminder_days=tuple(partner.reminder_days),
    )
    await client.place_order(temporal, order=order, request_id=uuid4())
    await _drop_draft(session, who, entry=entry, wish=wish)
    then = "/responsabili" if entry is Entry.DOCFLY else ""  # which the guide asks for at once
    return done(f"/ordini/{order.order_id}{then}")


async def _drop_draft(session: AsyncSession, who: Visitor, *, entry: Entry, wish: Wish) -> None:
    await users.drop_draft(session, user_id=who.id, of=f"{HOME}/{entry}/acquista/", titolare_id=wish.titolare)


async def _step(
    request: Request, template: str, who: Visitor, session: Session, *, entry: Entry, wish: Wish, **words: Any
) -> Response:
    """One of the steps; or, instead of any, what the titolare still lacks."""
    holder = (await titolari.read(session, titolare_id=wish.titolare, owner=who.owner)).titolare
    missing = missing_to_order(holder, needs_activity=entry.needs_activity)
    if missing is not None:
        return page(request, "buy_incomplete", who=who, entry=entry, wish=wish, holder=holder, missing=missing)
    one_docfly = context(request).one_docfly_per_partita_iva
    other = await orders.live(session, live_key=orders.live_key_of(entry.product, holder, one_docfly=one_docfly))
    if other is None:  # else there is nothing to take up again: it may be the very order, gone back from
        await users.keep_draft(session, user_id=who.id, draft=f"{request.url.path}?{request.url.query}")
    return page(
        request,
        template,
        who=who,
        entry=entry,
        wish=wish,
        chosen=wish.model_dump(mode="json", exclude={"key"}),
        options=wish.options(entry.product),
        holder=holder,
        duplicate=other if other is not None and other.partner_id == who.partner_id else None,
        longest=LONGEST_TERM_YEARS[entry.product],
        modes=list(RenewalMode),
        kits=list(StarterKit),
        **words,
    )
