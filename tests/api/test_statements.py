"""Statements: a month of the partner's own books, to read or to calculate with."""

import csv
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from db import corrections, ledger
from db.connection import Sessions
from domain.calendar import rome_day
from domain.ledger import Cause
from tests.api.checks import is_problem
from tests.pdfs.reading import text
from tests.personas import Partner

HEADINGS = ["Data", "Causale", "Ordine", "Riferimento", "Motivo", "Importo", "Saldo", "Movimento"]
HARMLESS = {
    "=1+1": "'=1+1",
    "+39 0575": "'+39 0575",
    "-5": "'-5",
    "@SUM(A1)": "'@SUM(A1)",
    "\uff1d1+1": "'\uff1d1+1",
    'a;=1+1,"@b': "a;'=1+1,\"'@b",
    "due\nrighe": "due righe",
    "perché no; 3-2": "perché no; 3-2",
}


async def statement(partner: Partner, month: str, accept: str = "text/csv") -> httpx.Response:
    return await partner.get(f"/v1/credit/statements/{month}", headers={"Accept": accept})


def rows(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    headings, *found = csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";")
    assert headings == HEADINGS
    assert all(len(row) == len(HEADINGS) for row in found)
    return found


async def march(partner: Partner, sessions: Sessions) -> None:
    """Paid in February, charged in March, and in what is April in Rome only."""
    await paid(partner, sessions, at=datetime(2026, 2, 28, 22, 59, tzinfo=UTC), cents=123_456)
    for cause, at in {
        Cause.RENEWAL: datetime(2026, 2, 28, 23, tzinfo=UTC),
        Cause.SPACE: datetime(2026, 3, 31, 21, 59, tzinfo=UTC),
        Cause.ORDER: datetime(2026, 3, 31, 22, tzinfo=UTC),
    }.items():
        async with sessions.begin() as session:
            await ledger.charge(
                session, partner_id=partner.partner_id, cause=cause, subject_id=uuid4(), amount_cents=1_000, at=at
            )


async def paid(partner: Partner, sessions: Sessions, *, at: datetime, cents: int, reference: str = "CRO") -> UUID:
    async with sessions.begin() as session:
        return await ledger.top_up(
            session,
            top_up_id=uuid4(),
            partner_id=partner.partner_id,
            amount_cents=cents,
            reference=f"{reference} {uuid4()}",
            at=at,
        )


async def test_it_has_the_months_movements_between_two_balances(bianchi: Partner, sessions: Sessions) -> None:
    await march(bianchi, sessions)
    answer = await statement(bianchi, "2026-03")
    assert [row[:7] for row in rows(answer)] == [
        ["01/03/2026", "Saldo iniziale", "", "", "", "", "1.234,56"],
        ["01/03/2026", "Rinnovo", "", "", "", "-10,00", "1.224,56"],
        ["31/03/2026", "Spazio", "", "", "", "-10,00", "1.214,56"],
        ["31/03/2026", "Saldo finale", "", "", "", "", "1.214,56"],
        ["", "Totale rinnovo", "", "", "", "-10,00", ""],
        ["", "Totale spazio", "", "", "", "-10,00", ""],
    ]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="estratto-conto-2026-03.csv"' in answer.headers["content-disposition"]
    assert answer.headers["vary"] == "Accept"


async def test_one_month_goes_on_where_the_other_ended(bianchi: Partner, sessions: Sessions) -> None:
    await march(bianchi, sessions)
    months = [rows(await statement(bianchi, f"2026-{month:02d}")) for month in range(1, 5)]
    closing = [next(row[6] for row in month if row[1] == "Saldo finale") for month in months]
    assert [month[0][6] for month in months] == ["0,00", *closing[:-1]]
    assert closing[-1] == "1.204,56"


async def test_the_same_as_pages(bianchi: Partner, sessions: Sessions) -> None:
    await march(bianchi, sessions)
    for accept in ("application/pdf", "*/*"):
        answer = await statement(bianchi, "2026-03", accept)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert "Saldofinale1.214,56€" in text(answer.content)
        assert answer.headers["etag"] == (await statement(bianchi, "2026-03", accept)).headers["etag"]


async def test_the_running_month_is_interim_and_its_own(bianchi: Partner, verdi: Partner) -> None:
    order = await bianchi.order(await bianchi.placed())
    month = f"{rome_day(datetime.now(UTC)):%Y-%m}"
    _, top_up, charge, closing, *_ = rows(await statement(bianchi, month))
    assert (top_up[1], top_up[3], top_up[5]) == ("Ricarica", str(bianchi.partner_id), "1.000,00")
    assert charge[1:7] == ["Ordine", order["number"], "", "", "-23,18", "976,82"]
    assert closing[1].startswith("Saldo provvisorio alle ")
    assert "Provvisorio" in text((await statement(bianchi, month, "application/pdf")).content)
    others = (await statement(verdi, month)).text
    assert order["number"] not in others
    assert str(bianchi.partner_id) not in others


async def test_no_words_are_a_formula(bianchi: Partner, sessions: Sessions) -> None:
    at = datetime(2026, 5, 5, tzinfo=UTC)
    entry_id = await paid(bianchi, sessions, at=at, cents=100, reference="=HYPERLINK(")
    for reason in HARMLESS:
        async with sessions.begin() as session:
            await corrections.correct(
                session, correction_id=uuid4(), entry_id=entry_id, amount_cents=1, reason=reason, at=at
            )
    _, top_up, *found = rows(await statement(bianchi, "2026-05"))
    assert top_up[3].startswith("'=HYPERLINK(")
    assert [row[4] for row in found if row[1] == "Rettifica"] == list(HARMLESS.values())


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1", "26-01", "1999-12", "2026-011", "٢٠٢٦-01", "x"])
async def test_a_month_is_written_as_one(bianchi: Partner, month: str) -> None:
    assert is_problem(await statement(bianchi, month), 422, "InvalidRequest")


async def test_there_is_none_of_a_month_to_come(bianchi: Partner) -> None:
    answer = await statement(bianchi, "2999-12")
    assert is_problem(answer, 404, "MonthNotBegun")
    assert answer.json()["begins_on"] == "2999-12-01"


@pytest.mark.parametrize("accept", ["application/json", "text/csv;q=0", "image/*"])
async def test_there_is_no_other_format(bianchi: Partner, accept: str) -> None:
    assert is_problem(await statement(bianchi, "2026-01", accept), 406, "NotAcceptable")
