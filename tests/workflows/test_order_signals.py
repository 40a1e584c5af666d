"""Operators at a terminal: signals as `temporal workflow signal` sends them, and Temporal's own cancel request."""

import asyncio
import json
import subprocess
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowFailureError

from local.temporal import BINARY
from tests.personas import Operator, Partner, Stage
from tests.simulators.hands import Provider
from workflows.messages import ORDERS
from workflows.order import OrderWorkflow


async def signal(stage: Stage, order_id: str, name: str, *inputs: object) -> None:
    """As at a terminal."""
    words = [f"--input={json.dumps(value)}" for value in inputs]
    where = ["--address", stage.settings.temporal_address, "--workflow-id", f"order-{order_id}", "--name", name]
    command = [str(BINARY), "workflow", "signal", *where, *words]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)


@pytest.mark.parametrize("inputs", [(), ("doppione",), ("doppione\x00\x1b" + "x" * 5_000,), ("",), (None,)])
async def test_cancel_order_cancels_and_refunds(bianchi: Partner, stage: Stage, inputs: tuple[str | None, ...]) -> None:
    before = await bianchi.balance()
    order_id = await bianchi.placed()
    await signal(stage, order_id, "cancel_order", *inputs)
    order = await bianchi.until(order_id, "cancelled")
    assert order["reason"] == "operator_request"
    assert await bianchi.balance() == before


async def test_resend_contracts_mails_anew_and_kills_the_older_link(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    (old,) = await bianchi.links(order_id)
    await signal(stage, order_id, "resend_contracts", "non l'ha ricevuta")
    first, new = await bianchi.links(order_id, at_least=2)
    assert first == old != new
    assert (await bianchi.http.get(old)).status_code == 410
    assert (await bianchi.http.get(new)).status_code == 200
    assert "contract_resent" in await bianchi.timeline(order_id)


async def test_resend_contracts_stops_at_ten_mails(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    order_id = await bianchi.placed()
    for _ in range(9):
        answer = await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "email"})
        assert answer.status_code == 202
    answer = await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
    assert answer.json()["type"].endswith("/TooManyResends")
    await signal(stage, order_id, "resend_contracts")
    await stage.workflow(order_id).query(OrderWorkflow.status)
    assert len((await bianchi.order(order_id))["contract_mails"]) == 10


MALFORMED_OR_UNTIMELY: list[tuple[str, tuple[object, ...]]] = [
    ("cancel_order", ({"reason": "x"},)),
    ("cancel_order", (12,)),
    ("cancel_order", ([],)),
    ("cancel_order", ("one", "two")),
    ("resend_contracts", ({},)),
    ("provider_reported", ("nonsense",)),
    ("provider_reported", ()),
    ("provider_reported", (None,)),
    ("no_such_signal", ("x",)),
]


async def test_malformed_or_untimely_signals_change_nothing(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    for name, inputs in MALFORMED_OR_UNTIMELY:
        await signal(stage, order_id, name, *inputs)
        assert await stage.workflow(order_id).query(OrderWorkflow.status) == "awaiting_documents", (name, inputs)
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.assign(order_id)).status_code == 200
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"


@pytest.mark.parametrize("gates", ["none", "accepted", "both"])
async def test_temporals_own_cancel_request_cancels_and_refunds(
    bianchi: Partner, stage: Stage, provider: Provider, gates: str
) -> None:
    before = await bianchi.balance()
    order_id = await bianchi.placed()
    provider.mode("pending", order=UUID(order_id))
    if gates != "none":
        await bianchi.decide(order_id)
    if gates == "both":
        await bianchi.assign(order_id)
    await stage.workflow(order_id).cancel()
    assert (await bianchi.until(order_id, "cancelled"))["reason"] == "operator_request"
    assert await bianchi.balance() == before
    assert await stage.workflow(order_id).result() == "cancelled"


async def test_a_malformed_start_fails_and_does_not_hang(stage: Stage) -> None:
    handle = await stage.temporal.start_workflow(
        "OrderWorkflow", {"nonsense": True}, id=f"order-{uuid4()}", task_queue=ORDERS
    )
    with pytest.raises(WorkflowFailureError):
        await asyncio.wait_for(handle.result(), 20)
