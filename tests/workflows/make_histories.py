"""Makes replay cases: `pytest tests/workflows/make_histories.py -k <play>`. Run by hand, when a shape is released.

A case that is replaced no longer guards the orders of the released shape: add, rather than replace.
"""

from contextlib import suppress

import pytest
from temporalio.client import WorkflowFailureError

from local.history import HISTORIES, write
from tests.personas import Operator, Partner, Stage
from tests.simulators.hands import Provider
from tests.workflows.plays import PLAYS, Play
from tests.workflows.service_plays import SERVICE_PLAYS, ServicePlay


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__)
async def test_play(stage: Stage, bianchi: Partner, olga: Operator, provider: Provider, play: Play) -> None:
    order_id = await play(stage, bianchi, olga, provider)
    handle = stage.workflow(order_id)
    answer = await bianchi.get(f"/v1/orders/{order_id}")
    if answer.status_code == 404 or answer.json()["status"] in ("active", "cancelled"):
        await handle.result()
    else:
        await handle.signal("no_such_signal")  # one event after the stage: replay looks no further
        await handle.query("status")
    write(await handle.fetch_history(), HISTORIES / f"{play.__name__}.json")


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("play", SERVICE_PLAYS, ids=lambda play: play.__name__)
async def test_service_play(stage: Stage, bianchi: Partner, play: ServicePlay) -> None:
    handle = stage.temporal.get_workflow_handle(await play(stage, bianchi))
    with suppress(WorkflowFailureError):  # a renewal that was refused fails
        await handle.result()
    write(await handle.fetch_history(), HISTORIES / f"{play.__name__}.json")
