"""A real browser's eyes: how to get in, and what is wrong with what is seen."""

import os
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from panel.visitors import HOME
from tests.panel.browsing import PASSWORD, browser
from tests.personas import Partner, Stage

PICTURES = Path(folder) if (folder := os.environ.get("PICTURES")) else None
WIDTHS: dict[str, ViewportSize] = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}


def house_url(stage: Stage) -> str:
    return f"http://{stage.settings.host}:{stage.settings.port}"


async def enter(page: Page, stage: Stage, partner: Partner) -> None:
    """Sign in as somebody of the partner's, from the page that asks for it."""
    anna = await browser(stage, partner_id=partner.partner_id)
    await anna.http.aclose()
    await page.goto(f"{HOME}/")
    await page.get_by_label("Utente").fill(anna.login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Entra").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Studio Bianchi")


async def look(page: Page, *, picture: str) -> list[str]:
    """What is wrong with a page at each width; it stays at the narrowest, where things are hardest to reach."""
    wrong = []
    for width, size in WIDTHS.items():
        await page.set_viewport_size(size)
        if PICTURES is not None:
            await page.screenshot(path=PICTURES / f"{picture}-{width}.png", full_page=True)
        violations = (await Axe().run(page)).response["violations"]
        wrong += [f"{width} {one['id']}: {[node['html'] for node in one['nodes']]}" for one in violations]
        if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{width}: wider than the screen")
    return wrong
