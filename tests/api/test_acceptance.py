"""What a partner may do while the titolare thinks: mend the addresses, give more time."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests import identities
from tests.api.checks import is_problem, pointers, send
from tests.panel.visits import statuses, visit
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Catcher

CONTACTS = {"email": "nuova@rossi.example", "pec": "nuova@pec.rossi.example"}


def due(order: dict[str, Any]) -> timedelta:
    """How long after placing the time-out is."""
    return datetime.fromisoformat(order["next_action"]["due_at"]) - datetime.fromisoformat(order["placed_at"])


async def put(bianchi: Partner, order_id: str, **contacts: str) -> httpx.Response:
    body = {**CONTACTS, **contacts}
    return await bianchi.put(f"/v1/orders/{order_id}/contacts", json=body, headers={"If-Match": "*"})


async def correct(bianchi: Partner, order_id: str, **contacts: str) -> dict[str, Any]:
    answer = await put(bianchi, order_id, **contacts)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"]
    order: dict[str, Any] = answer.json()
    return order


async def test_another_address_gets_a_mail_at_once_and_the_older_link_is_dead(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    (old,) = await bianchi.links(order_id)
    pec = f"{order_id}@pec.rossi.example"
    order = await correct(bianchi, order_id, pec=pec)
    assert [mail["to"] for mail in order["contract_mails"]] == ["pec", "pec"]
    (mail,) = await eventually(lambda: stage.mails(pec))
    assert "/accept/" in mail["text"]
    assert await statuses(bianchi, old) == [410, 410, 410]
    assert "contacts_corrected" in await bianchi.timeline(order_id)


async def test_the_address_book_stays_as_it_is(bianchi: Partner) -> None:
    company = identities.company()
    titolare = await bianchi.titolare(company)
    await correct(bianchi, await bianchi.placed(titolare_id=titolare["id"]))
    assert (await bianchi.get(f"/v1/titolari/{titolare['id']}")).json() == titolare


async def test_the_same_addresses_cause_no_mail(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    first = await correct(bianchi, order_id)
    again = await correct(bianchi, order_id)  # a mail's state may have moved on meanwhile, its time doesn't
    assert [mail["at"] for mail in again["contract_mails"]] == [mail["at"] for mail in first["contract_mails"]]
    assert (await bianchi.timeline(order_id)).count("contacts_corrected") == 1


async def test_contracts_are_printed_anew(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    pec = f"{order_id}@pec.rossi.example"
    await correct(bianchi, order_id, pec=pec)
    (mail,) = await eventually(lambda: stage.mails(pec))
    assert len(mail["attachments"]) == 5


async def test_after_ten_mails_no_address_is_mended(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    for number in range(9):
        await correct(bianchi, order_id, email=f"nuova{number}@rossi.example")
    assert is_problem(await put(bianchi, order_id), 409, "TooManyResends")
    assert len((await bianchi.order(order_id))["contract_mails"]) == 10


@pytest.mark.parametrize("contacts", [{"email": "x"}, {"pec": None}, {"pec": "a@b"}, {"phone": "+390575123456"}])
async def test_addresses_must_be_addresses(bianchi: Partner, contacts: dict[str, Any]) -> None:
    order_id = await bianchi.placed()
    answer = await send(bianchi, f"/v1/orders/{order_id}/contacts", {**CONTACTS, **contacts}, method="PUT")
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {f"/{name}" for name in contacts}
    assert len((await bianchi.order(order_id))["contract_mails"]) == 1


@pytest.mark.parametrize("days", [1, 90])
async def test_a_titolare_gets_more_time(bianchi: Partner, days: int) -> None:
    order_id = await bianchi.placed()
    answer = await bianchi.post(f"/v1/orders/{order_id}/extension", json={"days": days})
    assert (answer.status_code, due(answer.json())) == (200, timedelta(days=90 + days))
    *_, event = (await bianchi.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    assert (event["kind"], event["detail"]["until"]) == ("acceptance_extended", answer.json()["next_action"]["due_at"])


async def test_nobody_gets_more_than_180_days(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    path = f"/v1/orders/{order_id}/extension"
    assert (await olga.post(path, json={"days": 60})).status_code == 200
    asked = [bianchi.post(path, json={"days": 20}) for _ in range(3)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert is_problem(refused, 409, "ExtensionTooLong")
    assert due(await bianchi.order(order_id)) == timedelta(days=170)


@pytest.mark.parametrize("days", [0, 91, -1, "1", 1.5, None, True])
async def test_an_extension_has_1_to_90_days(bianchi: Partner, days: object) -> None:
    order_id = await bianchi.placed()
    answer = await send(bianchi, f"/v1/orders/{order_id}/extension", {"days": days})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {"/days"}


async def test_an_order_that_was_given_time_waits_for_it(bianchi: Partner, stage: Stage) -> None:
    """Reminded seven days before the new time-out, and not before the old one."""
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await bianchi.post(f"/v1/orders/{order_id}/extension", json={"days": 30})
    await stage.fast_forward(order_id, days=100)
    assert len(await bianchi.links(order_id, at_least=5)) == 5
    await stage.fast_forward(order_id, days=14)
    (*_, last) = await bianchi.links(order_id, at_least=6)
    assert (await visit(bianchi, last)).status_code == 200
    await stage.fast_forward(order_id, days=6.5)
    assert (await bianchi.until(order_id, "cancelled"))["reason"] == "acceptance_expired"


@pytest.mark.parametrize(
    ("path", "method", "body"), [("contacts", "PUT", CONTACTS), ("extension", "POST", {"days": 1})]
)
async def test_after_the_decision_it_is_too_late(bianchi: Partner, path: str, method: str, body: object) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    headers = {"If-Match": "*"}
    answer = await send(bianchi, f"/v1/orders/{order_id}/{path}", body, method=method, **headers)
    assert is_problem(answer, 409, "NotAwaitingDocuments")
    await bianchi.cancel(order_id)
    answer = await send(bianchi, f"/v1/orders/{order_id}/{path}", body, method=method, **headers)
    assert is_problem(answer, 409, "NotAwaitingDocuments")


async def test_a_held_order_is_mailed_nowhere(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "report")
    assert is_problem(await put(bianchi, order_id), 409, "OrderHeld")


async def test_contacts_depend_on_the_orders_tag(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    path = f"/v1/orders/{order_id}/contacts"
    assert is_problem(await bianchi.put(path, json=CONTACTS), 428, "PreconditionRequired")
    assert is_problem(await bianchi.put(path, json=CONTACTS, headers={"If-Match": '"x"'}), 412, "PreconditionFailed")
    tag = (await bianchi.get(f"/v1/orders/{order_id}")).headers["etag"]
    assert (await bianchi.put(path, json=CONTACTS, headers={"If-Match": tag})).status_code == 200
    assert is_problem(await bianchi.put(path, json=CONTACTS, headers={"If-Match": tag}), 412, "PreconditionFailed")


async def test_of_corrections_at_once_under_one_tag_one_is_made(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    path = f"/v1/orders/{order_id}/contacts"
    tag = (await bianchi.get(f"/v1/orders/{order_id}")).headers["etag"]
    bodies = [{**CONTACTS, "email": f"n{number}@rossi.example"} for number in range(4)]
    answers = await asyncio.gather(*(bianchi.put(path, json=body, headers={"If-Match": tag}) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await bianchi.timeline(order_id)).count("contacts_corrected") == 1


async def test_what_moves_by_itself_stands_in_no_changes_way(
    bianchi: Partner, olga: Operator, catcher: Catcher
) -> None:
    """A mail that goes out, and what the caller may do."""
    company = identities.company()
    catcher.mode("defer", to=company["pec"])
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(company))["id"])
    path = f"/v1/orders/{order_id}"
    tag = (await bianchi.get(path)).headers["etag"]
    catcher.mode("accept")

    async def moved() -> str | None:
        newer: str = (await bianchi.get(path, headers={"If-None-Match": tag})).headers["etag"]
        return newer if newer != tag else None

    assert await eventually(moved)
    assert (await olga.get(path, headers={"If-None-Match": tag})).status_code == 200
    weak = await bianchi.put(f"{path}/contacts", json=CONTACTS, headers={"If-Match": f"W/{tag}"})
    assert is_problem(weak, 412, "PreconditionFailed")
    assert (await bianchi.put(f"{path}/contacts", json=CONTACTS, headers={"If-Match": tag})).status_code == 200


async def test_a_public_bodys_responsabili_are_declared_internal(bianchi: Partner) -> None:
    body = identities.company(
        kind="pubblica_amministrazione", denominazione="Comune di Arezzo", ipa_code="c_a390", office_code="UF1234"
    )
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(body))["id"])
    person = (await bianchi.titolare(identities.person()))["id"]
    roles = {"conservazione": person, "produzione": person}
    path = f"/v1/orders/{order_id}/responsabili"
    refused = await bianchi.put(path, json=roles)
    assert is_problem(refused, 422, "ResponsabileNotEligible")
    assert refused.json()["missing"] == "internal"
    assert (await bianchi.order(order_id))["responsabili"] is None
    for lax in ("true", 1, None):
        answer = await bianchi.put(path, json={**roles, "internal": lax})
        assert (answer.status_code, pointers(answer)) == (422, {"/internal"})
    assert (await bianchi.put(path, json={**roles, "internal": True})).json()["responsabili"] == roles
