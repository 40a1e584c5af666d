"""The statement as a table that Italian spreadsheets open: `;`, UTF-8 with BOM, `1.234,50`, gg/mm/aaaa."""

from collections.abc import Iterator

from domain.calendar import ROME, rome_day
from domain.statements import Movement, Statement, last_day
from domain.words import CAUSE_NAMES, giorno, importo
from front.tables import BOM, lines, plain

HEADINGS = ("Data", "Causale", "Ordine", "Riferimento", "Motivo", "Importo", "Saldo", "Movimento")
Row = tuple[str, ...]


def statement_csv(of: Statement) -> bytes:
    """Opening balance, movements, closing balance, sums. Every row has every column."""
    return (BOM + lines((HEADINGS, *_rows(of)))).encode()


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
        *(plain(word or "") for word in words),
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
