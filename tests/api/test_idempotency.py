"""One key, one request, one answer: for ever."""

import asyncio
from uuid import uuid4

import pytest

from tests.personas import Operator, Partner


async def test_a_repeat_gives_the_first_answer(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    again = await bianchi.place(titolare_id=holder, key=key)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["location"] == first.headers["location"] == f"/v1/orders/{first.json()['id']}"
    assert await bianchi.balance() == "976.82"


async def test_the_first_answer_stays_when_the_order_has_moved_on(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    first = await bianchi.place(titolare_id=holder, key=key)
    await bianchi.cancel(first.json()["id"])
    assert (await bianchi.place(titolare_id=holder, key=key)).json()["status"] == "awaiting_documents"


async def test_twenty_at_once_are_one(bianchi: Partner) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    answers = await asyncio.gather(*(bianchi.place(titolare_id=holder, key=key) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await bianchi.balance() == "976.82"


async def test_another_body_is_refused(bianchi: Partner) -> None:
    key = str(uuid4())
    await bianchi.placed(key=key)
    answer = await bianchi.place(key=key, extra_gb=1)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (422, "IdempotencyKeyReused")


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "è"])
async def test_a_key_is_wanted(bianchi: Partner, key: str) -> None:
    holder = (await bianchi.titolare())["id"]
    body = {"product": "docfly_pa", "titolare_id": holder}
    answer = await bianchi.post("/v1/orders", json=body, headers={b"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (400, "IdempotencyKeyMissing")


async def test_a_refusal_is_an_answer_too(bianchi: Partner, olga: Operator) -> None:
    holder, key = (await bianchi.titolare())["id"], str(uuid4())
    dear = {"titolare_id": holder, "renewal_years": 10, "starter_kit": "kit_50gb"}
    first = await bianchi.place("docfly", key=key, **dear)
    assert first.status_code == 402
    top_up = {
        "partner_id": str(bianchi.partner_id),
        "amount": {"amount": "5000.00", "currency": "EUR"},
        "reference": str(uuid4()),
    }
    paid = await olga.post("/v1/credit/top-ups", json=top_up, headers={"Idempotency-Key": str(uuid4())})
    assert (paid.status_code, paid.json()["balance"]["amount"]) == (201, "6000.00")
    again = await bianchi.place("docfly", key=key, **dear)
    assert (again.status_code, again.json()) == (402, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert (await bianchi.place("docfly", **dear)).status_code == 201


async def test_two_partners_keys_never_meet(bianchi: Partner, verdi: Partner) -> None:
    key = str(uuid4())
    assert await bianchi.placed(key=key) != await verdi.placed(key=key)


async def test_five_top_ups_at_once_are_one(bianchi: Partner, olga: Operator) -> None:
    amount = {"amount": "7.00", "currency": "EUR"}
    body = {"partner_id": str(bianchi.partner_id), "amount": amount, "reference": str(uuid4())}
    headers = {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(*(olga.post("/v1/credit/top-ups", json=body, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await bianchi.balance() == "1007.00"


async def test_a_reference_pays_once(bianchi: Partner, olga: Operator) -> None:
    body = {
        "partner_id": str(bianchi.partner_id),
        "amount": {"amount": "0.10", "currency": "EUR"},
        "reference": str(uuid4()),
    }
    key = str(uuid4())
    answers = [await olga.post("/v1/credit/top-ups", json=body, headers={"Idempotency-Key": key}) for _ in range(2)]
    other = await olga.post("/v1/credit/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[1]) == (409, "ReferenceAlreadyUsed")
    assert await bianchi.balance() == "1000.10"
