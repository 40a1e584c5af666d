"""What is too much for one history goes on in the next."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

import worker
from activities import sweeping
from domain.products import RenewalMode
from local import temporal
from tests.personas import Partner, Stage
from tests.services import PA, in_days, many_services
from tests.sweeps.sweeping import charges, sweep
from workflows.connection import CONVERTER

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
