"""The guide's journeys in a real browser, with JavaScript and without."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, ViewportSize, async_playwright, expect

from local import browser as machine
from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import PASSWORD, browser
from tests.panel.pages import addresses
from tests.personas import Partner, Stage

PICTURES = Path(folder) if (folder := os.environ.get("PICTURES")) else None
WIDTHS: dict[str, ViewportSize] = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=machine.find(), args=machine.options())
        yield running
        await running.close()


@pytest.fixture(params=["with scripts", "without"])
async def page(request: pytest.FixtureRequest, chromium: Chromium, stage: Stage) -> AsyncIterator[Page]:
    """Of a fresh browser; whatever a page's policy forbids, or breaks, is a bug."""
    url = f"http://{stage.settings.host}:{stage.settings.port}"
    context = await chromium.new_context(base_url=url, java_script_enabled=request.param == "with scripts")
    page, said = await context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    await context.close()
    assert said == []


async def enter(page: Page, stage: Stage, partner: Partner) -> None:
    """Sign in as somebody of the partner's, from the page that asks for it."""
    anna = await browser(stage, partner_id=partner.partner_id)
    await anna.http.aclose()
    await page.goto(f"{HOME}/")
    await page.get_by_label("Utente").fill(anna.login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Entra").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Studio Bianchi")


async def test_docfly_pa_from_the_menu_to_cancelled(page: Page, stage: Stage, bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    await enter(page, stage, bianchi)
    await page.get_by_role("link", name="Docfly PA", exact=True).click()
    await page.get_by_role("link", name="Acquista DocFly PA").click()
    await page.get_by_label("Cerca").fill(holder["partita_iva"])
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name="Rossi & Figli S.r.l.").click()
    await page.get_by_label("GB aggiuntivi").fill("2")
    await page.get_by_role("button", name="Avanti").click()
    await expect(page.get_by_role("row", name="Totale")).to_contain_text("32,94 €")
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_role("status")).to_contain_text("Aspettiamo che il titolare accetti i contratti")
    await page.get_by_role("link", name="Cancella Richiesta Attivazione").click()
    await page.get_by_label("Motivo").fill("doppione")
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_role("status")).to_contain_text("annullato")
    assert await bianchi.balance() == "1000.00"


async def test_docfly_from_nuovo_to_active(page: Page, stage: Stage, bianchi: Partner) -> None:
    holder, person = await bianchi.titolare(), await bianchi.titolare(identities.person())
    await enter(page, stage, bianchi)
    await page.get_by_role("link", name="Docfly", exact=True).click()
    await page.get_by_role("link", name="Nuovo").click()
    await page.get_by_label("Cerca").fill(holder["partita_iva"])
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name="Rossi & Figli S.r.l.").click()
    await page.get_by_label("Tipologia Rinnovo").select_option("a scadenza")
    await page.get_by_label("Starter Kit").select_option("5 GB")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_label("Utenti aggiuntivi").fill("1")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_role("button", name="Conferma").click()
    await page.get_by_role("link", name="Indica i Responsabili").click()
    for role in ("Responsabile della conservazione", "Responsabile della produzione"):
        await page.get_by_label(role).select_option(person["id"])
    await page.get_by_role("button", name="Conferma").click()
    order_id = page.url.rpartition("/")[2]
    await bianchi.decide(order_id)
    await bianchi.until(order_id, "active")
    if not await page.evaluate("typeof htmx !== 'undefined'"):
        await page.reload()  # with scripts the page follows by itself
    await expect(page.get_by_role("status")).to_contain_text("Il servizio è attivo.", timeout=15_000)


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_shuts_anybody_out(width: str, chromium: Chromium, stage: Stage, bianchi: Partner) -> None:
    """axe-core finds nothing on any page, and nothing is wider than the screen. PICTURES: a folder for screenshots."""
    url = f"http://{stage.settings.host}:{stage.settings.port}"
    context = await chromium.new_context(base_url=url, viewport=WIDTHS[width])
    page, found = await context.new_page(), {}
    await page.goto(f"{HOME}/entra")
    found["sign-in"] = await look(page, picture=f"sign-in-{width}")
    await enter(page, stage, bianchi)
    for name, path in (await addresses(bianchi)).items():
        await page.goto(f"{HOME}{path}")
        found[name] = await look(page, picture=f"{name}-{width}")
    await context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


async def look(page: Page, *, picture: str) -> list[str]:
    """What is wrong with a page."""
    if PICTURES is not None:
        await page.screenshot(path=PICTURES / f"{picture}.png", full_page=True)
    violations = (await Axe().run(page)).response["violations"]
    wrong = [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in violations]
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append("wider than the screen")
    return wrong
