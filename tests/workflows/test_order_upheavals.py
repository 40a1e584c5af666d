"""An order among upheavals: asked twice, cancelled by everybody at once, replayed, reset, or ended by force."""

import asyncio
from uuid import UUID, uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

import worker
from domain.errors import DuplicateOpenOrder, EngineUnavailable, InsufficientCredit
from domain.lifecycle import Actor, CancelReason
from domain.orders import Cancellation, Order, Retry
from domain.products import DocflyOptions, DocflyPaOptions, Product, StarterKit
from local import temporal
from tests.personas import Partner, Stage, eventually
from tests.simulators.hands import Provider
from tests.workflows.processes import annexe
from tests.workflows.test_order_provider import through_the_gates
from workflows import client
from workflows.connection import connect
from workflows.messages import ORDERS, order_workflow_id
from workflows.order import OrderWorkflow

CONNECTIONS_LIVE_MS = 300
BY_PARTNER = Cancellation(reason=CancelReason.PARTNER_REQUEST, actor=Actor.PARTNER)
DEAR = DocflyOptions(product=Product.DOCFLY, renewal_years=10, starter_kit=StarterKit.KIT_50GB)


async def wish(bianchi: Partner, options: DocflyPaOptions | DocflyOptions | None = None) -> Order:
    return Order(
        order_id=uuid4(),
        partner_id=bianchi.partner_id,
        titolare_id=UUID((await bianchi.titolare())["id"]),
        options=options or DocflyPaOptions(product=Product.DOCFLY_PA),
    )


async def test_placing_again_gives_the_same_answer_even_after_the_end(bianchi: Partner, stage: Stage) -> None:
    order = await wish(bianchi)
    for _ in range(2):
        await client.place_order(stage.temporal, order=order)
    await client.cancel_order(stage.temporal, order_id=order.order_id, cancellation=BY_PARTNER)
    await stage.workflow(str(order.order_id)).result()
    await client.place_order(stage.temporal, order=order)
    assert (await bianchi.order(str(order.order_id)))["status"] == "cancelled"
    assert await bianchi.balance() == "1000.00"


async def test_a_refusal_stays_a_refusal_even_if_it_would_go_well_now(bianchi: Partner, stage: Stage) -> None:
    order = await wish(bianchi, DEAR)
    refusals = []
    for _ in range(2):
        with pytest.raises(InsufficientCredit) as refusal:
            await client.place_order(stage.temporal, order=order)
        refusals.append(refusal.value.missing_cents)
        assert await stage.workflow(str(order.order_id)).result() == "refused"
    assert refusals[0] == refusals[1] > 0


async def test_another_request_asks_anew_for_what_was_refused(bianchi: Partner, stage: Stage) -> None:
    order = await wish(bianchi, DEAR)
    with pytest.raises(InsufficientCredit) as refusal:
        await client.place_order(stage.temporal, order=order)
    assert await stage.workflow(str(order.order_id)).result() == "refused"
    await stage.top_up(bianchi, cents=refusal.value.missing_cents)
    for _ in range(2):
        await client.place_order(stage.temporal, order=order, request_id=uuid4())
    assert await bianchi.balance() == "0.00"


async def test_an_order_that_began_unheard_is_found_when_it_has_ended(bianchi: Partner, stage: Stage) -> None:
    """Its start had come through, the question for its answer had not."""
    order = await wish(bianchi)
    await begin(stage, order)
    await stage.workflow(str(order.order_id)).signal(OrderWorkflow.cancel_order, "doppione")
    assert await stage.workflow(str(order.order_id)).result() == "cancelled"
    await client.place_order(stage.temporal, order=order)
    refused = await wish(bianchi, DEAR)
    await begin(stage, refused)
    assert await stage.workflow(str(refused.order_id)).result() == "refused"
    with pytest.raises(InsufficientCredit):
        await client.place_order(stage.temporal, order=refused)


async def begin(stage: Stage, order: Order) -> None:
    name = order_workflow_id(order.order_id)
    await stage.temporal.start_workflow(OrderWorkflow.run, order, id=name, task_queue=ORDERS)


async def test_orders_that_race_for_one_titolare_leave_one(bianchi: Partner, stage: Stage) -> None:
    first = await wish(bianchi)
    orders = [first.model_copy(update={"order_id": uuid4()}) for _ in range(5)]
    placed = await asyncio.gather(
        *(client.place_order(stage.temporal, order=order) for order in orders), return_exceptions=True
    )
    refused = [error for error in placed if error is not None]
    assert len(refused) == 4
    (winner,) = [order.order_id for order, error in zip(orders, placed, strict=True) if error is None]
    for error in refused:
        assert isinstance(error, DuplicateOpenOrder)
        assert error.order_id == winner


