"""*Partner* and *Email*: the operator's console."""

import asyncio
import re
from uuid import UUID, uuid4

import pyotp
import pytest
from sqlalchemy import text

from panel.visitors import HOME, SECURITY
from tests.panel.browsing import FACTOR, PASSWORD, Browser, hidden
from tests.personas import Partner, Stage, eventually
from tests.services import in_days

PATHS = ["/partner", "/partner/{}", "/partner/{}/ricarica", "/partner/{}/consulta", "/email"]


def reference() -> str:
    return f"CRO {uuid4()}"


async def top_up(ugo: Browser, partner: Partner, *, importo: str, riferimento: str) -> str:
    """The preview's page."""
    wish = {"importo": importo, "riferimento": riferimento, "motivo": "bonifico arrivato", "key": str(uuid4())}
    page = await ugo.get(f"/partner/{partner.partner_id}/ricarica", params=wish)
    assert page.status_code == 200, page.text
    return page.text


@pytest.mark.parametrize("path", PATHS)
async def test_it_is_the_operators_own(anna: Browser, bianchi: Partner, path: str) -> None:
    assert (await anna.get(path.format(bianchi.partner_id))).status_code == 403


async def test_a_partner_is_found_with_its_credit(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    other = await stage.partner(f"Studio {uuid4().hex}")
    async with stage.sessions() as session:
        name = await session.scalar(text("select name from partners where id = :id"), {"id": other.partner_id})
    found = (await ugo.get("/partner", params={"q": name.lower()})).text
    assert (f"/partner/{other.partner_id}" in found, f"/partner/{bianchi.partner_id}" in found) == (True, False)
    assert "1.000,00 €" in found
    assert "1.000,00 €" in (await ugo.get(f"/partner/{other.partner_id}")).text
    assert "Nessun partner" in (await ugo.get("/partner", params={"q": "%"})).text
    await other.http.aclose()


async def test_a_top_up_tells_what_it_will_do_and_then_does_it(ugo: Browser, anna: Browser, bianchi: Partner) -> None:
    paid = reference()
    preview = await top_up(ugo, bianchi, importo="1.250,50", riferimento=paid)
    assert "da versamenti a credito del partner" in preview
    assert "da 1.000,00 € a 2.250,50 €" in " ".join(preview.split())
    assert await bianchi.balance() == "1000.00"
    form = dict(re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', preview))
    for _ in range(2):
        answer = await ugo.http.post(f"{HOME}/partner/{bianchi.partner_id}/ricarica", data=form)
        assert answer.status_code == 303
    assert await bianchi.balance() == "2250.50"
    another = {**form, "cents": "100"}  # back, and another amount: never a silent nothing
    answer = await ugo.http.post(f"{HOME}/partner/{bianchi.partner_id}/ricarica", data=another)
    assert answer.status_code == 409
    assert await bianchi.balance() == "2250.50"
    assert (
        f"({ugo.login}): «1.250,50 €, {paid}: bonifico arrivato»"
        in (await ugo.get(f"/partner/{bianchi.partner_id}")).text
    )
    assert f"ha ricaricato il credito: «1.250,50 €, {paid}: bonifico arrivato»" in (await anna.get("/utenti")).text


async def test_a_preview_that_was_confirmed_says_so(ugo: Browser, bianchi: Partner) -> None:
    wish = {"importo": "1.250,50", "riferimento": reference(), "motivo": "bonifico arrivato", "key": str(uuid4())}
    address = f"/partner/{bianchi.partner_id}/ricarica"
    form = hidden(await ugo.get(address, params=wish))
    assert (await ugo.http.post(f"{HOME}{address}", data=form)).status_code == 303
    again = await ugo.get(address, params=wish)
    assert (again.status_code, "Conferma la ricarica" in again.text) == (409, False)
    assert f"1.250,50 €, {wish['riferimento']}" in again.text
    assert f"{in_days(0):%d/%m/%Y}" in again.text
    assert f'href="{HOME}{address}"' in again.text
    assert (await ugo.http.post(f"{HOME}{address}", data=form)).status_code == 303
    assert await bianchi.balance() == "2250.50"


async def test_a_reference_that_was_used_is_said_beside_its_field(
    ugo: Browser, bianchi: Partner, verdi: Partner
) -> None:
    wish = {"importo": "1", "riferimento": reference(), "motivo": "bonifico", "key": str(uuid4())}
    mine, other = (f"/partner/{partner.partner_id}/ricarica" for partner in (verdi, bianchi))
    form = hidden(await ugo.get(mine, params=wish))
    assert (await ugo.http.post(f"{HOME}{mine}", data=form)).status_code == 303
    for address, change in ((mine, {"key": str(uuid4())}), (mine, {"importo": "2"}), (other, {})):
        used = await ugo.get(address, params=wish | change)
        assert (used.status_code, 'id="riferimento-error"' in used.text) == (422, True)
        assert f"Già usato il {in_days(0):%d/%m/%Y}" in used.text
        assert "Conferma la ricarica" not in used.text


async def test_a_reference_is_booked_as_it_was_checked(ugo: Browser, bianchi: Partner) -> None:
    pasted = reference().replace(" ", "\t")
    wish = {"importo": "1", "riferimento": pasted, "motivo": "bonifico", "key": str(uuid4())}
    address = f"/partner/{bianchi.partner_id}/ricarica"
    form = hidden(await ugo.get(address, params=wish))
    assert (await ugo.http.post(f"{HOME}{address}", data=form)).status_code == 303
    assert f"1,00 €, {pasted.replace(chr(9), ' ')}" in (await ugo.get(address, params=wish)).text


async def test_a_reference_pays_once(ugo: Browser, bianchi: Partner) -> None:
    paid = reference()
    address = f"/partner/{bianchi.partner_id}/ricarica"
    for status in (303, 409):
        form = {"key": str(uuid4()), "cents": "100", "reference": paid, "reason": "bonifico"}
        assert (await ugo.post(address, **form)).status_code == status
    assert await bianchi.balance() == "1001.00"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"importo": "dieci"}, "importo"),
        ({"importo": "-1"}, "importo"),
        ({"importo": ""}, "importo"),
        ({"riferimento": " "}, "riferimento"),
        ({"motivo": ""}, "motivo"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    ugo: Browser, bianchi: Partner, wrong: dict[str, str], field: str
) -> None:
    wish = {"importo": "10", "riferimento": "CRO 1", "motivo": "bonifico", **wrong}
    page = await ugo.get(f"/partner/{bianchi.partner_id}/ricarica", params=wish)
    assert (page.status_code, f'id="{field}-error"' in page.text) == (422, True)


