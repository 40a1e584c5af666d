"""Renewals that people ask for: each period is charged once, and its expiry moves from the old one."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from db.services import ServiceRow
from domain.calendar import add_years
from domain.services import ServiceStatus
from tests.api.checks import INSTANT, eur, is_problem, send, state, walk
from tests.personas import Caller, Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service

FIELDS = {
    "id", "at", "period_start", "period_end", "years", "price", "outcome", "reason", "missing", "asked_by",
}  # fmt: skip


async def renew(
    caller: Caller, row: ServiceRow, *, years: object = 1, key: str | None = None, **changes: Any
) -> httpx.Response:
    body = {"years": years, "expires_on": str(row.expires_on), **changes}
    return await send(caller, f"/v1/services/{row.id}/renewals", body, **{"Idempotency-Key": key or str(uuid4())})


async def expiry(partner: Partner, row: ServiceRow) -> str:
    return str((await partner.get(f"/v1/services/{row.id}")).json()["expires_on"])


@pytest.mark.parametrize("years", [1, 3])
async def test_it_charges_and_moves_the_expiry_from_the_old_one(bianchi: Partner, stage: Stage, years: int) -> None:
    row = await service(stage, bianchi, expires_on=in_days(40))
    answer = await renew(bianchi, row, years=years)
    found = answer.json()
    assert (answer.status_code, set(found)) == (201, FIELDS)
    end = str(add_years(row.expires_on, years=years, anchor=row.starts_on))
    expected = {
        "period_start": str(row.expires_on),
        "period_end": end,
        "years": years,
        "outcome": "renewed",
        "reason": None,
        "missing": None,
        "asked_by": "partner",
    }
    assert {name: found[name] for name in expected} == expected
    assert INSTANT.fullmatch(found["at"])
    assert float(await bianchi.balance()) == pytest.approx(1000 - float(found["price"]["total"]["amount"]))
    after = (await bianchi.get(f"/v1/services/{row.id}")).json()
    assert (after["expires_on"], after["status"], after["starts_on"]) == (end, "active", str(row.starts_on))


async def test_it_charges_all_that_the_service_has(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(40), options=DOCFLY, added_gb=2)
    price = (await renew(bianchi, row, years=2)).json()["price"]
    lines = [(line["item"], line["quantity"], line["years"], line["net"]) for line in price["lines"]]
    assert lines == [("docfly", 1, 2, eur("58.00")), ("extra_gb", 2, 2, eur("16.00"))]
    assert (price["net"], price["vat"], price["total"]) == (eur("74.00"), eur("16.28"), eur("90.28"))
    assert await bianchi.balance() == "909.72"


async def test_its_entry_says_what_was_charged(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(40))
    renewal = (await renew(bianchi, row)).json()
    newest = (await bianchi.get("/v1/credit/entries")).json()["items"][0]
    assert (newest["amount"], newest["cause"]) == (eur("-23.18"), {"kind": "renewal", "id": renewal["id"]})


async def test_a_suspended_service_is_active_again(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-30), status=ServiceStatus.SUSPENDED)
    answer = await renew(bianchi, row)
    assert (answer.status_code, answer.json()["period_start"]) == (201, str(in_days(-30)))
    after = (await bianchi.get(f"/v1/services/{row.id}")).json()
    assert (after["status"], after["status_reason"]) == ("active", None)


@pytest.mark.parametrize("expires_in", [90, 0, -90])
async def test_it_may_be_asked_for_from_the_first_to_the_last_day(
    bianchi: Partner, stage: Stage, expires_in: int
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in))
    assert (await renew(bianchi, row)).status_code == 201


async def test_it_is_told_newest_first(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-80), status=ServiceStatus.SUSPENDED)
    first = (await renew(bianchi, row)).json()
    assert await expiry(bianchi, row) == first["period_end"]
    pages = await walk(bianchi, f"/v1/services/{row.id}/renewals", limit=1)
    assert [one for page in pages for one in page] == [first]
    assert "service_renewed" in await bianchi.timeline(str(row.order_id))
    assert (await olga.get(f"/v1/services/{row.id}/renewals")).json()["items"] == [first]


async def test_an_operator_may_ask_too(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10))
    answer = await renew(olga, row)
    assert (answer.status_code, answer.json()["asked_by"]) == (201, "operator")
    assert await bianchi.balance() == "976.82"


async def test_it_refuses_what_the_credit_does_not_cover(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10), added_gb=1_000)
    answer = await renew(bianchi, row)
    assert is_problem(answer, 402, "InsufficientCredit")
    assert answer.json()["missing"] == eur("3903.18")
    assert (await expiry(bianchi, row), await bianchi.balance()) == (str(in_days(10)), "1000.00")
    (tried,) = (await bianchi.get(f"/v1/services/{row.id}/renewals")).json()["items"]
    assert (tried["outcome"], tried["reason"], tried["missing"]) == ("failed", "InsufficientCredit", eur("3903.18"))


async def test_it_takes_no_other_price_than_the_expected(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10))
    answer = await renew(bianchi, row, expected_total=eur("23.17"))
    assert is_problem(answer, 409, "PriceChanged")
    assert answer.json()["total"] == eur("23.18")
    assert (await expiry(bianchi, row), await bianchi.balance()) == (str(in_days(10)), "1000.00")
    assert (await renew(bianchi, row, expected_total=eur("23.18"))).status_code == 201


async def test_a_repeat_gives_the_first_answer(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(10)), str(uuid4())
    first, again = [await renew(bianchi, row, key=key) for _ in range(2)]
    assert (again.status_code, again.text, again.headers["idempotency-replayed"]) == (201, first.text, "true")
    assert is_problem(await renew(bianchi, row, key=key, years=2), 422, "IdempotencyKeyReused")
    assert await bianchi.balance() == "976.82"


async def test_a_repeat_whose_first_answer_was_lost_finds_it_done(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(10)), str(uuid4())
    first = await renew(bianchi, row, key=key)
    async with stage.sessions.begin() as session:
        lose = text("update idempotent_requests set answer = null where key = :key")
        await session.execute(lose, {"key": key})
    again = await renew(bianchi, row, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await bianchi.balance() == "976.82"


async def test_ten_at_once_are_one(bianchi: Partner, stage: Stage) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(10)), str(uuid4())
    answers = await asyncio.gather(*(renew(bianchi, row, key=key) for _ in range(10)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert await bianchi.balance() == "976.82"


async def test_of_ten_keys_at_once_one_renews(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10))
    callers = [bianchi, olga] * 5
    answers = await asyncio.gather(*(renew(caller, row) for caller in callers))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]
    end = str(add_years(row.expires_on, years=1, anchor=row.starts_on))
    for answer in answers:
        if answer.status_code == 409:
            assert is_problem(answer, 409, "ExpiryChanged")
            assert answer.json()["expires_on"] == end
    assert (await expiry(bianchi, row), await bianchi.balance()) == (end, "976.82")


async def test_a_second_click_meets_another_expiry(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10))
    end = (await renew(bianchi, row)).json()["period_end"]
    second = await renew(bianchi, row)
    assert is_problem(second, 409, "ExpiryChanged")
    assert second.json()["expires_on"] == end
    assert await bianchi.balance() == "976.82"


@pytest.mark.parametrize(
    ("expires_in", "status", "wish", "refusal"),
    [
        (-91, ServiceStatus.TERMINATED, {}, (409, "ServiceTerminated", {})),
        (-91, ServiceStatus.SUSPENDED, {}, (409, "ServiceTerminated", {})),
        (91, ServiceStatus.ACTIVE, {}, (409, "RenewalTooEarly", {"renewable_from": 1})),
        (30, ServiceStatus.ACTIVE, {"expires_on": "2020-01-01"}, (409, "ExpiryChanged", {"expires_on": 30})),
        (30, ServiceStatus.ACTIVE, {"expires_on": "9999-12-31"}, (409, "ExpiryChanged", {"expires_on": 30})),
        (30, ServiceStatus.ACTIVE, {"years": 4}, (422, "TermOutOfRange", {})),
    ],
)
async def test_it_refuses_out_of_time(
    bianchi: Partner,
    stage: Stage,
    *,
    expires_in: int,
    status: ServiceStatus,
    wish: dict[str, Any],
    refusal: tuple[int, str, dict[str, int]],
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), status=status)
    before = await state(bianchi)
    code, name, days = refusal
    answer = await renew(bianchi, row, **wish)
    assert is_problem(answer, code, name)
    assert {fact: answer.json()[fact] for fact in days} == {fact: str(in_days(ahead)) for fact, ahead in days.items()}
    assert await state(bianchi) == before
    assert (await bianchi.get(f"/v1/services/{row.id}/renewals")).json() == {"items": [], "next": None}


async def test_the_last_day_of_a_leap_year_does_not_drift(bianchi: Partner, stage: Stage) -> None:
    """The clock is the world's, so only the period is looked at: from its own expiry, by its own anchor."""
    row = await service(stage, bianchi, expires_on=in_days(30), starts_on=date(2024, 2, 29), options=DOCFLY)
    renewal = (await renew(bianchi, row)).json()
    assert renewal["period_end"] == str(add_years(row.expires_on, years=1, anchor=date(2024, 2, 29)))
