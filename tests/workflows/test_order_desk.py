"""Who knocks at an order's desk, and what a hold, or a word that comes late, does to it."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from temporalio.api.workflowservice.v1 import RespondActivityTaskFailedByIdRequest
from temporalio.service import RPCError, RPCStatusCode

import worker
from db import decisions, orders
from db.decisions import Answer, DecisionRow
from db.orders import OrderRow
from domain.errors import NotAwaitingDocuments, OrderHeld, OrderNotHeld
from domain.lifecycle import Account, Actor, CancelReason
from domain.orders import Extension, Release, Resend
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Catcher, Provider
from tests.workflows.processes import annexe
from tests.workflows.test_order_provider import complete, through_the_gates
from workflows import client
from workflows.order import OrderWorkflow

EVIDENCE = {"name": "Maria Rossi", "capacity": "titolare", "ip": "127.0.0.1", "user_agent": "browser"}


async def held(bianchi: Partner) -> str:
    order_id = await bianchi.placed()
    assert (await bianchi.decide(order_id, "report")).status_code == 303
    return order_id


async def test_nothing_moves_while_it_is_held(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    order_id = await held(bianchi)
    order, decision = UUID(order_id), uuid4()
    for knock in (client.accept_contract, client.decline_contract, client.report_order):
        with pytest.raises(OrderHeld):
            await knock(stage.temporal, order_id=order, decision_id=decision)
    with pytest.raises(OrderHeld):
        await client.resend_contracts(stage.temporal, order_id=order, wish=Resend())
    await stage.workflow(order_id).signal(OrderWorkflow.resend_contracts, "non l'ha ricevuta")
    await stage.fast_forward(order_id, days=4)
    assert len(await stage.mails(await bianchi.pec_of(order_id))) == 1
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    answer = await olga.post(f"/v1/orders/{order_id}/cancellation", json={"reason": "sconosciuto"})
    assert (answer.status_code, answer.json()["reason"]) == (202, "operator_request")


async def test_a_released_order_goes_on_where_it_stood(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    order_id = await held(bianchi)
    assert (await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "ha richiamato"})).status_code == 200
    await stage.fast_forward(order_id, days=4)
    await bianchi.links(order_id, at_least=2)  # the reminder
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.order(order_id))["status"] == "awaiting_responsabile"


async def test_only_a_held_order_is_released(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    order_id = await bianchi.placed()
    answer = await olga.post(f"/v1/orders/{order_id}/release", json={})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "OrderNotHeld")
    await bianchi.cancel(order_id)
    await stage.workflow(order_id).result()
    with pytest.raises(OrderNotHeld):
        await client.release_order(stage.temporal, order_id=UUID(order_id), release=Release())


async def test_a_release_that_lost_its_answer_is_one(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    """The row was released, and the workflow never heard of it: the next release frees it as well."""
    order_id = await held(bianchi)
    async with stage.sessions.begin() as session:
        await session.execute(text("update orders set held_at = null where id = :order"), {"order": UUID(order_id)})
    assert (await olga.post(f"/v1/orders/{order_id}/release", json={})).status_code == 409
    assert (await bianchi.decide(order_id)).status_code == 303


async def test_wishes_that_are_refused_together_block_nothing(stage: Stage) -> None:
    """All of them passed the desk while the workflow believed the order to be free; the row says otherwise."""
    async with annexe(stage, namespace="refused-together") as house, await house.partner("Studio Bianchi") as bianchi:
        working = partial(worker.running, house.temporal, house.settings, house.sessions)
        async with working():
            order_id = await bianchi.placed()
        async with house.sessions.begin() as session:
            await session.execute(
                text("update orders set held_at = now() where id = :order"), {"order": UUID(order_id)}
            )
        await house.workflow(order_id).signal(OrderWorkflow.resend_contracts, "non l'ha ricevuta")
        wish = Resend(actor=Actor.OPERATOR)
        wishes = [client.resend_contracts(house.temporal, order_id=UUID(order_id), wish=wish) for _ in range(3)]
        waiting = asyncio.gather(*wishes, return_exceptions=True)
        await asyncio.wait([waiting], timeout=0.5)  # until the server has them all
        async with working():
            assert [type(refusal) for refusal in await waiting] == [OrderHeld] * 3
            assert (await bianchi.cancel(order_id)).status_code == 202


async def test_of_a_decline_and_an_acceptance_that_come_together_one_counts(bianchi: Partner, stage: Stage) -> None:
    """A step that hangs has both come to the desk at the same moment, the decline first."""
    order_id = UUID(await bianchi.placed())
    declined, accepted = await decisions_by_the_living_link(stage, order_id, Answer.DECLINE, Answer.ACCEPT)
    async with stage.sessions.begin() as session:
        await orders.lock(session, order_id=order_id)
        extending = client.extend_acceptance(stage.temporal, order_id=order_id, extension=Extension(days=1))
        declining = client.decline_contract(stage.temporal, order_id=order_id, decision_id=declined)
        accepting = client.accept_contract(stage.temporal, order_id=order_id, decision_id=accepted)
        knocks = []
        for knock in (extending, declining, accepting):
            knocks.append(asyncio.create_task(knock))
            await asyncio.sleep(0.5)
    answers = await asyncio.gather(*knocks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), type(None), NotAwaitingDocuments]
    async with stage.sessions() as session:
        row = await session.get_one(OrderRow, order_id)
    assert (row.reason, row.decision_id, row.accepted_at) == (CancelReason.DECLINED, declined, None)


async def decisions_by_the_living_link(stage: Stage, order_id: UUID, *answers: Answer) -> list[UUID]:
    """As the page keeps them, before anybody hears of them."""
    async with stage.sessions() as session:
        mail_id = (await session.get_one(OrderRow, order_id)).living_mail_id
        rows = [
            DecisionRow(
                id=uuid4(), order_id=order_id, mail_id=mail_id, answer=answer, evidence=EVIDENCE, at=datetime.now(UTC)
            )
            for answer in answers
        ]
        for row in rows:
            await decisions.keep(session, row)
    return [row.id for row in rows]


async def test_a_held_order_expires_like_any_other(bianchi: Partner, stage: Stage) -> None:
    before = await bianchi.balance()
    order_id = await held(bianchi)
    await stage.fast_forward(order_id, days=91)
    assert (await bianchi.until(order_id, "cancelled"))["reason"] == "acceptance_expired"
    assert await bianchi.balance() == before


async def test_it_may_be_accepted_until_the_last_week(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=84)
    await bianchi.links(order_id, at_least=6)
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.assign(order_id)).status_code == 200
    await bianchi.until(order_id, "active")


async def test_the_last_reminder_follows_an_extension_of_few_days(bianchi: Partner, stage: Stage) -> None:
    """Made after the last reminder of the term that was: the new one has its own, seven days before its end."""
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=84)
    await bianchi.links(order_id, at_least=6)
    assert (await bianchi.post(f"/v1/orders/{order_id}/extension", json={"days": 5})).status_code == 200
    await stage.fast_forward(order_id, days=4.5)
    await bianchi.links(order_id, at_least=7)
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"


async def test_the_titolare_may_be_reminded_and_the_partner_sees_why(
    bianchi: Partner, olga: Operator, stage: Stage
) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.workflow(order_id).signal(OrderWorkflow.resend_contracts, " non\x1b l'ha ricevuta ")
    await bianchi.links(order_id, at_least=2)
    await stage.workflow(order_id).signal(OrderWorkflow.cancel_order, "doppione\x00")
    await bianchi.until(order_id, "cancelled")
    events = (await olga.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    words = {event["kind"]: event["detail"]["words"] for event in events if event["actor"] == "operator"}
    assert words == {"contract_resent": "non l'ha ricevuta", "order_cancelled": "doppione"}


@pytest.mark.parametrize("said", ["unknown", "revoked"])
async def test_what_is_no_answer_changes_nothing(bianchi: Partner, provider: Provider, stage: Stage, said: str) -> None:
    order_id = await through_the_gates(bianchi, provider, "pending")
    await asyncio.sleep(0.5)
    await stage.workflow(order_id).signal(OrderWorkflow.provider_reported, Account(said))
    await asyncio.sleep(0.5)
    assert provider.held(UUID(order_id))["state"] == "pending"
    await complete(provider, order_id, "active")
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"


async def test_a_refusal_of_yesterday_is_no_answer_to_today(
    bianchi: Partner, olga: Operator, provider: Provider, stage: Stage
) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    await stage.workflow(order_id).signal(OrderWorkflow.provider_reported, Account.REFUSED)
    provider.mode("instant", order=UUID(order_id))
    assert (await olga.post(f"/v1/orders/{order_id}/activation")).status_code == 202
    await bianchi.until(order_id, "active")


async def test_an_activity_that_an_operator_fails_is_an_activation_that_failed(
    bianchi: Partner, olga: Operator, provider: Provider, stage: Stage
) -> None:
    order_id = await through_the_gates(bianchi, provider, "hang")

    await give_up(stage, order_id, "open_account")
    await bianchi.until(order_id, "activation_failed")
    provider.mode("instant", order=UUID(order_id))
    assert (await olga.post(f"/v1/orders/{order_id}/activation")).status_code == 202
    await bianchi.until(order_id, "active")


async def test_a_revoking_that_an_operator_fails_is_asked_again(
    bianchi: Partner, provider: Provider, stage: Stage
) -> None:
    order_id = await through_the_gates(bianchi, provider, "hang", calls="all")
    await stage.workflow(order_id).signal(OrderWorkflow.cancel_order, "doppione")
    await give_up(stage, order_id, "revoke_account")
    provider.mode("instant", order=UUID(order_id))
    order = await bianchi.until(order_id, "cancelled")
    assert order["refunded"] == order["charged"]


async def test_what_is_being_called_off_is_not_tried_again(
    bianchi: Partner, olga: Operator, provider: Provider, stage: Stage
) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    provider.mode("error", order=UUID(order_id), calls="all")
    await stage.workflow(order_id).signal(OrderWorkflow.cancel_order, "doppione")
    assert (await olga.post(f"/v1/orders/{order_id}/activation")).status_code == 409
    provider.mode("instant", order=UUID(order_id))
    await bianchi.until(order_id, "cancelled")


async def test_a_delivery_that_an_operator_fails_holds_nothing_up(
    bianchi: Partner, catcher: Catcher, stage: Stage
) -> None:
    catcher.mode("defer")
    order_id = await bianchi.placed()
    await give_up(stage, order_id, "deliver_mails")
    catcher.mode("accept")
    await bianchi.cancel(order_id)
    assert await asyncio.wait_for(stage.workflow(order_id).result(), 20) == "cancelled"
    assert len(await stage.mails(bianchi.address)) == 1


async def give_up(stage: Stage, order_id: str, activity: str) -> None:
    """An operator's `temporal activity fail`, as soon as it is on its way."""

    async def failed() -> bool:
        pending = (await stage.workflow(order_id).describe()).raw_description.pending_activities
        asking = next((one.activity_id for one in pending if one.activity_type.name == activity), None)
        return asking is not None and await fail_activity(stage, order_id, asking)

    await eventually(failed)


async def fail_activity(stage: Stage, order_id: str, activity_id: str) -> bool:
    """As `temporal activity fail` does; False while it isn't on its way."""
    request = RespondActivityTaskFailedByIdRequest(
        namespace=stage.settings.temporal_namespace, workflow_id=f"order-{order_id}", activity_id=activity_id
    )
    request.failure.application_failure_info.non_retryable = True
    try:
        await stage.temporal.workflow_service.respond_activity_task_failed_by_id(request, retry=True)
    except RPCError as error:
        assert error.status is RPCStatusCode.NOT_FOUND
        return False
    return True


async def test_words_that_come_after_the_end_are_answered(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.activated()
    await stage.workflow(order_id).result()
    order = UUID(order_id)
    await client.report_account(stage.temporal, order_id=order, account=Account.REFUSED)
    with pytest.raises(NotAwaitingDocuments):
        await client.accept_contract(stage.temporal, order_id=order, decision_id=uuid4())
    assert (await bianchi.order(order_id))["status"] == "active"
