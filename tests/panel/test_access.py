"""No page shuts anybody out: axe-core finds nothing, nothing is wider than the screen, and a keyboard will do.

PICTURES: a folder for screenshots.
"""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Locator, Page, expect

from panel.visitors import HOME
from tests.panel.browsing import PASSWORD, Browser
from tests.panel.eyes import WIDTHS, enter, house_url, look
from tests.panel.pages import addresses, of_operators
from tests.panel.test_unsent import end_session
from tests.personas import Partner, Stage
from tests.services import in_days, service
from tests.simulators.hands import Provider, Timestamps

FIRST_KB, LATER_KB = 400, 50


@pytest.fixture
async def page(chromium: Chromium, stage: Stage) -> AsyncIterator[Page]:
    """Of a fresh browser."""
    context = await chromium.new_context(base_url=house_url(stage))
    yield await context.new_page()
    await context.close()


async def look_at(page: Page, wanted: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each."""
    found = {}
    for name, path in wanted.items():
        await page.goto(f"{HOME}{path}")
        found[name] = await look(page, picture=name)
    return {name: wrong for name, wrong in found.items() if wrong}


async def test_a_partner_can_use_every_page(page: Page, stage: Stage, bianchi: Partner) -> None:
    await page.goto(f"{HOME}/entra")
    assert await look(page, picture="sign-in") == []
    await enter(page, stage, bianchi)
    assert await look_at(page, await addresses(bianchi)) == {}


async def test_an_operator_can_use_every_page(page: Page, ugo: Browser, bianchi: Partner, provider: Provider) -> None:
    await take_over(page, ugo)
    assert await look_at(page, await of_operators(bianchi, provider)) == {}
    order = await bianchi.order(await bianchi.placed())
    await bianchi.links(order["id"])
    await page.get_by_role("link", name="Email", exact=True).click()
    await page.get_by_label("Cerca per indirizzo o numero d'ordine").fill(order["number"])
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name="contratti e link di accettazione").click()
    assert await look(page, picture="ops-mail") == []
    await page.goto(f"{HOME}/partner/{bianchi.partner_id}/consulta")
    await page.get_by_label("Motivo").fill("chiamata del partner")
    await page.get_by_role("button", name="Conferma").click()
    assert await look(page, picture="ops-guest") == []


async def take_over(page: Page, browser: Browser) -> None:
    """Go on in a session that was begun elsewhere."""
    (cookie,) = [one for one in browser.http.cookies.jar if one.value]
    url = f"{house_url(browser.stage)}{HOME}/"
    await page.context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": url}])


async def test_an_owner_can_use_what_is_told_once(page: Page, stage: Stage, bianchi: Partner) -> None:
    await enter(page, stage, bianchi)
    found = {}
    await page.goto(f"{HOME}/utenti")
    await page.get_by_label("Nome utente").fill(f"carla-{uuid4().hex[:12]}")
    await page.get_by_role("button", name="Crea").click()
    found["password"] = await look(page, picture="password")
    await page.get_by_role("link", name="Utenti").click()
    await page.get_by_role("link", name="carla-").click()
    found["user"] = await look(page, picture="user")
    await page.goto(f"{HOME}/chiavi")
    await page.get_by_label("Nome, per riconoscerla").fill("gestionale")
    await page.get_by_role("button", name="Crea").click()
    found["api-key"] = await look(page, picture="api-key")
    await page.get_by_role("link", name="Chiavi API").click()
    await page.get_by_role("link", name="Revoca la chiave gestionale").click()
    found["api-key-revoke"] = await look(page, picture="api-key-revoke")
    row = await service(stage, bianchi, expires_on=in_days(5))
    await page.goto(f"{HOME}/ordini/{row.order_id}/rinnova")
    found["renew"] = await look(page, picture="renew")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_what_is_wrong_with_a_form_is_told_to_everybody(page: Page, stage: Stage, bianchi: Partner) -> None:
    await enter(page, stage, bianchi)
    found = {}
    for name, path, button in (
        ("wrong-titolare", "/titolari/nuovo/persona_giuridica", "Conferma"),
        ("wrong-user", "/utenti", "Crea"),
        ("wrong-key", "/chiavi", "Crea"),
    ):
        await page.goto(f"{HOME}{path}")
        await page.get_by_role("button", name=button).click()
        found[name] = await look(page, picture=name)
        assert (await page.title()).startswith("Errore: ")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("decision", ["accept", "decline", "report"])
async def test_a_titolare_can_use_the_acceptance_page(page: Page, bianchi: Partner, decision: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    await page.goto(link)
    assert await look(page, picture="accept") == []
    await page.get_by_role("button", name="Accetto i contratti").click()
    assert await look(page, picture="accept-wrong") == []
    await bianchi.decide(order_id, decision)
    await page.goto(link)
    assert await look(page, picture=f"accept-{decision}") == []


async def test_a_titolare_can_use_what_a_link_shows_when_it_opens_nothing(
    page: Page, bianchi: Partner, timestamps: Timestamps
) -> None:
    accepted, cancelled = await bianchi.placed(), await bianchi.placed()
    (used,), (dead,) = await bianchi.links(accepted), await bianchi.links(cancelled)
    timestamps.mode("error")  # so that there is no receipt yet
    await bianchi.decide(accepted)
    await bianchi.cancel(cancelled)
    links = {"accept-try-again": f"{used}/receipt", "accept-dead": dead, "accept-unknown": "/accept/niente"}
    for name, link in links.items():
        await page.goto(link)
        assert await look(page, picture=name) == []


async def test_a_form_whose_session_is_over_is_offered_to_everybody(page: Page, stage: Stage, bianchi: Partner) -> None:
    await enter(page, stage, bianchi)
    login = await page.get_by_role("link", name="utente-").inner_text()
    await page.goto(f"{HOME}/utenti")
    await page.get_by_label("Nome utente").fill(f"carla-{uuid4().hex[:12]}")
    await end_session(stage, login=login)
    await page.get_by_role("button", name="Crea").click()
    assert await look(page, picture="sign-in-unsent") == []
    await page.get_by_label("Utente").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Entra").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Il modulo non è andato perso")
    assert await look(page, picture="unsent") == []


async def test_pages_are_light(chromium: Chromium, stage: Stage, bianchi: Partner) -> None:
    """As they travel, compressed: the first one with all that it needs, then those after it."""
    context = await chromium.new_context(base_url=house_url(stage))
    page, bytes_, sums = await context.new_page(), [], []
    wire = await context.new_cdp_session(page)
    await wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: bytes_.append(told["encodedDataLength"]))
    await page.goto(f"{HOME}/entra", wait_until="networkidle")
    sums.append(sum(bytes_))
    await enter(page, stage, bianchi)
    for path in ("/docfly-pa", "/credito", f"/ordini/{await bianchi.placed()}"):
        bytes_.clear()
        await page.goto(f"{HOME}{path}", wait_until="networkidle")
        sums.append(sum(bytes_))
    await context.close()
    first, *later = (size / 1000 for size in sums)
    assert 20 < first < FIRST_KB
    assert max(later) < LATER_KB
    assert min(later) > 0


async def press(page: Page, role: str, name: str) -> None:
    """Go there by Tab alone, and press Enter."""
    await tab_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    await page.keyboard.press("Enter")


async def tab_to(page: Page, goal: Locator) -> None:
    await expect(goal).to_be_visible()
    for _ in range(120):
        if await goal.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {goal}")


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_keyboard_alone_places_and_cancels(page: Page, stage: Stage, bianchi: Partner, width: str) -> None:
    await page.set_viewport_size(WIDTHS[width])
    await bianchi.titolare()
    await enter(page, stage, bianchi)
    await tab_to(page, page.get_by_text("Ordini DocFly", exact=True))
    await page.keyboard.press("Enter")
    await press(page, "link", "Docfly PA")
    await press(page, "link", "Acquista DocFly PA")
    await press(page, "link", "Rossi & Figli S.r.l.")
    await press(page, "button", "Avanti")
    await press(page, "button", "Conferma")
    status = page.get_by_role("status").last
    await expect(status).to_contain_text("Aspettiamo che il titolare accetti i contratti")
    await press(page, "link", "Cancella Richiesta Attivazione")
    await tab_to(page, page.get_by_role("textbox", name="Motivo", exact=True))
    await page.keyboard.type("doppione")
    await press(page, "button", "Conferma")
    await expect(status).to_contain_text("annullato")
    assert await bianchi.balance() == "1000.00"


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_keyboard_alone_resends(page: Page, ugo: Browser, bianchi: Partner, width: str) -> None:
    await page.set_viewport_size(WIDTHS[width])
    order_id = await bianchi.placed()
    await take_over(page, ugo)
    await page.goto(f"{HOME}/ordini/{order_id}")
    await press(page, "link", "Invia Email Accettazione Contratti")
    await tab_to(page, page.get_by_role("textbox", name="Motivo", exact=True))
    await page.keyboard.type("smarrita")
    await press(page, "button", "Conferma")
    await expect(page.get_by_text("inviata di nuovo (operatore): «smarrita»")).to_be_visible()
    assert len((await bianchi.order(order_id))["contract_mails"]) == 2
