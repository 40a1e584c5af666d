"""A step was done, and the engine died before its workflow knew: the row has the last word."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.letters import Letters
from activities.records import Records
from db.decisions import Answer
from db.orders import OrderRow
from domain.lifecycle import Actor
from domain.orders import Assigning, Assignment, Deciding, Extending, Mailing, Recipient, Step
from tests import identities
from tests.personas import Partner, Stage, eventually
from tests.workflows.test_order_desk import decisions_by_the_living_link

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def records(stage: Stage) -> Records:
    """The steps of workflows, done while none of them knows."""
    secret = stage.settings.secret.get_secret_value()
    return Records(stage.sessions, letters=Letters(secret=secret, operators_address="operatori@docfly.invalid"))


def step(kind: type[Step], order_id: str, **facts: Any) -> Any:
    return kind(order_id=UUID(order_id), at=datetime.now(UTC), **facts)


async def in_its_last_week(bianchi: Partner, stage: Stage) -> str:
    """An order whose reminders are all out: nothing happens any more until the time-out."""
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=84)
    await bianchi.links(order_id, at_least=6)
    return order_id


async def test_what_was_accepted_does_not_expire(bianchi: Partner, stage: Stage, records: Records) -> None:
    order_id = await in_its_last_week(bianchi, stage)
    (decision,) = await decisions_by_the_living_link(stage, UUID(order_id), Answer.ACCEPT)
    await records.accept_contract(step(Deciding, order_id, decision_id=decision))
    await stage.fast_forward(order_id, days=7)
    (told,) = await eventually(lambda: stage.mails(bianchi.address))
    assert told["subject"].startswith("Contratti accettati")
    assert (await bianchi.assign(order_id)).status_code == 200
    assert (await bianchi.until(order_id, "active"))["refunded"]["amount"] == "0.00"


async def test_what_was_extended_expires_later(bianchi: Partner, stage: Stage, records: Records) -> None:
    order_id = await in_its_last_week(bianchi, stage)
    async with stage.sessions() as session:
        accept_by = (await session.get_one(OrderRow, UUID(order_id))).accept_by
    later = accept_by + timedelta(days=30)
    await records.extend_acceptance(step(Extending, order_id, accept_by=later, actor=Actor.PARTNER))
    await stage.fast_forward(order_id, days=7)
    await stage.fast_forward(order_id, days=23)  # to the last reminder of the new term
    await bianchi.links(order_id, at_least=7)
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    await stage.fast_forward(order_id, days=8)
    await bianchi.until(order_id, "cancelled")


@pytest.mark.parametrize("others", [False, True], ids=["the_same_people", "others"])
async def test_the_last_gate_that_was_opened_is_open(bianchi: Partner, records: Records, *, others: bool) -> None:
    """The partner asks again; also if it is told that others come too late, the order goes on."""
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    person = UUID((await bianchi.titolare(identities.person()))["id"])
    people = Assignment(conservazione=person, produzione=person)
    await records.assign_responsabili(step(Assigning, order_id, responsabili=people))
    asked = (
        people.by_role()
        if not others
        else dict.fromkeys(people.by_role(), (await bianchi.titolare(identities.person()))["id"])
    )
    answer = await bianchi.put(
        f"/v1/orders/{order_id}/responsabili", json={role: str(one) for role, one in asked.items()}
    )
    assert answer.status_code == (409 if others else 200)
    await bianchi.until(order_id, "active")


async def test_corrected_contracts_go_to_the_corrected_address(
    bianchi: Partner, stage: Stage, records: Records
) -> None:
    """A mail went to the address that is wrong, and was never counted: the next one isn't taken for it."""
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await records.queue_contract_mail(step(Mailing, order_id, to=Recipient.PEC, number=2, actor=Actor.OPERATOR))
    pec = f"giusta-{order_id}@pec.rossi.example"
    contacts = {"email": "nuova@rossi.example", "pec": pec}
    answer = await bianchi.put(f"/v1/orders/{order_id}/contacts", json=contacts, headers={"If-Match": "*"})
    assert answer.status_code == 200
    (mail,) = await eventually(lambda: stage.mails(pec))
    assert "/accept/" in mail["text"]
