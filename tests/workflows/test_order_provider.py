"""The provider in its moods: silent, late, refusing, failing, hanging, repeating itself."""

import asyncio
from uuid import UUID

import pytest

from domain.lifecycle import Account
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Provider
from workflows.order import OrderWorkflow


async def through_the_gates(bianchi: Partner, provider: Provider, mode: str, **details: object) -> str:
    order_id = await bianchi.placed()
    provider.mode(mode, order=UUID(order_id), **details)
    await bianchi.decide(order_id)
    assert (await bianchi.assign(order_id)).json()["missing"] == []  # the provider may have answered already
    return order_id


async def complete(provider: Provider, order_id: str, state: str, **details: object) -> None:
    """The provider makes up its mind, once it has been asked."""

    async def completed() -> bool:
        answer = await asyncio.to_thread(provider.complete, UUID(order_id), state, **details)
        return answer.is_success

    await eventually(completed)


async def test_it_answers_later_by_a_callback(bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "delayed", delay_s=0.3)
    await bianchi.until(order_id, "active")


@pytest.mark.parametrize("times", [1, 3])
async def test_a_callback_may_come_more_than_once(
    bianchi: Partner, provider: Provider, stage: Stage, times: int
) -> None:
    order_id = await through_the_gates(bianchi, provider, "pending")
    await complete(provider, order_id, "active", times=times)
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"
    await stage.workflow(order_id).result()
    await complete(provider, order_id, "active", times=1)
    assert (await bianchi.timeline(order_id)).count("order_activated") == 1


async def test_silence_is_polled(bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "pending")
    await complete(provider, order_id, "active", callback=False)
    await bianchi.until(order_id, "active")


async def test_it_refuses_and_an_operator_retries(bianchi: Partner, olga: Operator, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    order = await bianchi.until(order_id, "activation_failed")
    assert order["next_action"]["actor"] == "operator"
    provider.mode("instant", order=UUID(order_id))
    assert (await olga.post(f"/v1/orders/{order_id}/activation")).status_code == 202
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"


async def test_it_refuses_by_callback_and_the_partner_cancels(
    bianchi: Partner, provider: Provider, stage: Stage
) -> None:
    before = await bianchi.balance()
    order_id = await through_the_gates(bianchi, provider, "pending")
    await complete(provider, order_id, "refused")
    await bianchi.until(order_id, "activation_failed")
    told = await bianchi.cancel(order_id)
    assert (told.status_code, told.json()["reason"]) == (202, "partner_request")
    assert await bianchi.balance() == before
    await stage.workflow(order_id).result()
    assert len(await stage.mails(bianchi.address)) == 3  # it was accepted, it failed, it is off


async def test_an_operator_cancels_what_the_provider_refused(
    bianchi: Partner, olga: Operator, provider: Provider
) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    answer = await olga.post(f"/v1/orders/{order_id}/cancellation", json={"reason": "rifiutato"})
    assert answer.json()["reason"] == "activation_refused"


async def test_it_may_open_the_account_after_it_had_refused(bianchi: Partner, provider: Provider, stage: Stage) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    provider.mode("instant", order=UUID(order_id))
    provider.put(UUID(order_id))
    await stage.workflow(order_id).signal(OrderWorkflow.provider_reported, Account.ACTIVE)
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"
    await stage.workflow(order_id).result()


async def test_a_callback_that_tells_no_names_leaves_none_out(
    bianchi: Partner, provider: Provider, stage: Stage
) -> None:
    order_id = await through_the_gates(bianchi, provider, "pending")
    await complete(provider, order_id, "active", named=False)
    order = await bianchi.until(order_id, "active")
    keeper = (await bianchi.get(f"/v1/titolari/{order['responsabili']['conservazione']}")).json()
    (mail,) = await eventually(lambda: stage.mails(keeper["pec"]))
    assert f"df-{UUID(order_id).hex}" in mail["text"]


async def test_it_fails_for_a_while(bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "error")
    provider.mode("instant", order=UUID(order_id))
    await bianchi.until(order_id, "active")


@pytest.mark.parametrize("mode", ["error", "pending", "hang"])
async def test_a_cancellation_overtakes_it(bianchi: Partner, provider: Provider, mode: str) -> None:
    before = await bianchi.balance()
    order_id = await through_the_gates(bianchi, provider, mode)
    answer = await bianchi.cancel(order_id)
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    assert await bianchi.balance() == before
    assert provider.held(UUID(order_id))["state"] == "revoked"


async def test_a_cancellation_is_heard_while_the_provider_cannot_revoke(bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "error", calls="all")
    answer = await bianchi.cancel(order_id)
    assert (answer.status_code, answer.json()["status"]) == (202, "activating")
    provider.mode("instant", order=UUID(order_id))
    order = await bianchi.until(order_id, "cancelled", within=60)
    assert order["refunded"] == order["charged"]


async def test_what_is_live_stays_live(bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "hang_after")
    answer = await bianchi.cancel(order_id)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "OrderNotCancellable")
    order = await bianchi.until(order_id, "active")
    assert order["refunded"]["amount"] == "0.00"
    assert provider.held(UUID(order_id))["state"] == "active"
