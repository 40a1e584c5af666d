"""One key, one request, one answer: for ever."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.checks import eur, is_problem, send, state
from tests.personas import Operator, Partner


def replayed(answer: httpx.Response) -> bool:
    said = answer.headers.get("idempotency-replayed")
    assert said in (None, "true")
    return said is not None


def top_up(partner: Partner, amount: str = "7.00", **changes: Any) -> dict[str, Any]:
    return {"partner_id": str(partner.partner_id), "amount": eur(amount), "reference": str(uuid4()), **changes}


async def test_a_repeat_gives_the_first_answer(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    again = await bianchi.place(titolare_id=holder, key=key)
    assert (replayed(first), replayed(again)) == (False, True)
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert again.headers["location"] == first.headers["location"] == f"/v1/orders/{first.json()['id']}"
    assert await bianchi.balance() == "976.82"


async def test_it_does_not_matter_how_the_same_is_written(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    again = await bianchi.place(titolare_id=holder.upper(), key=key, renewal_mode="automatic", extra_gb=0)
    assert (again.status_code, again.text, replayed(again)) == (201, first.text, True)


async def test_the_first_answer_stays_when_the_order_has_moved_on(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    await bianchi.cancel(first.json()["id"])
    assert (await bianchi.place(titolare_id=holder, key=key)).text == first.text
    assert len((await state(bianchi))["orders"]) == 1


async def test_twenty_at_once_are_one(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    answers = await asyncio.gather(*(bianchi.place(titolare_id=holder, key=key) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert [replayed(answer) for answer in answers].count(False) == 1
    after = await state(bianchi)
    assert ([order["id"] for order in after["orders"]], len(after["entries"])) == ([answers[0].json()["id"]], 2)
    assert await bianchi.balance() == "976.82"


async def test_twenty_at_once_are_refused_as_one(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    dear = {"titolare_id": holder, "renewal_years": 10, "starter_kit": "kit_50gb"}
    answers = await asyncio.gather(*(bianchi.place("docfly", key=key, **dear) for _ in range(20)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(402, answers[0].text)}
    assert [replayed(answer) for answer in answers].count(False) == 1


async def test_twenty_keys_for_one_company_make_one_order(bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    answers = await asyncio.gather(*(bianchi.place(titolare_id=holder) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]
    (placed,) = (answer.json()["id"] for answer in answers if answer.status_code == 201)
    assert {answer.json()["order_id"] for answer in answers if answer.status_code == 409} == {placed}
    assert await bianchi.balance() == "976.82"


@pytest.mark.parametrize("change", [{"extra_gb": 1}, {"external_id": "PO-1"}, {"expected_total": eur("23.18")}])
async def test_it_refuses_another_body(bianchi: Partner, change: dict[str, Any]) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    before = await state(bianchi)
    other = await bianchi.place(titolare_id=holder, key=key, **change)
    assert is_problem(other, 422, "IdempotencyKeyReused")
    assert (replayed(other), await state(bianchi)) == (False, before)
    assert (await bianchi.place(titolare_id=holder, key=key)).text == first.text


@pytest.mark.parametrize("key", [None, "", "x" * 256, "with space", "è", "a\tb"], ids=ascii)
async def test_it_wants_a_key(bianchi: Partner, olga: Operator, key: str | None) -> None:
    headers = {} if key is None else {b"Idempotency-Key": key.encode()}
    order = {"product": "docfly_pa", "titolare_id": (await bianchi.titolare())["id"]}
    before = await state(bianchi)
    for caller, path, body in ((bianchi, "/v1/orders", order), (olga, "/v1/credit/top-ups", top_up(bianchi))):
        answer = await caller.post(path, json=body, headers=headers)
        assert is_problem(answer, 400, "IdempotencyKeyMissing")
    assert await state(bianchi) == before


@pytest.mark.parametrize("key", ["1", "~" * 255, 'a"b\\c', "%00"])
async def test_it_takes_any_visible_key(bianchi: Partner, key: str) -> None:
    assert (await bianchi.place(key=key)).status_code == 201


async def test_a_wrong_body_uses_no_key_up(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    assert (await bianchi.place(titolare_id=holder, key=key, renewal_years=9)).status_code == 422
    assert (await bianchi.place(titolare_id=holder, key=key)).status_code == 201


async def test_a_refusal_is_an_answer_too(bianchi: Partner, olga: Operator) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    dear = {"titolare_id": holder, "renewal_years": 10, "starter_kit": "kit_50gb"}
    first = await bianchi.place("docfly", key=key, **dear)
    assert is_problem(first, 402, "InsufficientCredit")
    paid = await send(olga, "/v1/credit/top-ups", top_up(bianchi, "5000.00"))
    assert (paid.status_code, paid.json()["balance"]) == (201, eur("6000.00"))
    again = await bianchi.place("docfly", key=key, **dear)
    assert (again.status_code, again.text, replayed(again)) == (402, first.text, True)
    assert await bianchi.balance() == "6000.00"
    assert (await bianchi.place("docfly", **dear)).status_code == 201


async def test_it_tells_a_refusal_again_in_another_language(bianchi: Partner) -> None:
    key = str(uuid4())
    order = {"product": "docfly_pa", "titolare_id": str(uuid4())}
    for language in ("it", "en"):
        answer = await send(bianchi, "/v1/orders", order, **{"Idempotency-Key": key, "Accept-Language": language})
        assert is_problem(answer, 404, "TitolareNotFound")
        assert answer.headers["content-language"] == language


async def test_two_partners_keys_never_meet(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    key = str(uuid4())
    assert await bianchi.placed(key=key) != await verdi.placed(key=key)
    answer = await send(olga, "/v1/credit/top-ups", top_up(bianchi), **{"Idempotency-Key": key})
    assert (answer.status_code, replayed(answer)) == (201, False)


async def test_five_top_ups_at_once_are_one(bianchi: Partner, olga: Operator) -> None:
    body, headers = top_up(bianchi), {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(*(send(olga, "/v1/credit/top-ups", body, **headers) for _ in range(5)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert [replayed(answer) for answer in answers].count(False) == 1
    assert await bianchi.balance() == "1007.00"


async def test_it_refuses_another_top_up_under_the_key(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    body, headers = top_up(bianchi), {"Idempotency-Key": str(uuid4())}
    assert (await send(olga, "/v1/credit/top-ups", body, **headers)).status_code == 201
    for other in (body | {"amount": eur("8.00")}, body | {"partner_id": str(verdi.partner_id)}, top_up(bianchi)):
        assert is_problem(await send(olga, "/v1/credit/top-ups", other, **headers), 422, "IdempotencyKeyReused")
    assert (await bianchi.balance(), await verdi.balance()) == ("1007.00", "1000.00")
