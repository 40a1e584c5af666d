"""Other addresses, more time, the proof; and documents from a page."""

import asyncio
import io
import zipfile
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import Browser, filled_in, hidden
from tests.panel.test_home import in_a_row
from tests.panel.test_orders import told
from tests.panel.visits import wrong
from tests.personas import Partner
from tests.samples import pdf
from tests.simulators.hands import Catcher


async def test_corrected_addresses_get_the_contracts_at_once(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    first = await bianchi.links(order_id)
    new = {"email": "nuova@rossi.example", "pec": "nuova@pec.example"}
    assert (await anna.send(f"/ordini/{order_id}/indirizzi", **new)).status_code == 303
    order = await bianchi.order(order_id)
    assert len(order["contract_mails"]) == 2
    assert "nuova@pec.example" in (await anna.get(f"/ordini/{order_id}/indirizzi")).text
    assert (await bianchi.http.get(first[0])).status_code == 410
    assert (await anna.send(f"/ordini/{order_id}/indirizzi", **new)).status_code == 303
    assert len((await bianchi.order(order_id))["contract_mails"]) == 2


async def test_contracts_that_were_refused_are_said_with_the_way_to_mend_it(
    anna: Browser, bianchi: Partner, catcher: Catcher
) -> None:
    pec = f"piena-{identities.partita_iva()}@pec.example"
    catcher.mode("reject", to=pec)
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(identities.company(pec=pec)))["id"])
    await told(bianchi, order_id, "mail_refused")
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert f"L&#39;e-mail dei contratti a {pec} è stata rifiutata: corregga l&#39;indirizzo" in page
    assert f'href="{HOME}/ordini/{order_id}/indirizzi">Corregga' in page
    assert "e-mail dei contratti rifiutata" in in_a_row((await anna.get("/")).text, order_id)
    new = {"email": "nuova@rossi.example", "pec": "nuova@pec.example"}
    assert (await anna.send(f"/ordini/{order_id}/indirizzi", **new)).status_code == 303
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert ("Aspettiamo che il titolare accetti" in page, ">Corregga l" in page) == (True, False)
    assert "rifiutata" not in in_a_row((await anna.get("/")).text, order_id)


@pytest.mark.parametrize("field", ["email", "pec"])
async def test_a_bad_address_is_refused_beside_its_field(anna: Browser, bianchi: Partner, field: str) -> None:
    order_id = await bianchi.placed()
    form = {"email": "nuova@rossi.example", "pec": "nuova@pec.example", field: "nessuno"}
    answer = await anna.send(f"/ordini/{order_id}/indirizzi", **form)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert len((await bianchi.order(order_id))["contract_mails"]) == 1


