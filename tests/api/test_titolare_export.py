"""A titolare is told all that is kept of them."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from tests import identities
from tests.api.checks import INSTANT
from tests.api.documents import add
from tests.api.test_titolare_erasure import activated
from tests.personas import Partner, eventually
from tests.samples import XML


async def test_it_tells_all_that_is_kept_of_a_holder(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await activated(bianchi, titolare_id=holder["id"])
    order = await bianchi.order(order_id)
    answer = await bianchi.get(f"/v1/titolari/{holder['id']}/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="titolare-{holder["id"]}.json"'
    told = answer.json()
    written = {name: value for name, value in holder.items() if name not in ("id", "created_at")}
    assert INSTANT.fullmatch(told.pop("exported_at"))
    assert (told["id"], told["created_at"], told["titolare"]) == (holder["id"], holder["created_at"], written)
    (held,) = told["orders"]
    assert held["titolare"] == written
    assert {held[name] for name in ("starts_on", "expires_on", "username")}.isdisjoint({None})
    same = ("number", "product", "status", "placed_at", "accepted_at", "activated_at", "cancelled_at")
    assert {name: held[name] for name in same} == {name: order[name] for name in same}
    assert [(mail["kind"], mail["address"]) for mail in told["mails"]] == [
        ("contract_acceptance", holder["pec"]),
        ("acceptance_receipt", holder["pec"]),
    ]
    (decision,) = told["decisions"]
    assert (decision["answer"], decision["order_id"]) == ("accept", order_id)
    assert (decision["evidence"]["name"], decision["evidence"]["ip"]) == ("Maria Rossi", "127.0.0.1")
    assert (told["responsabile"], told["contacts"]) == ([], [])


async def test_it_tells_all_that_is_kept_of_a_responsabile(bianchi: Partner) -> None:
    order_id = await bianchi.activated()
    number = (await bianchi.order(order_id))["number"]
    person = (await bianchi.order(order_id))["responsabili"]["conservazione"]
    pec = (await bianchi.get(f"/v1/titolari/{person}")).json()["pec"]

    async def told() -> dict[str, Any] | None:
        export: dict[str, Any] = (await bianchi.get(f"/v1/titolari/{person}/export")).json()
        return export if [mail["state"] for mail in export["mails"]] == ["sent"] else None

    export = await eventually(told)
    assert export
    assert {role["role"] for role in export["responsabile"]} == {"conservazione", "produzione"}
    assert {role["number"] for role in export["responsabile"]} == {number}
    assert [(mail["kind"], mail["address"]) for mail in export["mails"]] == [("credentials", pec)]
    assert (export["orders"], export["decisions"], export["papers"]) == ([], [], [])


async def export(partner: Partner, titolare_id: str) -> dict[str, Any]:
    """Once all mails have gone out."""

    async def told() -> dict[str, Any] | None:
        found: dict[str, Any] = (await partner.get(f"/v1/titolari/{titolare_id}/export")).json()
        return None if any(mail["state"] == "queued" for mail in found["mails"]) else found

    found = await eventually(told)
    assert found
    return found


async def test_it_tells_the_words_of_the_mails(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    (mail,) = (await export(bianchi, holder["id"]))["mails"]
    assert (await bianchi.order(order_id))["number"] in mail["subject"] + mail["text"]
    assert "[link]" in mail["text"]


async def test_it_tells_the_papers_as_they_are_in_the_proof(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await activated(bianchi, titolare_id=holder["id"])
    document = await add(bianchi, order_id, XML)
    papers = (await export(bianchi, holder["id"]))["papers"]
    proof = ZipFile(BytesIO((await bianchi.get(f"/v1/orders/{order_id}/proof")).content))
    proved = {sha256(proof.read(name)).hexdigest(): len(proof.read(name)) for name in proof.namelist()}
    told = {kind: [paper for paper in papers if paper["kind"] == kind] for kind in ("contract", "receipt", "document")}
    assert {paper["order_id"] for paper in papers} == {order_id}
    assert (len(told["contract"]) > 1, len(told["receipt"])) == (True, 1)
    for paper in (*told["contract"], *told["receipt"]):
        assert (proved[paper["sha256"]], paper["media_type"]) == (paper["size_bytes"], "application/pdf")
    (attached,) = told["document"]
    same = ("name", "media_type", "size_bytes", "sha256", "at")
    assert {name: attached[name] for name in same} == {name: document[name] for name in same}


async def test_a_responsabile_is_told_of_their_folder_and_their_user_name(bianchi: Partner) -> None:
    order_id, mario = await bianchi.placed(), (await bianchi.titolare(identities.person()))["id"]
    roles = {"conservazione": mario, "produzione": mario}
    await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)
    document = await add(bianchi, order_id, XML, responsabile="conservazione")
    await add(bianchi, order_id, XML)
    assert (await bianchi.decide(order_id)).status_code == 303
    await bianchi.until(order_id, "active")
    told = await export(bianchi, mario)
    assert [paper["sha256"] for paper in told["papers"]] == [document["sha256"]]
    names = {role["role"]: role["username"] for role in told["responsabile"]}
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    (order,) = (await export(bianchi, holder))["orders"]
    assert names == {"conservazione": order["username"], "produzione": None}
    assert order["username"]
