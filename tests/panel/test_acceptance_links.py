"""Links: one lives, the others are dead; and what a titolare who doesn't know the partner brings about."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from db import decisions
from db.decisions import Answer, DecisionRow
from domain.errors import TokenDead
from domain.orders import Recipient, contract_mail_id
from tests.panel.visits import statuses, visit
from tests.personas import Operator, Partner, Stage, eventually


def refusal(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


async def test_a_decided_link_decides_no_more(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    assert (await bianchi.decide(order_id)).status_code == 303
    assert await statuses(bianchi, link) == [200, 200, 410]
    for decision in ("accept", "decline", "report"):
        assert (await bianchi.decide(order_id, decision)).status_code == 410
    order = await bianchi.order(order_id)
    assert (order["status"], order["held"]) == ("awaiting_responsabile", None)


@pytest.mark.parametrize("to", ["pec", "email"])
async def test_a_replaced_link_is_dead(bianchi: Partner, olga: Operator, stage: Stage, to: str) -> None:
    order_id = await bianchi.placed()
    (old,) = await bianchi.links(order_id)
    assert (await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": to})).status_code == 202
    assert await statuses(bianchi, old) == [410, 410, 410]
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    address = (await bianchi.get(f"/v1/titolari/{holder}")).json()[to]

    async def arrived() -> bool:
        return len(await stage.mails(address)) == (2 if to == "pec" else 1)

    await eventually(arrived)
    if to == "pec":
        assert (await bianchi.decide(order_id)).status_code == 303
        assert await statuses(bianchi, old) == [410, 410, 410]


@pytest.mark.parametrize("answer", Answer)
async def test_a_link_that_was_replaced_meanwhile_decides_nothing(
    bianchi: Partner, olga: Operator, stage: Stage, answer: Answer
) -> None:
    """The page had looked at the link before the newer mail was there."""
    order_id = UUID(await bianchi.placed())
    old = contract_mail_id(order_id, number=1, to=Recipient.PEC)
    assert (await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})).status_code == 202
    decision = DecisionRow(id=uuid4(), order_id=order_id, mail_id=old, answer=answer, evidence={}, at=datetime.now(UTC))
    async with stage.sessions() as session:
        with pytest.raises(TokenDead):
            await decisions.keep(session, decision)
    async with stage.sessions() as session:
        assert await session.get(DecisionRow, decision.id) is None


@pytest.mark.parametrize("end", ["cancelled", "expired"])
async def test_the_link_of_an_order_that_is_over_is_dead(bianchi: Partner, stage: Stage, end: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    if end == "cancelled":
        await bianchi.cancel(order_id)
    else:
        await stage.fast_forward(order_id, days=91)
        await bianchi.until(order_id, "cancelled")
    assert await statuses(bianchi, link) == [410, 410, 410]
    assert (await bianchi.decide(order_id)).status_code == 410
    assert (await bianchi.order(order_id))["status"] == "cancelled"
    assert await bianchi.balance() == "1000.00"


async def test_a_link_opens_one_order_only(bianchi: Partner) -> None:
    first, second = await bianchi.placed(), await bianchi.placed()
    await bianchi.decide(first)
    statuses_ = [(await bianchi.order(order_id))["status"] for order_id in (first, second)]
    assert statuses_ == ["awaiting_responsabile", "awaiting_documents"]


@pytest.mark.parametrize("token", ["x", "è", "A" * 43, "%00", "%ED%A0%80", "a" * 5_000, "'or'1"])
async def test_nobody_sent_that_link(bianchi: Partner, token: str) -> None:
    assert await statuses(bianchi, f"/accept/{token}") in ([404, 404, 404], [404, 404, 405])


async def test_a_titolare_who_does_not_know_the_partner_holds_the_order(
    bianchi: Partner, olga: Operator, stage: Stage
) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    assert (await bianchi.decide(order_id, "report")).status_code == 303
    held = await bianchi.order(order_id)
    assert (held["status"], held["held"]["reason"], set(held["held"])) == (
        "awaiting_documents", "unknown_partner", {"at", "reason"},
    )  # fmt: skip
    assert held["next_action"] == {"actor": "operator", "action": "release", "due_at": None}
    assert (held["charged"]["amount"], held["missing"]) == ("23.18", ["acceptance", "responsabili"])
    assert "sospeso" in (await visit(bianchi, link)).text
    assert await statuses(bianchi, link) == [200, 200, 410]
    for decision in ("accept", "decline", "report"):
        assert (await bianchi.decide(order_id, decision)).status_code == 410
    for caller in (bianchi, olga):
        refused = await caller.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
        assert (refused.status_code, refusal(refused)) == (409, "OrderHeld")
        assert (await caller.order(order_id))["allowed_actions"][0]["why_not"] == "OrderHeld"

    async def told() -> bool:
        mails = await stage.mails("operatori@docfly.invalid")
        return any(held["number"] in mail["subject"] for mail in mails)

    await eventually(told)


async def test_a_released_order_goes_on_with_the_same_link(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id, "report")
    assert (await bianchi.post(f"/v1/orders/{order_id}/release", json={})).status_code == 403
    released = await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "chiarito"})
    assert (released.status_code, released.json()["held"]) == (200, None)
    again = await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "chiarito"})
    assert (again.status_code, refusal(again)) == (409, "OrderNotHeld")
    assert "<form" in (await visit(bianchi, link)).text
    assert (await bianchi.decide(order_id)).status_code == 303
    story = (await bianchi.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    (release,) = (event for event in story if event["kind"] == "order_released")
    assert (release["actor"], release["detail"]) == ("operator", {"words": "chiarito"})


async def test_an_operator_need_not_say_why_they_release(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "report")
    assert (await olga.post(f"/v1/orders/{order_id}/release")).status_code == 200
    await bianchi.decide(order_id, "report")
    assert (await bianchi.order(order_id))["held"]
    assert (await bianchi.timeline(order_id)).count("order_held") == 2


async def test_a_held_order_can_be_cancelled(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id, "report")
    assert (await bianchi.cancel(order_id)).json()["status"] == "cancelled"
    assert await statuses(bianchi, link) == [410, 410, 410]
    assert await bianchi.balance() == "1000.00"


async def test_reminders_stop_while_the_order_is_held(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    pec = await bianchi.pec_of(order_id)
    await bianchi.decide(order_id, "report")
    await stage.fast_forward(order_id, days=20)
    assert len(await stage.mails(pec)) == 1
