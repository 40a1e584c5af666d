"""The space of a service: measured, warned of, bought, and read-only in between."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.upkeep import Upkeep
from db.services import ServiceRow
from domain.lifecycle import Actor
from domain.service_orders import SpaceOrder, Sweep
from domain.space import GB
from gateways import provider as outside
from tests.personas import Partner, Stage
from tests.services import in_days, open_account, service
from tests.simulators.hands import Provider
from tests.sweeps.sweeping import as_it_is, poll, subjects, until_account_is
from workflows import service_client


def wish(row: ServiceRow, *, gb: int) -> SpaceOrder:
    return SpaceOrder(purchase_id=uuid4(), service_id=row.id, order_id=row.order_id, gb=gb, asked_by=Actor.PARTNER)


@pytest.fixture
async def row(stage: Stage, bianchi: Partner, provider: Provider) -> ServiceRow:  # noqa: ARG001
    row = await service(stage, bianchi, expires_on=in_days(200))
    await open_account(stage, row)
    return row


async def test_each_level_is_told_once(stage: Stage, bianchi: Partner, row: ServiceRow, provider: Provider) -> None:
    for day, used_bytes in enumerate((0, GB * 7 // 10, GB * 8 // 10, GB, GB + 1)):
        provider.use(row.order_id, used_bytes)
        await poll(stage, on=in_days(day))
        await poll(stage, on=in_days(day))
    assert len(await subjects(bianchi)) == 2
    full = await as_it_is(stage, row.id)
    assert (full.status, full.is_full, full.used_bytes) == ("active", True, GB + 1)


async def test_full_is_read_only_until_more_is_bought(
    stage: Stage, bianchi: Partner, row: ServiceRow, provider: Provider
) -> None:
    provider.use(row.order_id, GB)
    await poll(stage, on=in_days(0))
    assert provider.held(row.order_id)["state"] == "suspended"
    before, purchase = row.expires_on, wish(row, gb=4)
    await asyncio.gather(*(service_client.buy_space(stage.temporal, purchase=purchase) for _ in range(3)))
    await until_account_is(stage, row.order_id, "active")
    bought = await as_it_is(stage, row.id)
    assert (bought.is_full, bought.expires_on, bought.service.quotas.gb) == (False, before, 5)
    assert provider.held(row.order_id)["quotas"]["gb"] == 5
    assert await bianchi.balance() == "980.48"  # 4 GB at EUR 4.00 and 22 %, for the year that has begun


async def test_the_day_it_fills_is_forecast(
    stage: Stage, bianchi: Partner, row: ServiceRow, provider: Provider
) -> None:
    for day in range(4):
        provider.use(row.order_id, (day + 1) * GB // 20)
        await poll(stage, on=in_days(day))
    (mine,) = (await bianchi.get("/v1/storage")).json()["items"]
    assert mine["full_on"] == in_days(19).isoformat()


async def test_a_question_that_waited_for_a_worker_over_midnight_counts_for_the_day_it_is_put(
    stage: Stage, bianchi: Partner, row: ServiceRow, provider: Provider
) -> None:
    """Nobody knows how full a service was yesterday."""
    provider.use(row.order_id, GB * 8 // 10)
    now, asked, environment = datetime.now(UTC), outside.Provider(provider.url), ActivityEnvironment()
    environment.info = replace(environment.info, started_time=now)
    late = Sweep(at=now - timedelta(days=1))
    await environment.run(Upkeep(stage.sessions, provider=asked).measure_space, late)
    await asked.close()
    assert (await as_it_is(stage, row.id)).measured_on == in_days(0)
    (mine,) = (await bianchi.get(f"/v1/orders/{row.order_id}/timeline")).json()["items"]
    assert datetime.fromisoformat(mine["at"]) == now
