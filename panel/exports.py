"""Every list as a table for a spreadsheet: what its page shows, all of it, as long as it is."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from context import Now, Process
from db import acts, documents, entries, ledger, mails, orders, partners, renewals, space, titolari, users
from db.base import EVERY_PARTNER
from db.connection import Sessions
from db.entries import Entry
from db.orders import OrderRow
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.products import Product
from front.tables import BOM, lines, plain
from panel import columns, console, post
from panel.columns import Columns
from panel.fields import Sought
from panel.order import Order
from panel.orders import Wish, conditions
from panel.rendering import UNKEPT
from panel.titolari import Search
from panel.visitors import AnyVisitor, OfPartner, Operator, Visitor, partner_id

router = APIRouter()
AT_ONCE = 500
_AMOUNT = re.compile(r"-?[0-9.]+,[0-9]{2}")
"""No formula, whatever it begins with."""

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Table(Generic[R]):
    """A list of which somebody may have all."""

    columns: Columns[R]
    page: Callable[..., Awaitable[Sequence[R]]]
    """Some rows, at most `limit`, of those after `before`; of a list without marks all of them."""
    mark: Callable[[R], Any] | None = None
    """What `before` says of a row."""


def _orders(product: Product) -> Callable[..., Table[OrderRow]]:
    def table(who: AnyVisitor, wish: Wish) -> Table[OrderRow]:
        page = _where(orders.page, *conditions(wish, product, who), owner=who.owner, parts=())
        return Table(columns=_of_whom(who, columns.ORDER), page=page, mark=_placed)

    return table


def _storage(who: AnyVisitor, now: Now) -> Table[OrderRow]:
    page = partial(orders.page, owner=who.owner, parts=(OrderRow.service,))
    return Table(columns=_of_whom(who, columns.storage(rome_day(now))), page=page, mark=_placed)


def _of_titolare(order: Order, who: AnyVisitor, now: Now) -> Table[OrderRow]:
    held = OrderRow.titolare_id == order.titolare_id
    page = _where(orders.page, held, owner=who.owner, parts=(OrderRow.service,))
    return Table(columns=columns.storage(rome_day(now)), page=page, mark=_placed)


def _titolari(who: AnyVisitor, wish: Annotated[Search, Query()]) -> Table[TitolareRow]:
    page = partial(titolari.page, owner=who.owner, q=wish.q or None)
    return Table(columns=_of_whom(who, columns.TITOLARE), page=page, mark=lambda row: (row.created_at, row.id))


def _of_service(told: Columns[Any], page: Callable[..., Awaitable[Sequence[Any]]]) -> Callable[..., Table[Any]]:
    def table(order: Order, who: AnyVisitor) -> Table[Any]:
        if order.service is None:
            return Table(columns=told, page=_none)
        return Table(columns=told, page=partial(page, service_id=order.service.id, owner=who.owner), mark=_moment)

    return table


def _documents(order: Order, who: AnyVisitor) -> Table[Any]:
    page = partial(documents.page, order_id=order.id, owner=who.owner)
    return Table(columns=columns.DOCUMENT, page=page, mark=_moment)


def _movements(who: OfPartner) -> Table[Entry]:
    page = partial(entries.page, partner_id=partner_id(who))
    return Table(columns=columns.MOVEMENT, page=page, mark=lambda entry: entry.row.seq)


def _users(who: OfPartner) -> Table[Any]:
    return Table(columns=columns.USER, page=_whole(users.of_partner, partner_id=partner_id(who)))


def _keys(who: OfPartner) -> Table[Any]:
    return Table(columns=columns.KEY, page=_whole(partners.keys, partner_id=partner_id(who)))


def _acts_about_us(who: OfPartner) -> Table[Any]:
    page = partial(acts.of_partner, partner_id=partner_id(who))
    return Table(columns=columns.ACT, page=page, mark=_moment)


def _partners(who: Operator, q: Sought = "") -> Table[Any]:  # noqa: ARG001 - who is checked
    return Table(columns=columns.PARTNER, page=_whole(ledger.partners_with_credit, words=q, limit=None))


def _movements_of(partner: console.One) -> Table[Entry]:
    page = partial(entries.page, partner_id=partner.id)
    return Table(columns=columns.MOVEMENT, page=page, mark=lambda entry: entry.row.seq)


def _acts_of(partner: console.One) -> Table[Any]:
    page = partial(acts.of_partner, partner_id=partner.id)
    return Table(columns=columns.ACT | columns.OPERATOR, page=page, mark=_moment)


def _mails(who: Operator, wish: Annotated[post.Search, Query()]) -> Table[Any]:  # noqa: ARG001 - who is checked
    page = partial(mails.page, owner=EVERY_PARTNER, words=wish.q, state=wish.stato)
    return Table(columns=columns.MAIL, page=page, mark=_moment)


LISTS: dict[str, Callable[..., Table[Any]]] = {
    "/docfly-pa": _orders(Product.DOCFLY_PA),
    "/docfly": _orders(Product.DOCFLY),
    "/storage": _storage,
    "/titolari": _titolari,
    "/credito": _movements,
    "/utenti": _users,
    "/interventi": _acts_about_us,
    "/chiavi": _keys,
    "/ordini/{order_id}/rinnovi": _of_service(columns.RENEWAL, renewals.page),
    "/ordini/{order_id}/spazio": _of_service(columns.SPACE, space.page),
    "/ordini/{order_id}/documenti": _documents,
    "/ordini/{order_id}/associazione-storage": _of_titolare,
    "/partner": _partners,
    "/partner/{partner_id}/movimenti": _movements_of,
    "/partner/{partner_id}/interventi": _acts_of,
    "/email": _mails,
}
"""By address: most are their page's own, and asked for by the same words."""


