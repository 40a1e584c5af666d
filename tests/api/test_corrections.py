"""What was booked wrongly is undone by an operator: within its entry, with a reason, in the partner's sight."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api.checks import HOSTILE, eur, is_problem, pointers, send, state
from tests.personas import Operator, Partner


async def entries(partner: Partner) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await partner.get("/v1/credit/entries")).json()["items"]
    return found


async def correct(olga: Operator, entry: str, amount: str, *, key: str | None = None) -> httpx.Response:
    body = {"entry_id": entry, "amount": eur(amount), "reason": "importo errato"}
    headers = {} if key is None else {"Idempotency-Key": key.encode()}
    return await olga.post("/v1/credit/corrections", json=body, headers=headers)


@pytest.mark.usefixtures("provider")
async def test_a_charge_comes_back_in_parts_and_never_more(bianchi: Partner, olga: Operator) -> None:
    await bianchi.activated()
    charge = (await entries(bianchi))[0]["id"]
    first = await correct(olga, charge, "3.18")
    entry = first.json()
    assert (first.status_code, entry["amount"], entry["balance"]) == (201, eur("3.18"), eur("980.00"))
    assert (entry["cause"]["kind"], entry["reverses"], entry["reason"]) == ("correction", charge, "importo errato")
    assert (await entries(bianchi))[0] == entry
    assert (await correct(olga, charge, "19.99")).status_code == 201
    over = await correct(olga, charge, "0.02")
    assert is_problem(over, 409, "CorrectionExceedsEntry")
    assert over.json()["correctable"] == eur("0.01")
    assert (await correct(olga, charge, "0.01")).status_code == 201
    assert await bianchi.balance() == "1000.00"


async def test_a_top_up_goes_as_far_as_there_is_credit(bianchi: Partner, olga: Operator) -> None:
    await bianchi.placed()
    top_up = (await entries(bianchi))[-1]["id"]
    over = await correct(olga, top_up, "1000.00")
    assert is_problem(over, 402, "InsufficientCredit")
    assert over.json()["missing"] == eur("23.18")
    gone = await correct(olga, top_up, "976.82")
    assert (gone.json()["amount"], gone.json()["balance"]) == (eur("-976.82"), eur("0.00"))
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("0.00"), "in_open_orders": eur("23.18")}


async def test_an_open_orders_charge_is_refunded_and_not_corrected(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    charge = (await entries(bianchi))[0]["id"]
    assert is_problem(await correct(olga, charge, "1.00"), 409, "EntryNotCorrectable")
    await bianchi.cancel(order_id)
    for entry in (charge, (await entries(bianchi))[0]["id"]):
        assert is_problem(await correct(olga, entry, "1.00"), 409, "EntryNotCorrectable")
    assert await bianchi.balance() == "1000.00"


async def test_a_correction_stays(bianchi: Partner, olga: Operator) -> None:
    correction = (await correct(olga, (await entries(bianchi))[0]["id"], "1.00")).json()
    assert is_problem(await correct(olga, correction["id"], "1.00"), 409, "EntryNotCorrectable")


async def test_an_unknown_entry_is_not_there(olga: Operator) -> None:
    entry_id = str(uuid4())
    answer = await correct(olga, entry_id, "1.00")
    assert is_problem(answer, 404, "EntryNotFound")
    assert answer.json()["entry_id"] == entry_id


async def test_with_a_key_it_is_done_once_and_without_one_each_time(bianchi: Partner, olga: Operator) -> None:
    top_up, key = (await entries(bianchi))[0]["id"], str(uuid4())
    first, *others = await asyncio.gather(*(correct(olga, top_up, "1.00", key=key) for _ in range(5)))
    assert all((other.status_code, other.json()) == (201, first.json()) for other in others)
    assert await bianchi.balance() == "999.00"
    assert (await correct(olga, top_up, "1.00", key=key)).headers["Idempotency-Replayed"] == "true"
    assert is_problem(await correct(olga, top_up, "2.00", key=key), 422, "IdempotencyKeyReused")
    assert is_problem(await correct(olga, top_up, "1.00", key="è"), 400, "IdempotencyKeyMissing")
    for _ in range(2):
        assert (await correct(olga, top_up, "1.00")).status_code == 201
    assert await bianchi.balance() == "997.00"


async def test_however_many_correct_at_once_the_entry_is_the_limit(bianchi: Partner, olga: Operator) -> None:
    top_up = (await entries(bianchi))[0]["id"]
    answers = await asyncio.gather(*(correct(olga, top_up, "300.00") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert await bianchi.balance() == "100.00"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"entry_id": "x"}, "/entry_id"),
        ({"entry_id": None}, "/entry_id"),
        ({"amount": eur("0.00")}, "/amount/amount"),
        ({"amount": eur("-1.00")}, "/amount/amount"),
        ({"amount": eur("1.001")}, "/amount/amount"),
        ({"amount": "1.00"}, "/amount"),
        ({"amount": {"amount": "1.00", "currency": "USD"}}, "/amount/currency"),
        ({"reason": None}, "/reason"),
        ({"reason": ""}, "/reason"),
        ({"reason": "   "}, "/reason"),
        ({"reason": "x" * 2_001}, "/reason"),
        ({"partner_id": str(UUID(int=7))}, "/partner_id"),
        *(({"reason": text}, "/reason") for text in HOSTILE if "\r" not in text),  # a reason may have several lines
    ],
    ids=lambda given: ascii(given)[:60],
)
async def test_it_names_the_wrong_field(
    bianchi: Partner, olga: Operator, change: dict[str, object], pointer: str
) -> None:
    before = await state(bianchi)
    body = {"entry_id": before["entries"][0]["id"], "amount": eur("1.00"), "reason": "errore", **change}
    answer = await send(olga, "/v1/credit/corrections", body)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert await state(bianchi) == before


@pytest.mark.parametrize("field", ["entry_id", "amount", "reason"])
async def test_it_wants_every_field(bianchi: Partner, olga: Operator, field: str) -> None:
    body = {"entry_id": (await entries(bianchi))[0]["id"], "amount": eur("1.00"), "reason": "errore"}
    del body[field]
    assert pointers(await send(olga, "/v1/credit/corrections", body)) == {f"/{field}"}
