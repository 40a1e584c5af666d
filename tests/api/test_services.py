"""A service, to the letter of the contract; and the list of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from db.prices import PriceListRow
from domain.prices import Item
from domain.products import DocflyOptions, Product, RenewalMode, StarterKit
from domain.services import ServiceStatus
from domain.space import SpaceLevel
from local.demo import PRICES
from tests.api.checks import eur, is_problem, pointers, walk
from tests.personas import Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service

FIELDS = {
    "id", "order_id", "product", "titolare", "status", "status_reason", "starts_on", "expires_on", "renewal_mode",
    "renewal_years", "next_renewal", "space", "users", "archives", "definitions",
}  # fmt: skip
WHOLE = DocflyOptions(
    product=Product.DOCFLY,
    renewal_years=2,
    starter_kit=StarterKit.KIT_5GB,
    extra_users=1,
    extra_archives=2,
    extra_definitions=3,
)


async def test_it_answers_a_service_whole(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=WHOLE, added_gb=4)
    answer = await bianchi.get(f"/v1/services/{row.id}")
    found = answer.json()
    assert (answer.status_code, set(found)) == (200, FIELDS)
    order = await bianchi.order(str(row.order_id))
    expected = {
        "id": str(row.id),
        "order_id": order["id"],
        "product": "docfly",
        "titolare": order["titolare"],
        "status": "active",
        "status_reason": None,
        "starts_on": str(row.starts_on),
        "expires_on": str(in_days(30)),
        "renewal_mode": "automatic",
        "renewal_years": 2,
        "space": {"bought_gb": 9, "used_bytes": 0, "full_on": None},
        "users": 2,
        "archives": 3,
        "definitions": 5,
    }
    assert {name: found[name] for name in expected} == expected


async def test_it_answers_what_an_order_left(bianchi: Partner, stage: Stage) -> None:
    stage.provider.ensure()
    order = await bianchi.order(await bianchi.activated())
    found = (await bianchi.get(f"/v1/services/{order['service_id']}")).json()
    assert (found["order_id"], found["titolare"], found["status"]) == (order["id"], order["titolare"], "active")
    assert found["starts_on"] == order["activated_at"][:10] or found["starts_on"] == str(in_days(0))
    on = date.fromisoformat(found["expires_on"]) - timedelta(days=7)
    assert found["next_renewal"] == {"on": str(on), "price": order["price"]}


@pytest.mark.parametrize(("expires_in", "on"), [(30, 23), (8, 1), (7, 0), (3, 0), (0, 0)])
async def test_it_says_when_it_will_charge_what(bianchi: Partner, stage: Stage, expires_in: int, on: int) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), renewal_years=3, added_gb=2)
    renewal = (await bianchi.get(f"/v1/services/{row.id}")).json()["next_renewal"]
    assert renewal["on"] == str(in_days(on))
    assert set(renewal["price"]) == {"lines", "net", "vat", "total"}
    lines = [(line["item"], line["quantity"], line["years"]) for line in renewal["price"]["lines"]]
    assert lines == [("docfly_pa", 1, 3), ("extra_gb", 2, 3)]
    assert renewal["price"]["total"] == eur("98.82")


@pytest.mark.parametrize(
    "changes",
    [
        {"renewal_mode": RenewalMode.ON_REQUEST},
        {"status": ServiceStatus.SUSPENDED},
        {"status": ServiceStatus.TERMINATED},
    ],
    ids=str,
)
async def test_it_announces_nothing_that_will_not_happen_by_itself(
    bianchi: Partner, stage: Stage, changes: dict[str, Any]
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5), **changes)
    assert (await bianchi.get(f"/v1/services/{row.id}")).json()["next_renewal"] is None


@asynccontextmanager
async def dearer_from(stage: Stage, valid_from: date) -> AsyncIterator[None]:
    """While it lasts, a list to come is known."""
    net_cents = {**PRICES.net_cents, Item.DOCFLY_PA: 10_000}
    dearer = PRICES.model_copy(update={"valid_from": valid_from, "net_cents": net_cents})
    async with stage.sessions.begin() as session:
        session.add(PriceListRow(valid_from=valid_from, price_list=dearer))
    yield
    async with stage.sessions.begin() as session:
        await session.execute(text("delete from price_lists where valid_from = :day"), {"day": valid_from})


async def test_it_prices_under_the_list_of_that_day(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=date(2095, 6, 8))
    for valid_from, total in ((date(2095, 6, 1), "122.00"), (date(2095, 6, 2), "23.18")):
        async with dearer_from(stage, valid_from):
            renewal = (await bianchi.get(f"/v1/services/{row.id}")).json()["next_renewal"]
        assert (renewal["on"], renewal["price"]["total"]) == ("2095-06-01", eur(total))


@pytest.mark.parametrize(
    ("changes", "expires_in", "status", "reason"),
    [
        ({"space_level": SpaceLevel.FULL}, 0, "active", "space_full"),
        ({"status": ServiceStatus.SUSPENDED}, -1, "suspended", "expired"),
        ({"status": ServiceStatus.SUSPENDED}, 300, "suspended", "expired"),  # by the sweep of a day to come
        ({"status": ServiceStatus.TERMINATED}, -91, "terminated", "grace_ended"),
        ({}, -1, "suspended", "expired"),  # which the sweep has still to write down
        ({}, -90, "suspended", "expired"),
        ({}, -91, "terminated", "grace_ended"),
        ({"status": ServiceStatus.SUSPENDED}, -91, "terminated", "grace_ended"),
    ],
)
async def test_it_says_why_it_is_not_at_work(
    bianchi: Partner, stage: Stage, *, changes: dict[str, Any], expires_in: int, status: str, reason: str
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), **changes)
    found = (await bianchi.get(f"/v1/services/{row.id}")).json()
    assert (found["status"], found["status_reason"]) == (status, reason)
    (stored,) = (await bianchi.get("/v1/storage")).json()["items"]
    assert stored["status"] == status
    for wanted in ServiceStatus:
        listed = (await bianchi.get("/v1/services", params={"status": wanted})).json()["items"]
        assert len(listed) == (wanted == status)


async def test_it_tells_what_was_measured(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    tags = [(await bianchi.get(f"/v1/services/{row.id}")).headers["etag"] for _ in range(2)]
    async with stage.sessions.begin() as session:
        measured = "update services set used_bytes = 700000000, full_on = '2027-01-31' where id = :id"
        await session.execute(text(measured), {"id": row.id})
    after = await bianchi.get(f"/v1/services/{row.id}")
    assert after.json()["space"] == {"bought_gb": 1, "used_bytes": 700_000_000, "full_on": "2027-01-31"}
    assert tags[0] == tags[1] != after.headers["etag"]
    had = await bianchi.get(f"/v1/services/{row.id}", headers={"If-None-Match": after.headers["etag"]})
    assert had.status_code == 304


async def test_it_lists_newest_first_by_cursors(bianchi: Partner, verdi: Partner, stage: Stage) -> None:
    rows = [await service(stage, bianchi, expires_on=in_days(days)) for days in (40, 10, 10, 30, 20)]
    await service(stage, verdi, expires_on=in_days(30))
    newest = sorted(rows, key=lambda row: (row.activated_at, row.id), reverse=True)
    pages = await walk(bianchi, "/v1/services", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    listed = [found for page in pages for found in page]
    assert [found["id"] for found in listed] == [str(row.id) for row in newest]
    assert listed[0] == (await bianchi.get(f"/v1/services/{newest[0].id}")).json()


@pytest.mark.usefixtures("provider")
async def test_of_one_day_the_last_one_comes_first(bianchi: Partner) -> None:
    orders = [await bianchi.activated() for _ in range(3)]
    (page,) = await walk(bianchi, "/v1/services", limit=10)
    assert [found["order_id"] for found in page] == orders[::-1]
    (page,) = await walk(bianchi, "/v1/storage", limit=10)
    assert [found["order"]["id"] for found in page] == orders[::-1]


async def test_it_filters(bianchi: Partner, stage: Stage) -> None:
    holder = (await bianchi.titolare())["id"]
    soon = await service(stage, bianchi, expires_on=in_days(10), titolare_id=holder)
    late = await service(stage, bianchi, expires_on=in_days(20), titolare_id=holder, options=DOCFLY)
    over = await service(stage, bianchi, expires_on=in_days(-10), status=ServiceStatus.SUSPENDED)
    for filters, wanted in (
        ({"status": "active"}, [late, soon]),
        ({"status": "suspended"}, [over]),
        ({"status": "terminated"}, []),
        ({"expires_before": in_days(20)}, [soon, over]),
        ({"expires_before": in_days(10)}, [over]),
        ({"expires_before": in_days(21), "status": "active"}, [late, soon]),
        ({"order_id": late.order_id}, [late]),
        ({"order_id": UUID(int=7)}, []),
        ({"titolare_id": holder}, [late, soon]),
        ({"titolare_id": holder, "expires_before": in_days(20)}, [soon]),
    ):
        asked = {name: str(value) for name, value in filters.items()}
        found = (await bianchi.get("/v1/services", params=asked)).json()["items"]
        assert [one["id"] for one in found] == [str(row.id) for row in wanted], filters
        pages = await walk(bianchi, "/v1/services", limit=1, **asked)
        assert [one for page in pages for one in page] == found


@pytest.mark.parametrize(
    ("filters", "pointer"),
    [
        ({"status": "expired"}, "?status"),
        ({"expires_before": "tomorrow"}, "?expires_before"),
        ({"expires_before": "1"}, "?expires_before"),
        ({"expires_before": "2026-02-30"}, "?expires_before"),
        ({"order_id": "1"}, "?order_id"),
        ({"titolare_id": "1"}, "?titolare_id"),
        ({"limit": "101"}, "?limit"),
        ({"cursor": "x"}, "?cursor"),
        ({"cursor": "MjAyNi0wMS0wMVQwMDowMDowMFp8eA=="}, "?cursor"),
        ({"expires_after": "2026-01-01"}, "?expires_after"),
    ],
)
async def test_it_names_the_wrong_filter(bianchi: Partner, filters: dict[str, str], pointer: str) -> None:
    answer = await bianchi.get("/v1/services", params=filters)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}


async def test_a_long_list_costs_as_few_queries_as_a_short_one(bianchi: Partner, stage: Stage) -> None:
    asked: list[str] = []
    engine = stage.sessions.kw["bind"].sync_engine

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    costs = []
    for more in (1, 4):
        for _ in range(more):
            await service(stage, bianchi, expires_on=in_days(10))
        event.listen(engine, "before_cursor_execute", count)
        for path in ("/v1/services", "/v1/storage"):
            assert len((await bianchi.get(path)).json()["items"]) in (1, 5)
        event.remove(engine, "before_cursor_execute", count)
        costs.append(len(asked))
        asked.clear()
    assert 0 < costs[1] < costs[0] + 4  # a worker may be at something meanwhile; a query a service would be eight


async def test_it_lists_every_partners_services_for_operators(
    bianchi: Partner, verdi: Partner, olga: Operator, stage: Stage
) -> None:
    rows = [await service(stage, partner, expires_on=in_days(3650)) for partner in (bianchi, verdi)]
    for row in rows:
        answer = await olga.get("/v1/services", params={"order_id": str(row.order_id)})
        assert [found["id"] for found in answer.json()["items"]] == [str(row.id)]
        assert (await olga.get(f"/v1/services/{row.id}")).status_code == 200
