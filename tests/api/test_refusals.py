"""An order that can't be placed leaves no order and no charge, and says what to do."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.notes import NoteRow
from tests import identities
from tests.api.checks import is_problem, state
from tests.personas import Partner, Stage

EUR = {"currency": "EUR"}


async def test_it_says_how_much_credit_is_missing(bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    before = await state(bianchi)
    answer = await bianchi.place("docfly", titolare_id=holder, starter_kit="kit_50gb", renewal_years=10)
    assert is_problem(answer, 402, "InsufficientCredit")
    assert answer.json()["missing"] == {"amount": "683.60", **EUR}
    assert await state(bianchi) == before


async def test_words_of_what_was_refused_are_not_kept(bianchi: Partner, stage: Stage) -> None:
    """No export and no erasure would find them."""
    words = f"Mario Rossi {uuid4()}"
    answer = await bianchi.place("docfly", starter_kit="kit_50gb", renewal_years=10, external_id=words)
    assert is_problem(answer, 402, "InsufficientCredit")
    order_id = await bianchi.activated()
    answer = await bianchi.post(f"/v1/orders/{order_id}/cancellation", json={"reason": words})
    assert is_problem(answer, 409, "OrderNotCancellable")
    async with stage.sessions() as session:
        assert (await session.scalars(select(NoteRow).where(NoteRow.text == words))).all() == []


async def test_it_counts_what_was_spent_before(bianchi: Partner) -> None:
    for _ in range(2):
        await bianchi.placed("docfly", starter_kit="kit_20gb", renewal_years=4)  # 2 x 380.64
    answer = await bianchi.place("docfly", starter_kit="kit_20gb", renewal_years=4)
    assert is_problem(answer, 402, "InsufficientCredit")
    assert answer.json()["missing"] == {"amount": "141.92", **EUR}


@pytest.mark.parametrize("product", ["docfly_pa", "docfly"])
async def test_it_names_the_live_order(bianchi: Partner, product: str) -> None:
    holder = (await bianchi.titolare())["id"]
    first = await bianchi.placed(product, titolare_id=holder)
    before = await state(bianchi)
    again = await bianchi.place(product, titolare_id=holder)
    assert is_problem(again, 409, "DuplicateOpenOrder")
    assert again.json()["order_id"] == first
    assert await state(bianchi) == before


async def test_it_knows_the_same_company_under_another_record(bianchi: Partner) -> None:
    company = identities.company()
    holders = [(await bianchi.titolare(company))["id"] for _ in range(2)]
    first = await bianchi.placed(titolare_id=holders[0])
    again = await bianchi.place(titolare_id=holders[1])
    assert (again.status_code, again.json()["order_id"]) == (409, first)


async def test_it_does_not_name_another_partners_order(bianchi: Partner, verdi: Partner) -> None:
    company = identities.company()
    first = await bianchi.placed(titolare_id=(await bianchi.titolare(company))["id"])
    holder = (await verdi.titolare(company))["id"]
    before = await state(verdi)
    elsewhere = await verdi.place(titolare_id=holder)
    assert is_problem(elsewhere, 409, "DuplicateOpenOrder")
    assert (elsewhere.json()["order_id"], first in elsewhere.text) == (None, False)
    assert await state(verdi) == before


async def test_it_takes_both_products_for_one_company(bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    assert await bianchi.placed("docfly_pa", titolare_id=holder) != await bianchi.placed("docfly", titolare_id=holder)


async def test_it_takes_another_once_the_first_is_cancelled(bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    await bianchi.cancel(await bianchi.placed(titolare_id=holder))
    assert (await bianchi.place(titolare_id=holder)).status_code == 201


@pytest.mark.usefixtures("provider")
async def test_it_takes_no_other_while_the_service_lives(bianchi: Partner) -> None:
    first = await bianchi.activated()
    holder = (await bianchi.order(first))["titolare"]["id"]
    again = await bianchi.place(titolare_id=holder)
    assert (again.status_code, again.json()["order_id"]) == (409, first)


async def test_it_charges_the_expected_price_or_nothing(bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    before = await state(bianchi)
    answer = await bianchi.place(titolare_id=holder, expected_total={"amount": "1.00", **EUR})
    assert is_problem(answer, 409, "PriceChanged")
    assert answer.json()["total"] == {"amount": "23.18", **EUR}
    assert await state(bianchi) == before
    assert (await bianchi.place(titolare_id=holder, expected_total=answer.json()["total"])).status_code == 201
    assert await bianchi.balance() == "976.82"


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (identities.person(), "partita_iva"),
        (identities.company(activity=None), "activity"),
        (identities.company(codice_fiscale="90012340510", partita_iva=None), "partita_iva"),
    ],
    ids=["a natural person", "no activity", "an association"],
)
async def test_it_says_what_the_titolare_lacks(bianchi: Partner, body: dict[str, object], missing: str) -> None:
    holder = (await bianchi.titolare(body))["id"]
    before = await state(bianchi)
    answer = await bianchi.place(titolare_id=holder)
    assert is_problem(answer, 422, "TitolareMayNotOrder")
    assert (answer.json()["missing"], answer.json()["titolare_id"]) == (missing, holder)
    assert await state(bianchi) == before
