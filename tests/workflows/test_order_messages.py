"""Messages that nobody of ours sends: whatever their shape, they never block an order."""

import asyncio
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue

from tests.personas import Partner, Stage
from workflows.order import OrderWorkflow

NOTHING = RawValue(Payload(metadata={"encoding": b"binary/null"}))
BYTES = RawValue(Payload(metadata={"encoding": b"binary/plain"}, data=b"x"))


@pytest.mark.parametrize("inputs", [NOTHING, BYTES], ids=["nothing", "bytes"])
@pytest.mark.parametrize("name", ["cancel_order", "resend_contracts", "provider_reported"])
async def test_a_signal_that_is_no_json_is_dropped(bianchi: Partner, stage: Stage, name: str, inputs: RawValue) -> None:
    order_id = await bianchi.placed()
    await stage.workflow(order_id).signal(name, inputs)
    await works_still(bianchi, stage, order_id)


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("accept", ["Maria"]),
        ("accept", [NOTHING]),
        ("accept", [BYTES]),
        ("assign_responsabili", []),
        ("assign_responsabili", [{}]),
        ("assign_responsabili", [{}, {}]),
        ("assign_responsabili", [NOTHING]),
        ("cancel", []),
        ("cancel", [NOTHING]),
        ("cancel", [BYTES]),
        ("decline", [NOTHING]),
        ("release", []),
        ("release", [{}, {}]),
        ("release", [NOTHING]),
        ("release", [BYTES]),
        ("resend", [{"to": "Maria"}]),
        ("retry_activation", ["x"]),
        ("no_such_update", []),
    ],
)
async def test_an_update_that_doesnt_fit_is_refused(
    bianchi: Partner, stage: Stage, name: str, inputs: list[Any]
) -> None:
    order_id = await bianchi.placed()
    with pytest.raises(WorkflowUpdateFailedError):
        await asyncio.wait_for(stage.workflow(order_id).execute_update(name, args=inputs), 10)
    await works_still(bianchi, stage, order_id)


async def works_still(bianchi: Partner, stage: Stage, order_id: str) -> None:
    """It is where it was, can go on, and ends."""
    assert await asyncio.wait_for(stage.workflow(order_id).query(OrderWorkflow.status), 10) == "awaiting_documents"
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.cancel(order_id)).json()["reason"] == "partner_request"
    assert await asyncio.wait_for(stage.workflow(order_id).result(), 10) == "cancelled"
