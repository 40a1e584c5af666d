"""Whatever a visitor does, nothing is reported: a report is a bug of ours."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright
from sqlalchemy import text
from structlog.testing import capture_logs

from local import browser as machine
from tests.panel.browsing import FACTOR, Browser, browser
from tests.panel.eyes import house_url
from tests.personas import Partner, Stage

REFUSED = re.compile(r"status of (409|410|422) ")


@pytest.fixture(autouse=True)
def nothing_is_reported() -> Iterator[None]:
    with capture_logs() as told:
        yield
    assert [one for one in told if one["log_level"] in ("error", "critical")] == []


@pytest.fixture
async def anna(stage: Stage, bianchi: Partner) -> AsyncIterator[Browser]:
    """Anna of Studio Bianchi, who has signed in."""
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        assert (await anna.sign_in()).status_code == 303
        yield anna


@pytest.fixture
async def vito(stage: Stage, verdi: Partner) -> AsyncIterator[Browser]:
    """Vito of Studio Verdi, who must see nothing of Bianchi's."""
    async with await browser(stage, partner_id=verdi.partner_id) as vito:
        assert (await vito.sign_in()).status_code == 303
        yield vito


@pytest.fixture
async def ugo(stage: Stage) -> AsyncIterator[Browser]:
    """Ugo, an operator whose second factor is on."""
    async with await browser(stage, partner_id=None) as ugo:
        assert (await ugo.sign_in()).status_code == 303
        async with stage.sessions.begin() as session:
            turning_on = text("update users set totp_secret = :factor where login = :login")
            await session.execute(turning_on, {"login": ugo.login, "factor": FACTOR})
        yield ugo


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=machine.find(), args=machine.options())
        yield running
        await running.close()


@pytest.fixture(params=["with scripts", "without"])
async def page(request: pytest.FixtureRequest, chromium: Chromium, stage: Stage) -> AsyncIterator[Page]:
    """Of a fresh browser; whatever a page's policy forbids, or breaks, is a bug. A refusal isn't."""
    context = await chromium.new_context(base_url=house_url(stage), java_script_enabled=request.param == "with scripts")
    page, said = await context.new_page(), []
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    await context.close()
    assert [words for words in said if not REFUSED.search(words)] == []
