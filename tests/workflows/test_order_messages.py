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


SIGNALS = [
    (name, inputs) for name in ("cancel_order", "resend_contracts", "provider_reported") for inputs in (NOTHING, BYTES)
]
UPDATES: list[tuple[str, list[Any]]] = [
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
]


async def test_signals_that_are_no_json_are_dropped(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    for name, inputs in SIGNALS:
        await stage.workflow(order_id).signal(name, inputs)
        assert await status(stage, order_id) == "awaiting_documents", (name, inputs)
    await works_still(bianchi, stage, order_id)


async def test_updates_that_dont_fit_are_refused(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    for name, inputs in UPDATES:
        with pytest.raises(WorkflowUpdateFailedError):
            await asyncio.wait_for(stage.workflow(order_id).execute_update(name, args=inputs), 10)
        assert await status(stage, order_id) == "awaiting_documents", (name, inputs)
    await works_still(bianchi, stage, order_id)


async def status(stage: Stage, order_id: str) -> str | None:
    return await asyncio.wait_for(stage.workflow(order_id).query(OrderWorkflow.status), 10)


async def works_still(bianchi: Partner, stage: Stage, order_id: str) -> None:
    """It can go on, and ends."""
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.cancel(order_id)).json()["reason"] == "partner_request"
    assert await asyncio.wait_for(stage.workflow(order_id).result(), 10) == "cancelled"
