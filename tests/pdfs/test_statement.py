"""The statement holds every movement, on as many pages as it takes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.ledger import Cause
from domain.statements import Movement, Statement
from pdfs.statement import statement
from tests.pdfs.reading import pages, places, squeezed, text
from tests.pdfs.samples import HOSTILE, LONG
from tests.pdfs.test_contracts import HIGHEST, WIDEST

AN_ID = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
HEADINGS = "DataCausaleDescrizioneImporto(€)Saldo(€)"


def moved(cause: Cause, cents: int, **facts: Any) -> Movement:
    return Movement(id=AN_ID, at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC), cause=cause, amount_cents=cents, **facts)


def of(*movements: Movement, **changes: Any) -> Statement:
    given = {"partner": "Studio Bianchi", "month": date(2026, 11, 1), "interim_at": None, "opening_cents": 100_000}
    return Statement(**{**given, "movements": movements, **changes})


def test_it_tells_balances_sums_and_movements() -> None:
    (page,) = pages(
        statement(
            of(
                moved(Cause.ORDER, -2_318, order_number="2026-000001"),
                moved(Cause.REFUND, 2_318, order_number="2026-000001"),
                moved(Cause.TOP_UP, 1_234_567, reference="CRO 123"),
                moved(Cause.CORRECTION, -50, reason="importo\r\nerrato"),
            )
        )
    )
    for words in (
        *("Mese di novembre 2026", "Studio Bianchi", "Saldo iniziale 1.000,00 €", "Saldo finale 13.345,17 €"),
        *("Ordine 1 -23,18", "Rimborso 1 23,18", "Ricarica 1 12.345,67", "Rettifica 1 -0,50"),
        "03/11/2026 Ordine ordine 2026-000001 -23,18 976,82",
        "03/11/2026 Ricarica CRO 123 12.345,67 13.345,67",
        "03/11/2026 Rettifica importo errato -0,50 13.345,17",
    ):
        assert squeezed(words) in page
    assert "Provvisorio" not in page


def test_a_month_that_is_not_over_says_so() -> None:
    page = text(statement(of(interim_at=datetime(2026, 11, 24, 18, 5, tzinfo=UTC))))
    assert "Provvisorio:ilmesenonèfinito.Movimentifinoal24/11/2026alle19:05" in page
    assert "Saldoprovvisorio1.000,00€" in page
    assert "Nessunmovimento" in page


def test_thousands_of_lines_have_headings_on_every_page() -> None:
    printed = pages(statement(of(*(moved(Cause.RENEWAL, -number) for number in range(1, 3_001)))))
    assert len(printed) > 50
    assert all(page.count(HEADINGS) == 1 for page in printed[:-1])
    assert sum(page.count("03/11/2026Rinnovo") for page in printed) == 3_000


@pytest.mark.parametrize("words", ["W" * 900, HOSTILE, LONG, "=1+1 #set page(width: 1pt)"])
def test_any_words_fit(words: str) -> None:
    content = statement(of(moved(Cause.CORRECTION, 1, reason=words), moved(Cause.TOP_UP, 2, reference=words)))
    assert text(content).count(squeezed(" ".join(words.split()))) >= 1
    assert all(0 < x <= WIDEST and 0 < y < HIGHEST for x, y in places(content))


def test_the_same_month_is_the_same_bytes() -> None:
    movement = moved(Cause.TOP_UP, 1, reference="CRO 1")
    assert statement(of(movement)) == statement(of(movement))
