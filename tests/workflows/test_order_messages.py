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
    ("cancel_order", BYTES),
    ("resend_contracts", BYTES),
    ("provider_reported", NOTHING),
    ("provider_reported", BYTES),
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


async def test_a_reason_that_is_nothing_is_none(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)  # a mail that is overtaken before it is sent never comes
    await stage.workflow(order_id).signal("resend_contracts", NOTHING)
    await bianchi.links(order_id, at_least=2)
    await stage.workflow(order_id).signal("cancel_order", NOTHING)
    assert (await bianchi.until(order_id, "cancelled"))["reason"] == "operator_request"


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