async def test_the_time_is_extended_once_however_often_it_is_sent(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = datetime.fromisoformat((await bianchi.order(order_id))["next_action"]["due_at"])
    form = {**hidden(await anna.get(f"/ordini/{order_id}/proroga")), "days": "15"}
    answers = await asyncio.gather(*(anna.http.post(f"{HOME}/ordini/{order_id}/proroga", data=form) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    after = datetime.fromisoformat((await bianchi.order(order_id))["next_action"]["due_at"])
    assert after - before == timedelta(days=15)


async def test_other_days_by_a_form_that_was_sent_are_more_time(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = datetime.fromisoformat((await bianchi.order(order_id))["next_action"]["due_at"])
    form = hidden(await anna.get(f"/ordini/{order_id}/proroga"))
    for days in ("15", "20"):
        assert (await anna.http.post(f"{HOME}/ordini/{order_id}/proroga", data={**form, "days": days})).is_redirect
    after = datetime.fromisoformat((await bianchi.order(order_id))["next_action"]["due_at"])
    assert after - before == timedelta(days=35)


@pytest.mark.parametrize("days", ["0", "91", "x", ""])
async def test_days_out_of_range_move_nothing(anna: Browser, bianchi: Partner, days: str) -> None:
    order_id = await bianchi.placed()
    before = (await bianchi.order(order_id))["next_action"]["due_at"]
    refused = await anna.send(f"/ordini/{order_id}/proroga", days=days)
    assert (refused.status_code, wrong(refused)) == (422, {"days"})
    assert (await bianchi.order(order_id))["next_action"]["due_at"] == before


async def test_the_time_ends_180_days_after_placing(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    assert (await anna.send(f"/ordini/{order_id}/proroga", days="80")).status_code == 303
    refused = await anna.send(f"/ordini/{order_id}/proroga", days="11")
    assert (refused.status_code, wrong(refused), "da 1 a 10" in refused.text) == (409, {"days"}, True)
    form = {**hidden(refused), "days": "10"}
    for _ in range(2):  # the last day is given, and the form that gave it comes again
        assert (await anna.http.post(f"{HOME}/ordini/{order_id}/proroga", data=form)).status_code == 303
    assert (await anna.get(f"/ordini/{order_id}/proroga")).status_code == 409
    assert "Proroga il termine: " in (await anna.get(f"/ordini/{order_id}")).text


@pytest.mark.parametrize("path", ["indirizzi", "proroga"])
async def test_it_says_first_what_it_will_do(anna: Browser, bianchi: Partner, path: str) -> None:
    preview = (await anna.get(f"/ordini/{await bianchi.placed()}/{path}")).text
    assert "Che cosa succederà" in preview
    assert ("contratti e link di accettazione (titolare)" in preview) == (path == "indirizzi")
    assert 'name="reason"' not in preview


async def test_after_the_decision_neither_is_offered(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.activated()
    for path in ("indirizzi", "proroga"):
        assert (await anna.get(f"/ordini/{order_id}/{path}")).status_code == 409
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert "Proroga il termine:" in page
    saved = await anna.get(f"/ordini/{order_id}/prova.zip")
    with zipfile.ZipFile(io.BytesIO(saved.content)) as proof:
        assert "receipt.pdf" in proof.namelist()


async def test_without_an_acceptance_there_is_no_proof(anna: Browser, bianchi: Partner) -> None:
    assert (await anna.get(f"/ordini/{await bianchi.placed()}/prova.zip")).status_code == 409


@pytest.mark.parametrize("role", [None, "conservazione"])
async def test_a_document_is_added_and_comes_back(anna: Browser, bianchi: Partner, role: str | None) -> None:
    order_id = await bianchi.placed()
    address = f"{HOME}/ordini/{order_id}/documenti"
    form = {"form_token": hidden(await anna.get("/"))["form_token"], **({"responsabile": role} if role else {})}
    answer = await anna.http.post(address, data=form, files={"file": ("delega però.pdf", pdf())})
    assert answer.status_code == 303, answer.text
    (document,) = (await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"]
    assert (document["name"], document["responsabile"], document["by"]) == ("delega però.pdf", role, "partner")
    assert "delega però.pdf" in (await anna.get(f"/ordini/{order_id}/documenti")).text
    assert (await anna.get(f"/ordini/{order_id}/documenti/{document['id']}")).content == pdf()


@pytest.mark.parametrize(
    ("content", "name", "token", "status"),
    [
        (b"MZ\x90\x00 not a paper", "delega.pdf", True, 415),
        (pdf(), "delega.pdf", False, 403),
        (pdf(), "../delega.pdf", True, 422),
        (pdf() + b"\0" * (21 * 1024 * 1024), "delega.pdf", True, 413),
    ],
    ids=["no-paper", "foreign-form", "a-path", "too-large"],
)
async def test_a_bad_document_is_refused_and_leaves_nothing(
    anna: Browser, bianchi: Partner, *, content: bytes, name: str, token: bool, status: int
) -> None:
    order_id = await bianchi.placed()
    form = {"form_token": hidden(await anna.get("/"))["form_token"] if token else "x"}
    address = f"{HOME}/ordini/{order_id}/documenti"
    answer = await anna.http.post(address, data={**form, "responsabile": "produzione"}, files={"file": (name, content)})
    assert answer.status_code == status, answer.text
    assert wrong(answer) == ({"file-produzione"} if status in (413, 415, 422) else set())
    assert (await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"] == []


async def test_an_operator_says_why_a_document_is_added(ugo: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    address, files = f"{HOME}/ordini/{order_id}/documenti", {"file": ("delega.pdf", pdf())}
    form = {"form_token": hidden(await ugo.get("/"))["form_token"]}
    for reason in ("  ", "x" * 2001, "x" * 9000):
        refused = await ugo.http.post(address, data={**form, "reason": reason}, files=files)
        assert (refused.status_code, wrong(refused)) == (422, {"reason-ordine"})
    assert (await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"] == []
    added = await ugo.http.post(address, data={**form, "reason": "però è firmata"}, files=files)
    assert added.status_code == 303, added.text
    assert "Documento allegato (operatore): «però è firmata»" in (await ugo.get(f"/ordini/{order_id}")).text


async def test_a_document_that_comes_twice_is_one(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    address = f"/ordini/{order_id}/documenti"
    form = filled_in((await anna.get(address)).text)
    whole = {name: form[name] for name in ("form_token", "wish")}
    files = {"file": ("delega.pdf", pdf())}
    answers = await asyncio.gather(*(anna.http.post(f"{HOME}{address}", data=whole, files=files) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert len((await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("second", "reason"),
    [(("delega.pdf", pdf(b"firmata")), "manca"), (("firmata.pdf", pdf()), "manca"), (("delega.pdf", pdf()), "serve")],
    ids=["other-bytes", "other-name", "other-reason"],
)
async def test_another_document_by_a_form_that_was_sent_is_another(
    ugo: Browser, bianchi: Partner, second: tuple[str, bytes], reason: str
) -> None:
    order_id = await bianchi.placed()
    address = f"/ordini/{order_id}/documenti"
    form = filled_in((await ugo.get(address)).text)
    whole = {name: form[name] for name in ("form_token", "wish")}
    for file, why in ((("delega.pdf", pdf()), "manca"), (second, reason)):
        answer = await ugo.http.post(f"{HOME}{address}", data={**whole, "reason": why}, files={"file": file})
        assert answer.status_code == 303, answer.text
    kept = (await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"]
    assert [document["name"] for document in kept] == [second[0], "delega.pdf"]
    assert kept[0]["sha256"] == sha256(second[1]).hexdigest()
