"""Every list as a table: all of it, page by page, as long as it is."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from context import Process
from db import orders, titolari
from db.base import Owner
from db.orders import OrderRow
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.products import Product
from domain.titolari import display_name
from domain.words import PRODUCT_NAMES, STATUS_LABELS, giorno, importo
from front.tables import BOM, lines, plain
from panel.rendering import UNKEPT
from panel.titolare_form import KINDS
from panel.visitors import AnyVisitor
from panel.words import SERVICE_LABELS

router = APIRouter(prefix="/esporta")
AT_ONCE = 500

R = TypeVar("R")
Row = tuple[str, ...]
Next = Callable[[AsyncSession, R | None], Awaitable[Sequence[R]]]
"""Some more rows of a list, those after one."""

ORDER = ("Numero", "Prodotto", "Titolare", "Stato", "Inserito", "Importo")
TITOLARE = ("Tipo", "Nome", "Codice fiscale", "Partita IVA", "E-mail", "PEC")
STORAGE = ("Ordine", "Prodotto", "Titolare", "Stato", "Scade", "GB", "Byte usati")


@router.get("/{entry}.csv")
async def save(
    entry: Literal["docfly-pa", "docfly", "titolari", "storage"], who: AnyVisitor, made: Process
) -> StreamingResponse:
    """A list of the visitor's, newest first."""
    match entry:
        case "titolari":
            rows = _all(made, TITOLARE, _titolare, _titolari(who.owner))
        case "storage":
            rows = _all(made, STORAGE, _stored, _orders(who.owner))
        case product:
            of_product = OrderRow.product == Product(product.replace("-", "_"))
            rows = _all(made, ORDER, _order, _orders(who.owner, of_product))
    headers = {"Content-Disposition": f'attachment; filename="{entry}.csv"', **UNKEPT}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


async def _all(made: Process, headings: Row, tell: Callable[[Any], Row], more: Next[Any]) -> AsyncIterator[str]:
    """A connection is held no longer than for one page."""
    yield BOM + lines([headings])
    last = None
    while True:
        async with made.sessions() as session:
            rows = await more(session, last)
        yield lines(map(tell, rows))
        if len(rows) < AT_ONCE:
            return
        last = rows[-1]


def _orders(owner: Owner, *conditions: ColumnElement[bool]) -> Next[OrderRow]:
    async def more(session: AsyncSession, last: OrderRow | None) -> list[OrderRow]:
        before = None if last is None else (last.placed_at, last.id)
        parts = (OrderRow.service,)
        return await orders.page(session, *conditions, owner=owner, before=before, limit=AT_ONCE, parts=parts)

    return more


def _titolari(owner: Owner) -> Next[TitolareRow]:
    async def more(session: AsyncSession, last: TitolareRow | None) -> list[TitolareRow]:
        before = None if last is None else (last.created_at, last.id)
        return await titolari.page(session, owner=owner, q=None, before=before, limit=AT_ONCE)

    return more


def _order(row: OrderRow) -> Row:
    words = (PRODUCT_NAMES[row.product], plain(display_name(row.titolare)), STATUS_LABELS[row.status])
    return (row.number, *words, giorno(rome_day(row.placed_at)), importo(row.price.total_cents))


def _titolare(row: TitolareRow) -> Row:
    one = row.titolare
    words = (display_name(one), one.codice_fiscale, one.partita_iva, one.email, one.pec)
    return (KINDS[one.kind], *(plain(word or "") for word in words))


def _stored(row: OrderRow) -> Row:
    words = (row.number, PRODUCT_NAMES[row.product], plain(display_name(row.titolare)))
    if (service := row.service) is None:
        return (*words, STATUS_LABELS[row.status], "", str(row.options.quotas.gb), "")
    gb, used = str(service.service.quotas.gb), str(service.used_bytes)
    return (*words, SERVICE_LABELS[service.status], giorno(service.expires_on), gb, used)
