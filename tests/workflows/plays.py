"""The plays whose histories are kept: one for each ending, and for each stage that an order may wait at."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4, uuid5

from tests.personas import Operator, Partner, Stage
from tests.simulators.hands import Provider
from tests.workflows.test_order_provider import through_the_gates

Play = Callable[[Stage, Partner, Operator, Provider], Awaitable[str]]


async def activated(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    return await bianchi.activated()


async def activated_docfly(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    return await bianchi.activated("docfly")


async def activated_by_callback(_: Stage, bianchi: Partner, __: Operator, provider: Provider) -> str:
    order_id = await through_the_gates(bianchi, provider, "delayed", delay_s=0.2)
    await bianchi.until(order_id, "active")
    return order_id


async def activated_although_cancelled(_: Stage, bianchi: Partner, __: Operator, provider: Provider) -> str:
    order_id = await through_the_gates(bianchi, provider, "hang_after")
    assert (await bianchi.cancel(order_id)).status_code == 409
    return order_id


async def activated_after_a_retry(_: Stage, bianchi: Partner, olga: Operator, provider: Provider) -> str:
    order_id = await activation_failed(_, bianchi, olga, provider)
    provider.mode("instant", order=UUID(order_id))
    await olga.post(f"/v1/orders/{order_id}/activation")
    await bianchi.until(order_id, "active")
    return order_id


async def refused(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    key = str(uuid4())
    assert (await bianchi.place("docfly", key=key, renewal_years=10, starter_kit="kit_50gb")).status_code == 402
    return str(uuid5(bianchi.partner_id, key))


async def cancelled_while_awaiting(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    return order_id


async def cancelled_while_awaiting_responsabile(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    await bianchi.cancel(order_id)
    return order_id


async def cancelled_while_activating(_: Stage, bianchi: Partner, __: Operator, provider: Provider) -> str:
    order_id = await through_the_gates(bianchi, provider, "pending")
    await bianchi.cancel(order_id)
    return order_id


async def cancelled_after_a_refusal(stage: Stage, bianchi: Partner, olga: Operator, provider: Provider) -> str:
    order_id = await activation_failed(stage, bianchi, olga, provider)
    await bianchi.cancel(order_id)
    return order_id


async def cancelled_by_signal(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await stage.workflow(order_id).signal("cancel_order", "doppione")
    await bianchi.until(order_id, "cancelled")
    return order_id


async def cancelled_by_request(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await stage.workflow(order_id).cancel()
    await bianchi.until(order_id, "cancelled")
    return order_id


async def declined(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "decline")
    return order_id


async def expired(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=91)
    await bianchi.until(order_id, "cancelled")
    return order_id


async def awaiting_after_a_resend(_: Stage, bianchi: Partner, olga: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "email"})
    return order_id


async def awaiting_after_a_signal(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.workflow(order_id).signal("resend_contracts", "non l'ha ricevuta")
    await bianchi.links(order_id, at_least=2)
    return order_id


async def awaiting_after_a_correction(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    contacts = {"email": "nuova@rossi.example", "pec": f"{order_id}@pec.rossi.example"}
    await bianchi.put(f"/v1/orders/{order_id}/contacts", json=contacts, headers={"If-Match": "*"})
    return order_id


async def awaiting_after_an_extension(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await bianchi.post(f"/v1/orders/{order_id}/extension", json={"days": 30})
    await stage.fast_forward(order_id, days=100)
    return order_id


async def awaiting_after_a_reminder(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=4)
    await bianchi.links(order_id, at_least=2)
    return order_id


async def awaiting_after_a_late_extension(stage: Stage, bianchi: Partner, _: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=84)
    await bianchi.links(order_id, at_least=6)
    await bianchi.post(f"/v1/orders/{order_id}/extension", json={"days": 5})
    await stage.fast_forward(order_id, days=4.5)
    await bianchi.links(order_id, at_least=7)
    return order_id


async def awaiting_after_a_look(stage: Stage, bianchi: Partner, olga: Operator, provider: Provider) -> str:
    """The refusal of before, which the workflow looks into by now."""
    return await awaiting_after_a_refused_assignment(stage, bianchi, olga, provider)


async def expired_after_a_look(stage: Stage, bianchi: Partner, olga: Operator, provider: Provider) -> str:
    """The end of before; by now the row is asked."""
    return await expired(stage, bianchi, olga, provider)


async def held(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "report")
    return order_id


async def held_and_released(_: Stage, bianchi: Partner, olga: Operator, __: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "report")
    await olga.post(f"/v1/orders/{order_id}/release", json={})
    return order_id


async def awaiting_after_a_refused_assignment(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    nobody = (await bianchi.titolare())["id"]
    await bianchi.put(f"/v1/orders/{order_id}/responsabili", json={"conservazione": nobody, "produzione": nobody})
    return order_id


async def assigned_first(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.assign(order_id)
    await bianchi.assign(order_id)
    return order_id


async def awaiting_responsabile(_: Stage, bianchi: Partner, __: Operator, ___: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    return order_id


async def activating(_: Stage, bianchi: Partner, __: Operator, provider: Provider) -> str:
    return await through_the_gates(bianchi, provider, "pending")


async def activation_failed(_: Stage, bianchi: Partner, __: Operator, provider: Provider) -> str:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    return order_id


PLAYS: tuple[Play, ...] = (
    activated,
    activated_docfly,
    activated_by_callback,
    activated_although_cancelled,
    activated_after_a_retry,
    refused,
    cancelled_while_awaiting,
    cancelled_while_awaiting_responsabile,
    cancelled_while_activating,
    cancelled_after_a_refusal,
    cancelled_by_signal,
    cancelled_by_request,
    declined,
    expired,
    awaiting_after_a_resend,
    awaiting_after_a_signal,
    awaiting_after_a_reminder,
    awaiting_after_a_correction,
    awaiting_after_an_extension,
    awaiting_after_a_refused_assignment,
    awaiting_after_a_late_extension,
    awaiting_after_a_look,
    expired_after_a_look,
    assigned_first,
    held,
    held_and_released,
    awaiting_responsabile,
    activating,
    activation_failed,
)
