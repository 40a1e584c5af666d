"""The statement as a table that Italian spreadsheets open: `;`, UTF-8 with BOM, `1.234,50`, gg/mm/aaaa."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from domain.calendar import ROME, rome_day
from domain.statements import Movement, Statement, last_day
from domain.words import CAUSE_NAMES, giorno, importo

HEADINGS = ("Data", "Causale", "Ordine", "Riferimento", "Motivo", "Importo", "Saldo", "Movimento")
_FORMULA = re.compile(r"(^|[,;|\t\"'])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet may see a formula: at a cell's start, also of a cell that another separator makes."""

Row = tuple[str, ...]


def statement_csv(of: Statement) -> bytes:
    """Opening balance, movements, closing balance, sums. Every row has every column."""
    table = StringIO()
    csv.writer(table, delimiter=";", quoting=csv.QUOTE_MINIMAL).writerows((HEADINGS, *_rows(of)))
    return table.getvalue().encode("utf-8-sig")


def _rows(of: Statement) -> Iterator[Row]:
    yield _row(giorno(of.month), "Saldo iniziale", saldo=importo(of.opening_cents))
    for movement, left in zip(of.movements, of.balances_cents, strict=True):
        yield _movement(movement, saldo=importo(left))
    yield _closing(of)
    for total in of.sums:
        yield _row("", f"Totale {CAUSE_NAMES[total.cause].lower()}", amount=importo(total.cents))


def _movement(movement: Movement, *, saldo: str) -> Row:
    words = (movement.order_number, movement.reference, movement.reason)
    return (
        giorno(rome_day(movement.at)),
        CAUSE_NAMES[movement.cause],
        *(_plain(word or "") for word in words),
        importo(movement.amount_cents),
        saldo,
        str(movement.id),
    )


def _closing(of: Statement) -> Row:
    saldo = importo(of.closing_cents)
    if of.interim_at is None:
        return _row(giorno(last_day(of.month)), "Saldo finale", saldo=saldo)
    return _row(
        giorno(rome_day(of.interim_at)), f"Saldo provvisorio alle {of.interim_at.astimezone(ROME):%H:%M}", saldo=saldo
    )


def _row(day: str, label: str, *, amount: str = "", saldo: str = "") -> Row:
    return (day, label, "", "", "", amount, saldo, "")


def _plain(words: str) -> str:
    """Somebody's words on one line, which no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'\3", " ".join(words.split()))
