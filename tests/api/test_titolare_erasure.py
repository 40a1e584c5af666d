"""A titolare is erased but for what the law keeps."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.accounts import ProviderAccountRow
from db.mails import MailRow
from db.orders import OrderRow
from db.responsabili import ResponsabileRow
from db.titolari import TitolareRow
from domain.erasure import pseudonym
from tests import identities
from tests.api.checks import is_problem, state
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Catcher, Provider
from tests.workflows.test_order_provider import through_the_gates

UNTIL = f"{datetime.now(UTC).year + 10}-12-31"


async def cancelled(partner: Partner, **changes: Any) -> str:
    """An order that has ended, with its mails gone out."""
    order_id = await partner.placed(**changes)
    await partner.links(order_id)
    assert (await partner.cancel(order_id)).status_code == 202
    await partner.until(order_id, "cancelled")
    return order_id


async def activated(partner: Partner, *, titolare_id: str) -> str:
    """An order in a titolare's name that has left a service."""
    order_id = await partner.placed(titolare_id=titolare_id)
    assert (await partner.decide(order_id)).status_code == 303
    assert (await partner.assign(order_id)).status_code == 200
    await partner.until(order_id, "active")
    return order_id


async def erase(partner: Partner, titolare_id: str, **headers: str) -> dict[str, Any]:
    answer = await partner.http.delete(f"/v1/titolari/{titolare_id}", headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert set(told) == {"id", "erased", "kept"}
    return told


async def test_it_forgets_who_never_ordered(bianchi: Partner) -> None:
    person = await bianchi.titolare(identities.person())
    told = await erase(bianchi, person["id"])
    assert told == {"id": person["id"], "erased": told["erased"], "kept": []}
    assert set(told["erased"]) == set(identities.person()) - {"kind"}
    await is_gone(bianchi, person["id"])


async def is_gone(partner: Partner, titolare_id: str) -> None:
    """No list has it, no route knows it."""
    path = f"/v1/titolari/{titolare_id}"
    assert titolare_id not in {one["id"] for one in (await state(partner))["titolari"]}
    body, always = identities.company(), {"If-Match": "*"}
    for answer in (
        await partner.get(path),
        await partner.get(f"{path}/export"),
        await partner.put(path, json=body, headers=always),
        await partner.http.delete(path),
        await partner.place(titolare_id=titolare_id),
    ):
        assert is_problem(answer, 404, "TitolareNotFound")


async def test_it_leaves_of_a_row_nothing_but_that_there_was_one(bianchi: Partner, stage: Stage) -> None:
    titolare_id = (await bianchi.titolare())["id"]
    await erase(bianchi, titolare_id)
    async with stage.sessions() as session:
        row = await session.get_one(TitolareRow, UUID(titolare_id))
    assert row.erased_at is not None
    left = row.titolare.model_dump(mode="json")
    assert left.pop("kind") == "persona_giuridica"
    assert set(left.pop("address").values()) == {""}
    assert set(left.values()) == {"", None}
    assert row.searched.split() == []


@pytest.mark.parametrize(("language", "word"), [("it", "scritture"), ("en", "books")])
async def test_it_says_what_the_law_keeps(bianchi: Partner, language: str, word: str) -> None:
    holder = await bianchi.titolare()
    number = (await bianchi.order(await cancelled(bianchi, titolare_id=holder["id"])))["number"]
    told = await erase(bianchi, holder["id"], **{"Accept-Language": language})
    (order, *_) = [kept for kept in told["kept"] if word in kept["why"]]
    assert set(order) == {"what", "why", "until"}
    assert number in order["what"]
    assert "2220" in order["why"]
    assert order["until"] == UNTIL
    await is_gone(bianchi, holder["id"])


async def test_an_order_that_ended_knows_them_by_a_pseudonym(bianchi: Partner, stage: Stage) -> None:
    holder = await bianchi.titolare()
    order_id = await cancelled(bianchi, titolare_id=holder["id"])

    async def quiet() -> bool:
        export = (await bianchi.get(f"/v1/titolari/{holder['id']}/export")).json()
        return {mail["state"] for mail in export["mails"]} == {"sent"}

    assert await eventually(quiet)
    before = await bianchi.order(order_id)
    await erase(bianchi, holder["id"])
    alias = {"id": holder["id"], "name": f"Titolare cancellato {holder['id'][:8]}"}
    assert await bianchi.order(order_id) == before | {"titolare": alias}
    found = (await bianchi.get("/v1/orders", params={"q": holder["partita_iva"]})).json()["items"]
    assert found == []
    async with stage.sessions() as session:
        frozen = (await session.get_one(OrderRow, UUID(order_id))).titolare
        mails = (await session.scalars(select(MailRow.to).where(MailRow.order_id == UUID(order_id)))).all()
    assert frozen == pseudonym(frozen, titolare_id=UUID(holder["id"]))
    assert sorted(mails) == ["", "", bianchi.address]


async def test_a_first_answer_names_them_no_more(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    first = await bianchi.place(titolare_id=holder["id"], key=(key := str(uuid4())))
    await bianchi.cancel(first.json()["id"])
    await bianchi.until(first.json()["id"], "cancelled")
    await erase(bianchi, holder["id"])
    again = await bianchi.place(titolare_id=holder["id"], key=key)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert holder["denominazione"] not in again.text
    assert again.json()["titolare"]["name"].startswith("Titolare cancellato")


async def test_a_mail_on_its_way_arrives(bianchi: Partner, stage: Stage, catcher: Catcher) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    await bianchi.links(order_id)
    catcher.mode("defer", to=holder["pec"])
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    told = await erase(bianchi, holder["id"])
    assert [kept["until"] for kept in told["kept"] if "on its way" in kept["what"]] == [UNTIL]
    catcher.mode("accept")

    async def arrived() -> bool:
        return len(await stage.mails(holder["pec"])) == 2

    assert await eventually(arrived)


async def test_a_mail_that_was_refused_leaves_no_words_of_the_server(
    bianchi: Partner, stage: Stage, catcher: Catcher
) -> None:
    holder = identities.company()
    catcher.mode("reject", to=holder["pec"])
    holder["id"] = (await bianchi.titolare(holder))["id"]
    order_id = await bianchi.placed(titolare_id=holder["id"])

    async def refused() -> bool:
        (mail,) = (await bianchi.order(order_id))["contract_mails"]
        return bool(mail["state"] == "refused")

    assert await eventually(refused)
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    await erase(bianchi, holder["id"])
    async with stage.sessions() as session:
        theirs = select(MailRow).where(MailRow.order_id == UUID(order_id), MailRow.kind == "contract_acceptance")
        mail = (await session.scalars(theirs)).one()
    assert (mail.to, mail.error, mail.state) == ("", None, "refused")


async def test_a_provider_who_refused_leaves_no_words(bianchi: Partner, stage: Stage, provider: Provider) -> None:
    """They are exported as long as they are kept."""
    words = "Maria Rossi è già nostra cliente"
    order_id = await through_the_gates(bianchi, provider, "refuse", reason=words)
    holder = (await bianchi.until(order_id, "activation_failed"))["titolare"]["id"]
    (held,) = (await bianchi.get(f"/v1/titolari/{holder}/export")).json()["orders"]
    assert held["refusal"] == words
    await bianchi.cancel(order_id)
    async with stage.sessions.begin() as session:  # a report that came late
        (await session.get_one(ProviderAccountRow, UUID(order_id))).reason = words
    await erase(bianchi, holder)
    async with stage.sessions() as session:
        assert (await session.get_one(ProviderAccountRow, UUID(order_id))).reason is None


async def test_a_responsabile_of_an_order_that_ended_leaves_a_name_and_a_code(bianchi: Partner, stage: Stage) -> None:
    order_id, person = await bianchi.placed(), await bianchi.titolare(identities.person())
    roles = {"conservazione": person["id"], "produzione": person["id"]}
    path = f"/v1/orders/{order_id}/responsabili"
    assert (await bianchi.put(path, json=roles)).status_code == 200
    refused = await bianchi.http.delete(f"/v1/titolari/{person['id']}")
    assert is_problem(refused, 409, "TitolareInUse")
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    told = await erase(bianchi, person["id"])
    (kept,) = told["kept"]
    assert "responsabile" in kept["what"]
    async with stage.sessions() as session:
        rows = (await session.scalars(select(ResponsabileRow).where(ResponsabileRow.order_id == UUID(order_id)))).all()
    assert len(rows) == 2
    for row in rows:
        known = {name for name, value in row.titolare.model_dump(mode="json", exclude={"address"}).items() if value}
        assert known == {"kind", "given_name", "family_name", "codice_fiscale"}
        assert row.titolare.codice_fiscale == person["codice_fiscale"]


async def test_a_responsabile_who_was_replaced_may_go(bianchi: Partner) -> None:
    order_id, person = await bianchi.placed(), await bianchi.titolare(identities.person())
    roles = {"conservazione": person["id"], "produzione": person["id"]}
    assert (await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)).status_code == 200
    assert (await bianchi.assign(order_id)).status_code == 200
    await erase(bianchi, person["id"])


@pytest.mark.parametrize("status", ["awaiting_documents", "active"])
async def test_it_waits_for_what_lives(bianchi: Partner, status: str) -> None:
    holder = await bianchi.titolare()
    begin = activated if status == "active" else Partner.placed
    order = await bianchi.order(await begin(bianchi, titolare_id=holder["id"]))
    assert order["status"] == status
    before = await state(bianchi)
    refused = await bianchi.http.delete(f"/v1/titolari/{holder['id']}")
    assert is_problem(refused, 409, "TitolareInUse")
    assert (refused.json()["order_id"], refused.json()["number"]) == (order["id"], order["number"])
    assert order["number"] in refused.json()["detail"]
    assert await state(bianchi) == before


async def test_it_heeds_the_state_that_is_named(bianchi: Partner) -> None:
    path = f"/v1/titolari/{(await bianchi.titolare())['id']}"
    tag = (await bianchi.get(path)).headers["etag"]
    assert is_problem(await bianchi.http.delete(path, headers={"If-Match": f"W/{tag}"}), 412, "PreconditionFailed")
    assert (await bianchi.http.delete(path, headers={"If-Match": tag})).status_code == 200


async def test_operators_read_and_partners_erase(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    path = f"/v1/titolari/{(await bianchi.titolare())['id']}"
    assert (await olga.get(f"{path}/export")).status_code == 200
    assert is_problem(await olga.http.delete(path), 403, "OnlyPartners")
    assert is_problem(await verdi.get(f"{path}/export"), 404, "TitolareNotFound")
    assert is_problem(await verdi.http.delete(path), 404, "TitolareNotFound")
    assert (await bianchi.get(path)).status_code == 200


async def test_no_order_begins_while_its_holder_is_erased(bianchi: Partner) -> None:
    """Whoever is first, the other is refused."""
    for _ in range(5):
        holder = (await bianchi.titolare())["id"]
        gone, placed = await asyncio.gather(
            bianchi.http.delete(f"/v1/titolari/{holder}"), bianchi.place(titolare_id=holder)
        )
        if gone.status_code == 200:
            assert is_problem(placed, 404, "TitolareNotFound")
        else:
            assert is_problem(gone, 409, "TitolareInUse")
            assert placed.status_code == 201
