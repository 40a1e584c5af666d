"""How a service is to be renewed, changed under If-Match."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from db import services
from db.services import ServiceRow
from domain.products import RenewalMode
from domain.services import ServiceStatus
from domain.space import GB, SpaceLevel
from tests.api.checks import eur, is_problem, pointers, send
from tests.personas import Caller, Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service


async def change(caller: Caller, row: ServiceRow, tag: str | None = None, **changes: Any) -> httpx.Response:
    path = f"/v1/services/{row.id}"
    tag = tag or (await caller.get(path)).headers["etag"]
    return await send(caller, path, changes, method="PATCH", **{"If-Match": tag})


async def next_due_on(stage: Stage, row: ServiceRow) -> date | None:
    async with stage.sessions() as session:
        return (await services.lock(session, service_id=row.id)).next_due_on


@pytest.mark.parametrize(
    "changes",
    [
        {"renewal_mode": "on_request"},
        {"renewal_years": 3},
        {"renewal_mode": "on_request", "renewal_years": 2},
        {"renewal_mode": "automatic"},
        {},
    ],
    ids=str,
)
async def test_what_is_given_changes_and_the_rest_stays(
    bianchi: Partner, stage: Stage, changes: dict[str, Any]
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    before = (await bianchi.get(f"/v1/services/{row.id}")).json()
    answer = await change(bianchi, row, **changes)
    assert answer.status_code == 200, answer.text
    after = await bianchi.get(f"/v1/services/{row.id}")
    assert answer.json() == after.json()
    assert after.json() | {"next_renewal": None} == before | changes | {"next_renewal": None}
    assert answer.headers["etag"] == after.headers["etag"]


async def test_what_will_be_charged_follows(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    longer = (await change(bianchi, row, renewal_years=2)).json()
    assert longer["next_renewal"]["price"]["total"] == eur("46.36")
    assert (await change(bianchi, row, renewal_mode="on_request")).json()["next_renewal"] is None
    again = (await change(bianchi, row, renewal_mode="automatic")).json()
    assert again["next_renewal"] == longer["next_renewal"]


async def test_the_sweep_is_told_of_it(bianchi: Partner, stage: Stage) -> None:
    """*A scadenza*, after the last notice, nothing is to be done before the suspension."""
    row = await service(stage, bianchi, expires_on=in_days(0), renewal_mode=RenewalMode.ON_REQUEST)
    async with stage.sessions.begin() as session:
        (await services.lock(session, service_id=row.id)).next_due_on = in_days(1)
    await change(bianchi, row, renewal_mode="automatic")
    assert (await next_due_on(stage, row) or in_days(1)) <= in_days(0)


async def test_it_is_told_in_the_orders_story_once(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    for caller in (bianchi, bianchi, olga):
        mode = "on_request" if caller is bianchi else "automatic"
        assert (await change(caller, row, renewal_mode=mode)).status_code == 200
    events = (await bianchi.get(f"/v1/orders/{row.order_id}/timeline")).json()["items"]
    told = [(event["kind"], event["actor"], event["detail"]) for event in events]
    assert told == [
        ("renewal_changed", "partner", {"mode": "on_request", "years": 1}),
        ("renewal_changed", "operator", {"mode": "automatic", "years": 1}),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"renewal_mode": "never"}, "/renewal_mode"),
        ({"renewal_mode": None}, "/renewal_mode"),
        ({"renewal_mode": True}, "/renewal_mode"),
        ({"renewal_years": 0}, "/renewal_years"),
        ({"renewal_years": -1}, "/renewal_years"),
        ({"renewal_years": 11}, "/renewal_years"),
        ({"renewal_years": 2**63}, "/renewal_years"),
        ({"renewal_years": True}, "/renewal_years"),
        ({"renewal_years": 1.0}, "/renewal_years"),
        ({"renewal_years": "2"}, "/renewal_years"),
        ({"renewal_years": None}, "/renewal_years"),
        ({"expires_on": "2030-01-01"}, "/expires_on"),
        ({"status": "active"}, "/status"),
    ],
    ids=str,
)
async def test_nonsense_changes_nothing(bianchi: Partner, stage: Stage, changes: dict[str, Any], pointer: str) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    before = await bianchi.get(f"/v1/services/{row.id}")
    answer = await change(bianchi, row, **changes)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert (await bianchi.get(f"/v1/services/{row.id}")).headers["etag"] == before.headers["etag"]


async def test_its_product_says_how_long(bianchi: Partner, stage: Stage) -> None:
    short = await service(stage, bianchi, expires_on=in_days(30))
    long = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    refused = await change(bianchi, short, renewal_years=4)
    assert is_problem(refused, 422, "TermOutOfRange")
    assert refused.json()["longest_years"] == 3
    assert (await change(bianchi, long, renewal_years=10)).json()["renewal_years"] == 10
    assert (await bianchi.get(f"/v1/services/{short.id}")).json()["renewal_years"] == 1


async def test_a_suspended_service_may_change_and_an_ended_one_may_not(bianchi: Partner, stage: Stage) -> None:
    suspended = await service(stage, bianchi, expires_on=in_days(-5), status=ServiceStatus.SUSPENDED)
    assert (await change(bianchi, suspended, renewal_years=2)).status_code == 200
    for ended in (
        await service(stage, bianchi, expires_on=in_days(-91), status=ServiceStatus.TERMINATED),
        await service(stage, bianchi, expires_on=in_days(-91), status=ServiceStatus.SUSPENDED),  # not swept yet
    ):
        assert is_problem(await change(bianchi, ended, renewal_years=2), 409, "ServiceTerminated")
        assert await bianchi.timeline(str(ended.order_id)) == []


async def test_of_two_changes_at_once_one_is_stale(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    tag = (await bianchi.get(f"/v1/services/{row.id}")).headers["etag"]
    answers = await asyncio.gather(*(change(bianchi, row, tag, renewal_years=years) for years in range(2, 7)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    untagged = await bianchi.http.patch(f"/v1/services/{row.id}", json={})
    assert is_problem(untagged, 428, "PreconditionRequired")


async def test_what_moves_by_itself_makes_no_change_stale(bianchi: Partner, stage: Stage) -> None:
    """A poll and a sweep came by: whoever looks again is told, whoever changes the renewal overwrites none of it."""
    row = await service(stage, bianchi, expires_on=in_days(0), options=DOCFLY)
    path = f"/v1/services/{row.id}"
    before = await bianchi.get(path)
    full = {"space_level": SpaceLevel.FULL, "used_bytes": GB, "full_on": in_days(-1)}
    await write(stage, row, status=ServiceStatus.SUSPENDED, **full)
    after = await bianchi.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    moving = ("status", "status_reason", "next_renewal", "space")
    assert all(after.json()[name] != before.json()[name] for name in moving)
    assert (await change(bianchi, row, before.headers["etag"], renewal_years=2)).json()["renewal_years"] == 2


async def test_what_was_bought_meanwhile_makes_a_change_stale(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    path = f"/v1/services/{row.id}"
    tag = (await bianchi.get(path)).headers["etag"]
    await write(stage, row, added_gb=1)
    assert is_problem(await change(bianchi, row, tag, renewal_years=2), 412, "PreconditionFailed")
    tag = (await bianchi.get(path)).headers["etag"]
    renewed = await send(bianchi, f"{path}/renewals", {"years": 1, "expires_on": str(row.expires_on)})
    assert renewed.status_code == 201, renewed.text
    assert is_problem(await change(bianchi, row, tag, renewal_years=2), 412, "PreconditionFailed")


async def write(stage: Stage, row: ServiceRow, **values: Any) -> None:
    async with stage.sessions.begin() as session:
        await session.execute(update(ServiceRow).where(ServiceRow.id == row.id).values(**values))
