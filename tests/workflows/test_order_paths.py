"""An order's whole life, path by path, over HTTP and on the real servers."""

from uuid import UUID

import pytest

from tests.personas import Partner, Stage, eventually
from tests.simulators.hands import Provider


@pytest.mark.parametrize("product", ["docfly_pa", "docfly"])
async def test_it_becomes_active_when_the_contract_is_accepted_first(
    bianchi: Partner, provider: Provider, product: str
) -> None:
    order_id = await bianchi.placed(product)
    assert (await bianchi.decide(order_id)).status_code == 303
    assert (await bianchi.order(order_id))["status"] == "awaiting_responsabile"
    assert (await bianchi.assign(order_id)).status_code == 200
    order = await bianchi.until(order_id, "active")
    assert order["charged"] == order["price"]["total"]
    assert order["refunded"]["amount"] == "0.00"
    assert order["service_id"]
    assert provider.held(UUID(order_id))["state"] == "active"


async def test_it_becomes_active_when_the_responsabili_are_assigned_first(bianchi: Partner, provider: Provider) -> None:
    order_id = await bianchi.placed()
    assert (await bianchi.assign(order_id)).json()["status"] == "awaiting_documents"
    await bianchi.decide(order_id)
    await bianchi.until(order_id, "active")
    assert provider.held(UUID(order_id))["opens"] == 1


async def test_it_tells_partner_and_responsabile(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.activated()
    order = await bianchi.order(order_id)
    person = (await bianchi.get(f"/v1/titolari/{order['responsabili']['conservazione']}")).json()

    (mail,) = await eventually(lambda: stage.mails(person["pec"]))
    assert provider_link(mail["text"])
    await stage.workflow(order_id).result()  # nobody waits for a mail any more
    active, accepted = await stage.mails(bianchi.address)
    assert accepted["subject"].startswith("Contratti accettati")
    assert all(order["number"] in mail["text"] for mail in (active, accepted))


def provider_link(text: str) -> bool:
    return "/password/" in text


async def test_it_is_cancelled_and_refunded_when_declined(bianchi: Partner) -> None:
    before = await bianchi.balance()
    order_id = await bianchi.placed()
    assert (await bianchi.decide(order_id, "decline")).status_code == 303
    order = await bianchi.order(order_id)
    assert (order["status"], order["reason"]) == ("cancelled", "declined")
    assert order["refunded"] == order["charged"]
    assert await bianchi.balance() == before


async def test_it_is_cancelled_and_refunded_after_ninety_days(bianchi: Partner, stage: Stage) -> None:
    before = await bianchi.balance()
    order_id = await bianchi.placed()
    pec = await bianchi.pec_of(order_id)
    await bianchi.links(order_id)
    await stage.fast_forward(order_id, days=91)
    order = await bianchi.until(order_id, "cancelled")
    assert order["reason"] == "acceptance_expired"
    assert await bianchi.balance() == before

    async def all_seven() -> bool:
        return len(await stage.mails(pec)) >= 7

    await eventually(all_seven)
    assert len(await stage.mails(pec)) == 7  # contract, five reminders, the end