def _saving(table: Callable[..., Table[Any]]) -> Callable[..., Awaitable[StreamingResponse]]:
    async def save(request: Request, made: Process, wanted: Annotated[Table[Any], Depends(table)]) -> StreamingResponse:
        name = request.url.path.rpartition("/")[2]
        headers = {"Content-Disposition": f'attachment; filename="{name}"', **UNKEPT}
        return StreamingResponse(text(made.sessions, wanted), media_type="text/csv; charset=utf-8", headers=headers)

    return save


for address, listed in LISTS.items():
    router.add_api_route(f"{address}.csv", _saving(listed))


async def text(sessions: Sessions, wanted: Table[Any], *, at_once: int = AT_ONCE) -> AsyncIterator[str]:
    """The whole file. A connection is held no longer than for one page."""
    yield BOM + lines([tuple(wanted.columns)])
    before = None
    while True:
        async with sessions() as session:
            rows = await wanted.page(session, before=before, limit=at_once)
        yield lines(tuple(_cell(tell(row)) for tell in wanted.columns.values()) for row in rows)
        if wanted.mark is None or len(rows) < at_once:
            return
        before = wanted.mark(rows[-1])


def _cell(words: str | None) -> str:
    return words if words and _AMOUNT.fullmatch(words) else plain(words or "")


def _of_whom(who: Visitor, told: Columns[R]) -> Columns[R]:
    """With the partner before the rest, for who sees everybody's."""
    whose: Mapping[str, Callable[[Any], str]] = {"Partner": lambda row: row.partner.name}
    return {**whose, **told} if who.is_operator else told


def _where(
    page: Callable[..., Awaitable[Sequence[R]]], *those: Any, **how: Any
) -> Callable[..., Awaitable[Sequence[R]]]:
    return lambda session, **place: page(session, *those, **how, **place)


def _whole(read: Callable[..., Awaitable[Sequence[R]]], **how: Any) -> Callable[..., Awaitable[Sequence[R]]]:
    return lambda session, **_: read(session, **how)


async def _none(*_: Any, **__: Any) -> Sequence[Any]:
    return ()


def _moment(row: Any) -> Any:
    return row.at, row.id


def _placed(row: OrderRow) -> Any:
    return row.placed_at, row.id
