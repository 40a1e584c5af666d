"""Every cell of the domain's table "what may be done, when": the answer, and what allowed_actions had said."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from tests import identities
from tests.personas import Operator, Partner
from tests.simulators.hands import Provider

Bring = Callable[[Partner, Provider], Awaitable[str]]


async def awaiting_documents(bianchi: Partner, _: Provider) -> str:
    return await bianchi.placed()


async def awaiting_responsabile(bianchi: Partner, _: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    return order_id


async def activating(bianchi: Partner, provider: Provider) -> str:
    return await _through_the_gates(bianchi, provider, mode="pending")


async def activation_failed(bianchi: Partner, provider: Provider) -> str:
    order_id = await _through_the_gates(bianchi, provider, mode="refuse")
    await bianchi.until(order_id, "activation_failed")
    return order_id


async def _through_the_gates(bianchi: Partner, provider: Provider, *, mode: str) -> str:
    order_id = await bianchi.placed()
    provider.mode(mode, order=UUID(order_id))
    await bianchi.decide(order_id)
    await bianchi.assign(order_id)
    return order_id


async def active(bianchi: Partner, _: Provider) -> str:
    return await bianchi.activated()


async def cancelled(bianchi: Partner, _: Provider) -> str:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    return order_id


BRING: dict[str, Bring] = {
    bring.__name__: bring
    for bring in (awaiting_documents, awaiting_responsabile, activating, activation_failed, active, cancelled)
}

# fmt: off
TABLE = {
    #                        resend, assign, document, cancel, retry
    "awaiting_documents":    (True,  True,   True,     True,   False),
    "awaiting_responsabile": (False, True,   True,     True,   False),
    "activating":            (False, False,  True,     True,   False),
    "activation_failed":     (False, True,   True,     True,   True),
    "active":                (False, False,  True,     False,  False),
    "cancelled":             (False, False,  False,    False,  False),
}
# fmt: on
ACTIONS = ("resend", "assign_responsabili", "add_document", "cancel", "retry_activation")
REFUSALS = {
    "resend": "NotAwaitingDocuments",
    "assign_responsabili": "ResponsabiliNotAssignable",
    "add_document": "DocumentsClosed",
    "cancel": "OrderNotCancellable",
    "retry_activation": "NotActivationFailed",
}


async def attempt(action: str, order_id: str, bianchi: Partner, olga: Operator) -> httpx.Response:
    match action:
        case "resend":
            return await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
        case "assign_responsabili":
            return await bianchi.assign(order_id)
        case "cancel":
            return await bianchi.cancel(order_id)
        case _:
            return await olga.post(f"/v1/orders/{order_id}/activation")


ALLOWED = [
    (status, action) for status in TABLE for action, may in zip(ACTIONS, TABLE[status], strict=True)
    if may and action != "add_document"
]  # fmt: skip


@pytest.mark.parametrize("status", TABLE)
async def test_it_says_before_what_may_be_done_and_refuses_the_rest(
    bianchi: Partner, olga: Operator, provider: Provider, status: str
) -> None:
    order_id = await BRING[status](bianchi, provider)
    said = {one["action"]: one for one in (await olga.order(order_id))["allowed_actions"]}
    assert tuple(said[action]["allowed"] for action in ACTIONS) == TABLE[status]
    for action in ACTIONS:
        assert said[action]["why_not"] == (None if said[action]["allowed"] else REFUSALS[action])
        if not said[action]["allowed"] and action != "add_document":
            answer = await attempt(action, order_id, bianchi, olga)
            assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, REFUSALS[action])
    assert (await bianchi.order(order_id))["status"] == status


@pytest.mark.parametrize(("status", "action"), ALLOWED)
async def test_it_does_what_may_be_done(
    bianchi: Partner, olga: Operator, provider: Provider, status: str, action: str
) -> None:
    order_id = await BRING[status](bianchi, provider)
    answer = await attempt(action, order_id, bianchi, olga)
    assert answer.status_code in (200, 202), answer.text


async def test_only_operators_retry(bianchi: Partner, provider: Provider) -> None:
    order_id = await activation_failed(bianchi, provider)
    assert (await bianchi.post(f"/v1/orders/{order_id}/activation")).status_code == 403


async def test_a_partner_waits_between_two_contract_mails(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    answer = await bianchi.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "TooEarlyToResend")
    (resend, *_) = (await bianchi.order(order_id))["allowed_actions"]
    assert resend["from"] == answer.json()["can_resend_at"]


async def test_a_responsabile_is_a_natural_person(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    body = (await bianchi.titolare())["id"]
    answer = await bianchi.put(f"/v1/orders/{order_id}/responsabili", json={"conservazione": body, "produzione": body})
    assert (answer.status_code, answer.json()["missing"]) == (422, "kind")
    without_pec = (await bianchi.titolare(identities.person(pec=None)))["id"]
    wanted = {"conservazione": without_pec, "produzione": without_pec}
    answer = await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=wanted)
    assert (answer.status_code, answer.json()["missing"]) == (422, "pec")
