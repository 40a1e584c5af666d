"""More space: its own charge, its own line in *Storico Spazio GB*; the expiry stays where it is."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from db.services import ServiceRow
from domain.services import ServiceStatus
from domain.space import SpaceLevel
from tests.api.checks import INSTANT, eur, is_problem, send, state, walk
from tests.personas import Caller, Operator, Partner, Stage
from tests.services import in_days, service


async def buy(
    caller: Caller, row: ServiceRow, *, gb: object = 5, key: str | None = None, **changes: Any
) -> httpx.Response:
    path = f"/v1/services/{row.id}/space"
    return await send(caller, path, {"gb": gb, **changes}, **{"Idempotency-Key": key or str(uuid4())})


async def test_it_charges_and_grants(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    before = (await bianchi.get(f"/v1/services/{row.id}")).json()
    answer = await buy(bianchi, row)
    found = answer.json()
    assert (answer.status_code, set(found)) == (201, {"id", "at", "gb", "price", "asked_by"})
    assert (found["gb"], found["asked_by"], found["price"]["total"]) == (5, "partner", eur("24.40"))
    assert INSTANT.fullmatch(found["at"])
    assert await bianchi.balance() == "975.60"
    after = (await bianchi.get(f"/v1/services/{row.id}")).json()
    assert after["space"]["bought_gb"] == 6
    assert after["next_renewal"]["price"]["total"] == eur("47.58")
    same = set(before) - {"space", "next_renewal"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    newest = (await bianchi.get("/v1/credit/entries")).json()["items"][0]
    assert (newest["amount"], newest["cause"]) == (eur("-24.40"), {"kind": "space", "id": found["id"]})


async def test_it_is_told_newest_first(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    bought = [(await buy(caller, row, gb=gb)).json() for caller, gb in ((bianchi, 1), (olga, 2), (bianchi, 3))]
    pages = await walk(bianchi, f"/v1/services/{row.id}/space", limit=2)
    assert [one for page in pages for one in page] == bought[::-1]
    assert [one["asked_by"] for one in bought] == ["partner", "operator", "partner"]
    assert (await bianchi.get(f"/v1/services/{row.id}")).json()["space"]["bought_gb"] == 7


async def test_a_full_service_is_at_work_again(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), space_level=SpaceLevel.FULL)
    async with stage.sessions.begin() as session:
        await session.execute(text("update services set used_bytes = 1000000000 where id = :id"), {"id": row.id})
    await buy(bianchi, row, gb=1)
    assert (await bianchi.get(f"/v1/services/{row.id}")).json()["status_reason"] is None


async def test_it_refuses_what_the_credit_does_not_cover(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    before = await state(bianchi)
    answer = await buy(bianchi, row, gb=1_000)
    assert is_problem(answer, 402, "InsufficientCredit")
    assert (answer.json()["missing"], await state(bianchi)) == (eur("3880.00"), before)
    assert (await bianchi.get(f"/v1/services/{row.id}/space")).json() == {"items": [], "next": None}


async def test_it_takes_no_other_price_than_the_expected(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    answer = await buy(bianchi, row, expected_total=eur("24.41"))
    assert is_problem(answer, 409, "PriceChanged")
    assert (answer.json()["total"], await bianchi.balance()) == (eur("24.40"), "1000.00")


async def test_a_repeat_gives_the_first_answer(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(30)), str(uuid4())
    first, again = [await buy(bianchi, row, key=key) for _ in range(2)]
    assert (again.status_code, again.text, again.headers["idempotency-replayed"]) == (201, first.text, "true")
    assert is_problem(await buy(bianchi, row, key=key, gb=6), 422, "IdempotencyKeyReused")
    assert await bianchi.balance() == "975.60"


async def test_a_repeat_whose_first_answer_was_lost_finds_it_done(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(30)), str(uuid4())
    first = await buy(bianchi, row, key=key)
    async with stage.sessions.begin() as session:
        lose = text("update idempotent_requests set answer = null where key = :key")
        await session.execute(lose, {"key": key})
    again = await buy(bianchi, row, key=key)
    assert (again.status_code, again.json(), await bianchi.balance()) == (201, first.json(), "975.60")


async def test_ten_at_once_are_one_and_two_keys_are_two(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(30)), str(uuid4())
    answers = await asyncio.gather(*(buy(bianchi, row, key=key) for _ in range(10)), buy(bianchi, row))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 2
    assert await bianchi.balance() == "951.20"


@pytest.mark.parametrize(
    ("expires_in", "status", "name"),
    [
        (-1, ServiceStatus.SUSPENDED, "ServiceSuspended"),
        (-1, ServiceStatus.ACTIVE, "ServiceSuspended"),  # not swept yet
        (-91, ServiceStatus.SUSPENDED, "ServiceTerminated"),
        (-91, ServiceStatus.TERMINATED, "ServiceTerminated"),
    ],
)
async def test_it_is_for_active_services(
    bianchi: Partner, stage: Stage, expires_in: int, status: ServiceStatus, name: str
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), status=status)
    before = await state(bianchi)
    answer = await buy(bianchi, row)
    assert is_problem(answer, 409, name)
    if name == "ServiceSuspended":
        assert answer.json()["renewable_until"] == str(in_days(expires_in + 90))
    assert await state(bianchi) == before
