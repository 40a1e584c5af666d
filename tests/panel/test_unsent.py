"""Forms that came when their session was over, or when there had been none."""

import asyncio
import re
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from panel.app import ROUTERS
from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import PASSWORD, Browser, browser, filled_in, hidden
from tests.panel.test_titolari import flat
from tests.personas import Partner, Stage

ENDLESS = 60 * 1024 * 1024
OURS = {"Sec-Fetch-Site": "same-origin"}
PERSON = "/titolari/nuovo/persona_fisica"
ADDRESS = f"{HOME}{PERSON}"
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
FORMS = sorted(route.path for route in ROUTES if "POST" in (route.methods or ()) and route.path != "/entra")


async def people(partner: Partner) -> int:
    """How many titolari there are."""
    return len((await partner.get("/v1/titolari")).json()["items"])


async def end_session(stage: Stage, *, login: str) -> None:
    over = text(
        "update sessions set seen_at = now() - interval '3 hours' from users where users.id = user_id and login = :it"
    )
    async with stage.sessions.begin() as session:
        await session.execute(over, {"it": login})


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
async def test_of_an_upload_without_a_session_nothing_is_read(stage: Stage, kind: str) -> None:
    reader, writer = await asyncio.open_connection(stage.settings.host, stage.settings.port)
    head = f"POST {HOME}/ordini/{uuid4()}/documenti HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
    writer.write(f"{head}Content-Type: {kind}\r\nContent-Length: {ENDLESS}\r\n\r\n--x\r\n".encode())
    async with asyncio.timeout(10):  # it answers, although the body never comes
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    writer.close()


async def test_who_has_sent_a_file_too_late_is_told(anna: Browser, stage: Stage, bianchi: Partner) -> None:
    address = f"{HOME}/ordini/{await bianchi.placed()}/documenti"
    form = {"form_token": hidden(await anna.get("/"))["form_token"]}
    await end_session(stage, login=anna.login)
    asked = await anna.http.post(address, data=form, files={"file": ("delega.pdf", b"%PDF-1.4")}, headers=OURS)
    assert "Il file non è stato allegato" in asked.text
    assert (await anna.sign_in(poi=hidden(asked)["poi"])).headers["location"] == address


@pytest.mark.parametrize("path", FORMS)
async def test_who_sent_it_too_late_is_led_back_to_a_page(stage: Stage, path: str) -> None:
    about = dict.fromkeys(re.findall(r"{(\w+)}", path), uuid4()) | {"entry": "docfly", "kind": "persona_fisica"}
    async with Browser(stage, login="nessuno") as nobody:
        asked = await nobody.http.post(f"{HOME}{path.format(**about)}")
    wanted = asked.headers["location"].partition("?poi=")[2] if asked.is_redirect else hidden(asked)["poi"]
    pages = [one.path_regex for one in ROUTES if "GET" in (one.methods or ())]
    assert any(page.match(wanted.removeprefix(HOME)) for page in pages), wanted


@pytest.mark.parametrize("is_colleague", [True, False])
async def test_a_form_is_offered_to_nobody_else(
    anna: Browser, stage: Stage, bianchi: Partner, verdi: Partner, *, is_colleague: bool
) -> None:
    await end_session(stage, login=anna.login)
    asked = await anna.http.post(ADDRESS, data={"nome": "Maria"}, headers=OURS)
    assert "il modulo che stava inviando non andrà perso" in asked.text
    assert "Maria" not in asked.text
    whose = bianchi if is_colleague else verdi
    async with await browser(stage, partner_id=whose.partner_id) as other:
        entering = {**hidden(asked), "login": other.login, "password": PASSWORD}
        entered = await other.http.post(f"{HOME}/entra", data=entering, headers=OURS)
        assert (entered.status_code, entered.headers["location"]) == (303, ADDRESS)
    entering = {**hidden(asked), "login": anna.login, "password": PASSWORD}
    assert "Maria" in (await anna.http.post(f"{HOME}/entra", data=entering, headers=OURS)).text


@pytest.mark.parametrize("cookie", [None, "altro"])
async def test_a_form_of_nobody_known_is_not_carried(anna: Browser, cookie: str | None) -> None:
    anna.http.cookies.clear()
    headers = OURS if cookie is None else {**OURS, "Cookie": f"docfly_session={cookie}"}
    assert (await anna.http.post(ADDRESS, data={"nome": "Maria"}, headers=headers)).status_code == 303


async def test_a_form_whose_session_is_over_is_not_lost(anna: Browser, stage: Stage, bianchi: Partner) -> None:
    address = "/titolari/nuovo/persona_fisica?per=docfly"
    typed = {**hidden(await anna.get(address)), **flat(identities.person())}
    await end_session(stage, login=anna.login)
    asked = await anna.http.post(f"{HOME}{address}", data=typed, headers=OURS)
    assert (asked.status_code, 'name="password"' in asked.text) == (200, True)
    wrong = {**hidden(asked), "login": anna.login, "password": "sbagliata"}
    again = await anna.http.post(f"{HOME}/entra", data=wrong, headers=OURS)
    entering = {**hidden(again), "login": anna.login, "password": PASSWORD}
    offered = await anna.http.post(f"{HOME}/entra", data=entering, headers=OURS)
    assert "Il modulo non è andato perso" in offered.text
    before = await people(bianchi)
    sent = await anna.http.post(f"{HOME}{address}", data=filled_in(offered.text))
    assert sent.headers["location"].startswith(f"{HOME}/docfly/acquista/opzioni?titolare=")
    assert await people(bianchi) == before + 1


