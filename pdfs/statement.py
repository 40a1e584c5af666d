"""The statement as pages."""

from domain.calendar import ROME, end_of_day, rome_day
from domain.statements import Movement, Statement, last_day
from domain.words import CAUSE_NAMES, euro, giorno, importo, mese
from pdfs.rows import Row
from pdfs.typeset import typeset

VERSION = "2026-11"


def statement(of: Statement) -> bytes:
    """The *estratto conto* as PDF/A-2b. Of a month that is over it stays the same to the byte."""
    words = {
        "form": {"name": "estratto-conto", "title": "Estratto conto", "version": VERSION},
        "number": mese(of.month),
        "interim": of.interim_at and f"{of.interim_at.astimezone(ROME):%d/%m/%Y alle %H:%M}",
        "summary": _summary(of),
        "sums": [(CAUSE_NAMES[one.cause], str(one.movements), importo(one.cents)) for one in of.sums],
        "movements": [
            (giorno(rome_day(one.at)), CAUSE_NAMES[one.cause], _about(one), importo(one.amount_cents), importo(left))
            for one, left in zip(of.movements, of.balances_cents, strict=True)
        ],
    }
    return typeset("estratto-conto", at=of.interim_at or end_of_day(last_day(of.month)), words=words)


def _about(movement: Movement) -> str:
    """What a movement was for."""
    order = movement.order_number and f"ordine {movement.order_number}"
    words = [order, movement.reference, movement.reason and " ".join(movement.reason.split())]
    return ": ".join(word for word in words if word)


def _summary(of: Statement) -> list[Row]:
    return [
        ("Partner", of.partner),
        ("Mese", mese(of.month)),
        ("Saldo iniziale", euro(of.opening_cents)),
        ("Movimenti", str(len(of.movements))),
        ("Saldo provvisorio" if of.interim_at else "Saldo finale", euro(of.closing_cents)),
    ]