async def test_everybody_cancels_at_once_and_it_is_refunded_once(
    bianchi: Partner, stage: Stage, provider: Provider
) -> None:
    before = await bianchi.balance()
    order_id = await through_the_gates(bianchi, provider, "pending")
    handle = stage.workflow(order_id)
    await asyncio.gather(
        *(bianchi.cancel(order_id) for _ in range(3)),
        *(handle.cancel() for _ in range(2)),
        handle.signal(OrderWorkflow.cancel_order, "doppione"),
    )
    await bianchi.until(order_id, "cancelled")
    assert await bianchi.balance() == before
    assert (await bianchi.timeline(order_id)).count("order_cancelled") == 1
    assert await handle.result() == "cancelled"


async def test_what_was_said_before_a_worker_came_is_heard(stage: Stage) -> None:
    async with annexe(stage, namespace="late-worker") as house, await house.partner("Studio Bianchi") as bianchi:
        order = await wish(bianchi)
        await begin(house, order)
        handle = house.workflow(str(order.order_id))
        await handle.signal(OrderWorkflow.resend_contracts, "troppo presto")
        await handle.signal(OrderWorkflow.cancel_order, "doppione")
        await handle.cancel()
        async with worker.running(house.temporal, house.settings, house.sessions):
            assert await handle.result() == "cancelled"
        assert (await bianchi.order(str(order.order_id)))["reason"] == "operator_request"
        assert await bianchi.balance() == "1000.00"


async def test_a_worker_that_remembers_nothing_does_as_well(stage: Stage, provider: Provider) -> None:
    async with annexe(stage, namespace="forgetful") as house, await house.partner("Studio Bianchi") as bianchi:
        async with worker.running(house.temporal, house.settings, house.sessions, cached=0):
            order_id = await bianchi.activated()
            await house.workflow(order_id).result()
            other = await through_the_gates(bianchi, provider, "pending")
            assert (await bianchi.cancel(other)).status_code == 202
            await house.workflow(other).result()
        assert await bianchi.balance() == "976.82"


async def test_an_order_that_is_told_anew_ends_as_it_had(bianchi: Partner, stage: Stage) -> None:
    """An operator's `temporal workflow reset`, with everything forgotten that was said: the row knows."""
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    await stage.workflow(order_id).result()
    before, told = await bianchi.timeline(order_id), await bianchi.balance()
    request = ResetWorkflowExecutionRequest(
        namespace="default",
        workflow_execution=WorkflowExecution(workflow_id=order_workflow_id(UUID(order_id))),
        reason="told anew",
        workflow_task_finish_event_id=4,
        request_id=str(uuid4()),
        reset_reapply_exclude_types=[
            ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
            ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE,
        ],
    )
    await stage.temporal.workflow_service.reset_workflow_execution(request, retry=True)
    assert await asyncio.wait_for(stage.workflow(order_id).result(), 20) == "cancelled"
    assert await bianchi.timeline(order_id) == before
    assert await bianchi.balance() == told == "1000.00"


async def test_an_end_by_force_is_no_domain_error(bianchi: Partner, stage: Stage, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "error", calls="all")
    order, handle = UUID(order_id), stage.workflow(order_id)

    async def heard() -> int:
        events = (await handle.fetch_history()).events
        return sum(event.HasField("workflow_execution_update_accepted_event_attributes") for event in events)

    before = await heard()
    cancelling = asyncio.create_task(client.cancel_order(stage.temporal, order_id=order, cancellation=BY_PARTNER))

    async def one_more() -> bool:
        return await heard() > before

    await eventually(one_more)
    await handle.terminate("by force")
    with pytest.raises(WorkflowUpdateFailedError):
        await cancelling


async def test_a_server_that_is_gone_is_no_answer(bianchi: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SECONDS", 1)
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(temporal.BINARY), dev_server_log_level="never"
    ) as server:
        address = server.client.service_client.config.target_host
        gone: Client = await connect(address, namespace="default")
        assert await client.is_reachable(gone)
    assert not await client.is_reachable(gone)
    with pytest.raises(EngineUnavailable):
        await client.place_order(gone, order=await wish(bianchi))
    with pytest.raises(EngineUnavailable):
        await client.retry_activation(gone, order_id=uuid4(), retry=Retry())


async def test_a_server_that_renews_its_connections_is_reachable_all_the_while() -> None:
    """It lets the calls that wait on the old one end; who asks next is told "canceled", once."""
    life = f'frontend.keepAliveMaxConnectionAge="{CONNECTIONS_LIVE_MS}ms"'
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(temporal.BINARY),
        dev_server_log_level="never",
        dev_server_extra_args=["--dynamic-config-value", life],
    ) as server:
        asking = await connect(server.client.service_client.config.target_host, namespace="default")
        for number in range(3):
            handle = await asking.start_workflow("Nobody", id=f"waits-{number}", task_queue="nobody")
            waiting = asyncio.create_task(handle.result())
            await asyncio.sleep(2 * CONNECTIONS_LIVE_MS / 1_000)
            assert await client.is_reachable(asking)
            waiting.cancel()


async def test_a_server_that_knows_no_orders_is_no_answer(bianchi: Partner, stage: Stage) -> None:
    astray = await connect(stage.settings.temporal_address, namespace="nowhere")
    with pytest.raises(EngineUnavailable):
        await client.place_order(astray, order=await wish(bianchi))