async def test_of_two_tabs_neither_loses_its_form(anna: Browser, stage: Stage, bianchi: Partner) -> None:
    forms = [{**hidden(await anna.get(PERSON)), **flat(identities.person())} for _ in range(2)]
    await end_session(stage, login=anna.login)
    asked = await anna.http.post(ADDRESS, data=forms[0], headers=OURS)
    entering = {**hidden(asked), "login": anna.login, "password": PASSWORD}
    offered = [await anna.http.post(f"{HOME}/entra", data=entering, headers=OURS)]
    offered.append(await anna.http.post(ADDRESS, data=forms[1], headers=OURS))
    assert await people(bianchi) == 0  # before it is confirmed
    token = hidden(await anna.get("/"))
    for page, typed in zip(offered, forms, strict=True):
        assert "Il modulo non è andato perso" in page.text
        assert filled_in(page.text) == {**typed, **token}
        assert (await anna.http.post(ADDRESS, data=filled_in(page.text), headers=OURS)).status_code == 303
    assert await people(bianchi) == 2


async def test_a_form_with_anothers_token_or_a_forged_one_is_not_offered(
    anna: Browser, stage: Stage, bianchi: Partner, verdi: Partner
) -> None:
    mine, theirs = hidden(await anna.get("/"))["form_token"], []
    for partner in (bianchi, verdi):
        async with await browser(stage, partner_id=partner.partner_id) as other:
            await other.sign_in()
            theirs.append(hidden(await other.get("/"))["form_token"])
    page, signature = mine.split(".")
    mixed = [f"{theirs[0].split('.')[0]}.{signature}", f"{page}.{theirs[0].split('.')[1]}"]
    parts = [page, signature, f"{page}.", f".{signature}", f"x.{signature}"]
    for token in [*theirs, *mixed, *parts, ".", "", "però.\ud800"]:
        form = {"form_token": token.encode(errors="surrogatepass"), **flat(identities.person())}
        answer = await anna.http.post(ADDRESS, data=form, headers=OURS)
        assert (answer.status_code, "Modulo scaduto" in answer.text) == (403, True), token
    assert await people(bianchi) == 0


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_site_has_no_older_form_offered(anna: Browser, stage: Stage, headers: dict[str, str]) -> None:
    form = {**hidden(await anna.get(PERSON)), **flat(identities.person())}
    await end_session(stage, login=anna.login)
    await anna.sign_in()
    assert (await anna.http.post(ADDRESS, data=form, headers=headers)).status_code == 403
    assert "Il modulo non è andato perso" in (await anna.http.post(ADDRESS, data=form, headers=OURS)).text


async def test_of_an_older_form_a_password_is_repeated_nowhere(anna: Browser, stage: Stage) -> None:
    form = {**hidden(await anna.get("/")), "old": PASSWORD, "new": "tutta un'altra frase"}
    await end_session(stage, login=anna.login)
    await anna.sign_in()
    refused = await anna.http.post(f"{HOME}/sicurezza/password", data=form, headers=OURS)
    assert (refused.status_code, PASSWORD in refused.text) == (403, False)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-site"}])
async def test_another_sites_form_is_carried_nowhere(anna: Browser, stage: Stage, headers: dict[str, str]) -> None:
    await end_session(stage, login=anna.login)
    form = {"login": "altri", "role": "owner"}
    assert (await anna.http.post(f"{HOME}/utenti", data=form, headers=headers)).status_code == 303
    carried = hidden(await anna.http.post(f"{HOME}/utenti", data=form, headers=OURS))
    assert (await anna.sign_in(**carried)).status_code == 303


@pytest.mark.parametrize("bad", ["{}", "x", "però", "gAAAAA==", '{"path": "/pannello/utenti", "fields": {}}'])
async def test_what_we_have_not_sealed_is_not_offered(anna: Browser, bad: str) -> None:
    form = {"login": anna.login, "password": PASSWORD, "carried": bad}
    assert (await anna.http.post(f"{HOME}/entra", data=form, headers=OURS)).status_code == 303


async def test_a_password_is_never_carried(anna: Browser, stage: Stage) -> None:
    await end_session(stage, login=anna.login)
    form = {"old": PASSWORD, "new": "tutta un'altra frase"}
    asked = await anna.http.post(f"{HOME}/sicurezza/password", data=form, headers=OURS)
    assert (asked.status_code, asked.headers["location"]) == (303, f"{HOME}/entra?poi=/pannello/sicurezza")
