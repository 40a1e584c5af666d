"""What is too much for one history goes on in the next."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from temporalio.testing import WorkflowEnvironment

import worker
from activities import sweeping
from db import services
from domain.products import RenewalMode
from domain.services import AccountState
from local import temporal
from tests.personas import Partner, Stage
from tests.services import PA, in_days, many_services, open_account
from tests.simulators.hands import Provider
from tests.sweeps.sweeping import charges, sweep, until_account_is, until_told
from workflows.connection import CONVERTER
from workflows.dispatch import DispatchWorkflow
from workflows.messages import DISPATCH, ORDERS

BY_HAND = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
LONG = 30
"""Events."""


@pytest.fixture
async def narrow(stage: Stage) -> AsyncIterator[Stage]:
    """The same house, at a server that wants short histories."""
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(temporal.BINARY),
            dev_server_log_level="never",
            dev_server_extra_args=["--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={LONG}"],
            data_converter=CONVERTER,
        ) as environment,
        worker.running(environment.client, stage.settings, stage.sessions),
    ):
        yield replace(stage, temporal=environment.client)


@pytest.mark.usefixtures("provider")
async def test_a_partner_with_many_renewals_takes_several(
    narrow: Stage, bianchi: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "RENEWALS", 2)
    await many_services(narrow, bianchi, number=12, expires_on=lambda _: in_days(3))
    swept = await sweep(narrow, on=in_days(0))
    assert await charges(narrow, bianchi) == 12
    runs = [run async for run in narrow.temporal.list_workflows(f"WorkflowId = '{swept}'")]
    assert max(run.history_length for run in runs) < 2 * LONG


@pytest.mark.usefixtures("provider")
async def test_what_the_provider_refuses_of_many_services_is_no_endless_story(narrow: Stage, bianchi: Partner) -> None:
    rows = await many_services(narrow, bianchi, number=25, expires_on=lambda _: in_days(-1), options=BY_HAND)
    async with asyncio.timeout(60):
        await sweep(narrow, on=in_days(0))  # of accounts that nobody knows there
    for row in rows:
        assert "provider_refused" in await bianchi.timeline(str(row.order_id))


async def test_who_is_asked_to_look_again_looks_at_all_again_in_the_next_history(
    narrow: Stage, bianchi: Partner, provider: Provider
) -> None:
    rows = await many_services(narrow, bianchi, number=12, expires_on=lambda _: in_days(100))
    for row in rows:
        await open_account(narrow, row)
    passed, held_up, *others = sorted(rows, key=lambda row: row.id)
    for row in (held_up, *others):
        await want_suspended(narrow, row.id)
    provider.mode("error", order=held_up.order_id, calls="all")
    telling = await narrow.temporal.start_workflow(DispatchWorkflow.run, None, id=DISPATCH, task_queue=ORDERS)
    for row in others:
        await until_account_is(narrow, row.order_id, "suspended")
    await want_suspended(narrow, passed.id)
    await telling.signal(DispatchWorkflow.look_again)
    provider.mode("instant", order=held_up.order_id)
    await until_told(narrow)
    assert {provider.held(row.order_id)["state"] for row in rows} == {"suspended"}


async def want_suspended(stage: Stage, service_id: UUID) -> None:
    async with stage.sessions.begin() as session:
        row = await services.lock(session, service_id=service_id)
        row.wanted = row.wanted.model_copy(update={"state": AccountState.SUSPENDED})