@pytest.mark.parametrize(
    "form",
    [
        {"cents": "0"},
        {"cents": "-5"},
        {"cents": "x"},
        {"cents": "9" * 20},
        {"reference": " "},
        {"reason": ""},
        {"key": "x"},
    ],
)
async def test_a_form_of_ones_own_changes_nothing(ugo: Browser, bianchi: Partner, form: dict[str, str]) -> None:
    whole = {"key": str(uuid4()), "cents": "100", "reference": reference(), "reason": "bonifico", **form}
    assert (await ugo.post(f"/partner/{bianchi.partner_id}/ricarica", **whole)).status_code == 422
    assert await bianchi.balance() == "1000.00"


@pytest.mark.parametrize("path", PATHS[1:4])
async def test_a_partner_that_there_isnt_is_not_there(ugo: Browser, path: str) -> None:
    assert (await ugo.get(path.format(uuid4()))).status_code == 404


async def test_a_look_as_the_partner_is_written_down_and_changes_nothing(
    ugo: Browser, anna: Browser, bianchi: Partner
) -> None:
    order_id, why = await bianchi.placed(), f"chiamata {uuid4()}"
    address = f"/partner/{bianchi.partner_id}/consulta"
    assert (await ugo.send(address, reason=" ")).status_code == 422
    form = {**hidden(await ugo.get(address)), "reason": why}
    for _ in range(2):
        answer = await ugo.http.post(f"{HOME}{address}", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/")
    home = (await ugo.get("/")).text
    assert "Sta guardando come Studio Bianchi" in home
    assert "976,82 €" in home
    assert (await ugo.get("/email")).status_code == 403
    for path in (f"/ordini/{order_id}/cancella", "/docfly-pa/acquista", "/titolari/nuovo"):
        shut = await ugo.get(path)
        assert (shut.status_code, "Per farlo torni operatore" in shut.text) == (403, True)
    assert "Nuovo: sta guardando come il partner" in (await ugo.get("/titolari")).text
    assert (await ugo.post(f"/ordini/{order_id}/cancella", reason="x")).status_code == 403
    shown_elsewhere = {"key": str(uuid4()), "cents": "100", "reference": reference(), "reason": "bonifico"}
    for path in (f"/partner/{bianchi.partner_id}/ricarica", f"/ordini/{order_id}/sblocca"):
        shut = await ugo.post(path, **shown_elsewhere)
        assert (shut.status_code, "Per farlo torni operatore" in shut.text) == (403, True)
        assert ">Torna operatore</button>" in shut.text
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    assert (await anna.get("/utenti")).text.count(why) == 1
    assert (await ugo.post("/partner/fine-consultazione")).status_code == 303
    assert (await ugo.get("/email")).status_code == 200


async def test_a_guest_keeps_their_second_factor(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    await ugo.send(f"/partner/{bianchi.partner_id}/consulta", reason="prova")
    page = await ugo.get("/sicurezza")
    assert "Disattiva" not in page.text
    form = {**hidden(page), "password": PASSWORD, "code": pyotp.TOTP(FACTOR).now()}
    assert (await ugo.http.post(f"{HOME}/sicurezza/disattiva", data=form)).headers["location"] == SECURITY
    async with stage.sessions() as session:
        secret = text("select totp_secret from users where login = :login")
        assert await session.scalar(secret, {"login": ugo.login}) is not None


async def test_the_mails_of_an_order_are_told_as_they_were_sent(ugo: Browser, anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    order = await bianchi.order(order_id)

    async def listed(state: str) -> str:
        return (await ugo.get("/email", params={"q": order["number"], "stato": state})).text

    async def is_sent() -> bool:
        return "contratti e link di accettazione" in await listed("sent")

    await eventually(is_sent)
    found = await listed("sent")
    assert await bianchi.pec_of(order_id) in found
    assert f"/ordini/{UUID(order_id)}" in found
    assert "Nessuna email" in await listed("refused")
    assert await bianchi.pec_of(order_id) in await listed("")  # the form as it stands
    (address,) = re.findall(rf"{HOME}(/email/[0-9a-f-]+)", found)
    mail = (await ugo.get(address)).text
    assert "Rossi &amp; Figli" in mail
    assert "[link]" in mail
    assert "/accept/" not in mail
    assert (await ugo.get(f"/email/{uuid4()}")).status_code == 404
    assert (await anna.get(address)).status_code == 403


async def test_an_operator_says_why_a_mail_goes_out_again(ugo: Browser, anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    address = f"/ordini/{order_id}/invia-email"
    assert (await ugo.send(address, to="pec", reason="")).status_code == 422
    assert (await ugo.send(address, to="pec", reason="il titolare l'ha persa")).status_code == 303
    told = (await anna.get(f"/ordini/{order_id}")).text
    assert "(operatore): «il titolare l&#39;ha persa»" in told


async def test_a_cancellation_tells_what_it_will_do(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    preview = " ".join((await anna.get(f"/ordini/{order_id}/cancella")).text.split())
    assert "23,18 € da vendite a credito del partner" in preview
    assert "da 976,82 € a 1.000,00 €" in preview
    assert "ordine annullato (partner); ordine annullato, al titolare (titolare)" in preview


async def test_a_second_click_sends_no_second_mail(ugo: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    address = f"/ordini/{order_id}/invia-email"
    form = {**hidden(await ugo.get(address)), "to": "pec", "reason": "smarrita"}
    answers = await asyncio.gather(*(ugo.http.post(f"{HOME}{address}", data=form) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert len((await bianchi.order(order_id))["contract_mails"]) == 2


@pytest.mark.parametrize("path", ["sblocca", "riprova"])
async def test_what_may_not_be_done_is_not_offered(ugo: Browser, bianchi: Partner, path: str) -> None:
    assert (await ugo.get(f"/ordini/{await bianchi.placed()}/{path}")).status_code == 409


async def test_all_that_was_done_about_a_partner_can_be_read(ugo: Browser, anna: Browser, bianchi: Partner) -> None:
    reasons = [f"motivo {uuid4()}" for _ in range(3)]
    for why in reasons:
        await ugo.send(f"/partner/{bianchi.partner_id}/consulta", reason=why)
        await ugo.post("/partner/fine-consultazione")
    for reader, path in ((anna, "/utenti"), (ugo, f"/partner/{bianchi.partner_id}")):
        latest = (await reader.get(path, params={"limit": "2"})).text
        assert [why in latest for why in reasons] == [False, True, True]
        (more,) = re.findall(r'<a href="(\?cursor=[^"]+)">Interventi meno recenti', latest)
        rest = (await reader.get(f"{path}{more}")).text
        assert [why in rest for why in reasons] == [True, False, False]
        assert "Interventi meno recenti" not in rest
