"""The second factor: anybody's choice, every operator's duty."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pyotp
import pytest
from sqlalchemy import text

from db.users import MOST_FAILURES
from panel import second_factor
from panel.second_factor import SECONDS
from panel.visitors import SECURITY
from tests.panel.browsing import PASSWORD, Browser, browser
from tests.panel.visits import wrong
from tests.personas import Stage

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "tutta un'altra frase"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def code(secret: str, *, steps: int = 0, now: datetime | None = None) -> str:
    at = int((now or datetime.now(UTC)).timestamp()) + steps * SECONDS
    return pyotp.TOTP(secret).at(at)


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_wrong_by_one_step(steps: int, is_right: bool) -> None:  # noqa: FBT001
    found = second_factor.step(SECRET, code=code(SECRET, steps=steps, now=NOW), now=NOW, after=None)
    assert (found is not None) is is_right


def test_no_code_is_good_twice() -> None:
    used = second_factor.step(SECRET, code=code(SECRET, now=NOW), now=NOW, after=None)
    assert second_factor.step(SECRET, code=code(SECRET, now=NOW), now=NOW, after=used) is None
    assert second_factor.step(SECRET, code=code(SECRET, steps=1, now=NOW), now=NOW, after=used) == used + 1  # type: ignore[operator]


@pytest.mark.parametrize("wrong", ["", "12345", "abcdef", "١٢٣٤٥٦", "0000000"])
def test_what_is_no_code_is_wrong(wrong: str) -> None:
    assert second_factor.step(SECRET, code=wrong, now=NOW, after=None) is None


@pytest.fixture
async def olga_at_work(stage: Stage) -> AsyncIterator[Browser]:
    """Olga, an operator, with no second factor yet."""
    async with await browser(stage, partner_id=None) as olga:
        assert (await olga.sign_in()).status_code == 303
        yield olga


def offered(page: httpx.Response) -> str:
    """The secret that the app reads."""
    return page.text.partition("<code>")[2].partition("</code>")[0]


async def turn_on(who: Browser) -> str:
    """The secret that the app has read."""
    secret = offered(await who.get("/sicurezza"))
    assert (await who.send("/sicurezza", password=PASSWORD, code=code(secret))).status_code == 303
    return secret


async def test_an_operator_goes_nowhere_without_it(olga_at_work: Browser) -> None:
    for path in ("/", "/docfly-pa", "/titolari"):
        sent = await olga_at_work.get(path)
        assert (sent.status_code, sent.headers["location"]) == (303, SECURITY)
    secret = await turn_on(olga_at_work)
    assert (await olga_at_work.get("/docfly-pa")).status_code == 200
    assert "Disattiva" not in (await olga_at_work.get("/sicurezza")).text
    await olga_at_work.send("/sicurezza", password=PASSWORD, code=code(secret, steps=1))
    assert "È attivo." in (await olga_at_work.get("/sicurezza")).text


async def test_it_is_asked_for_at_the_next_sign_in(anna: Browser, stage: Stage) -> None:
    secret = await turn_on(anna)
    async with Browser(stage, login=anna.login) as elsewhere:
        for given in ("", "000000", code(secret)):  # the last one has turned it on
            assert (await elsewhere.sign_in(code=given)).status_code == 422
        assert (await elsewhere.sign_in(code=code(secret, steps=1))).status_code == 303
        assert (await elsewhere.get("/")).status_code == 200


async def turn_off(who: Browser, password: str, code: str) -> int:
    """What is answered."""
    return (await who.post("/sicurezza/disattiva", password=password, code=code)).status_code


async def test_a_partners_user_may_turn_it_off_by_password_and_code(anna: Browser) -> None:
    secret = await turn_on(anna)
    right = code(secret, steps=1)
    for password, given in (("sbagliata", right), (PASSWORD, "000000"), (PASSWORD, code(secret))):  # the last is used
        assert await turn_off(anna, password, given) == 422
    assert "È attivo." in (await anna.get("/sicurezza")).text
    assert await turn_off(anna, PASSWORD, right) == 303
    assert await turn_off(anna, PASSWORD, right) == 303  # a second click
    assert "Attiva" in (await anna.get("/sicurezza")).text


async def test_who_guesses_at_an_open_browser_is_stopped(anna: Browser, stage: Stage) -> None:
    secret = await turn_on(anna)
    for _ in range(MOST_FAILURES):
        assert await turn_off(anna, PASSWORD, "000000") == 422
    assert await turn_off(anna, PASSWORD, code(secret, steps=1)) == 422
    assert "È attivo." in (await anna.get("/sicurezza")).text
    async with Browser(stage, login=anna.login) as elsewhere:
        assert (await elsewhere.sign_in(code=code(secret, steps=1))).status_code == 429


async def test_an_open_browser_is_not_enough_to_turn_it_on(anna: Browser, stage: Stage) -> None:
    async with Browser(stage, login=anna.login) as elsewhere:
        await elsewhere.sign_in()
        secret = offered(await anna.get("/sicurezza"))
        for password in ("", "sbagliata"):
            refused = await anna.send("/sicurezza", password=password, code=code(secret))
            assert (refused.status_code, wrong(refused), offered(refused)) == (422, {"password"}, secret)
        assert (await elsewhere.get("/")).status_code == 200  # it goes on, and without a second factor
        assert (await elsewhere.sign_in()).status_code == 303
        for _ in range(MOST_FAILURES):
            await anna.send("/sicurezza", password="sbagliata", code=code(secret))
        assert (await anna.send("/sicurezza", password=PASSWORD, code=code(secret))).status_code == 422
        assert (await elsewhere.sign_in()).status_code == 429


async def change_password(who: Browser, code: str, new: str = NEW) -> httpx.Response:
    """By the right password."""
    return await who.post("/sicurezza/password", old=PASSWORD, new=new, password_code=code)


async def test_with_it_a_password_is_changed_by_code_too(anna: Browser, stage: Stage) -> None:
    assert 'name="password_code"' not in (await anna.get("/sicurezza")).text
    secret = await turn_on(anna)
    assert 'name="password_code"' in (await anna.get("/sicurezza")).text
    right = code(secret, steps=1)
    for given in ("", "000000", code(secret)):  # the last has turned it on
        refused = await change_password(anna, given)
        assert (refused.status_code, wrong(refused)) == (422, {"password_code"})
    too_short = await change_password(anna, right, new="corta")
    assert (too_short.status_code, wrong(too_short)) == (422, {"new"})
    assert (await change_password(anna, right)).status_code == 303
    async with Browser(stage, login=anna.login) as elsewhere:
        assert (await elsewhere.sign_in(NEW, code=right)).status_code == 422  # no code is good twice
    assert await turn_off(anna, NEW, right) == 422


async def test_who_guesses_at_the_code_changes_no_password(anna: Browser) -> None:
    secret = await turn_on(anna)
    for _ in range(MOST_FAILURES):
        assert (await change_password(anna, "000000")).status_code == 422
    assert (await change_password(anna, code(secret, steps=1))).status_code == 422


async def test_an_operator_never_turns_it_off(olga_at_work: Browser) -> None:
    secret = await turn_on(olga_at_work)
    await turn_off(olga_at_work, PASSWORD, code(secret, steps=1))
    assert "È attivo." in (await olga_at_work.get("/sicurezza")).text


async def test_a_wrong_code_turns_nothing_on(anna: Browser) -> None:
    refused = await anna.send("/sicurezza", password=PASSWORD, code="000000")
    assert (refused.status_code, wrong(refused)) == (422, {"code"})
    assert (await anna.sign_in()).status_code == 303


async def test_the_database_keeps_no_secret_that_makes_codes(olga_at_work: Browser, stage: Stage) -> None:
    page = await olga_at_work.get("/sicurezza")
    (shown,) = re.findall(r"<code>([A-Z2-7]+)</code>", page.text)
    async with stage.sessions() as session:
        kept = list(await session.scalars(text("select offered_secret from sessions where offered_secret is not null")))
    assert kept
    assert all(shown not in one and one.startswith(second_factor.SEALED) for one in kept)


def test_a_sealed_secret_is_opened_by_the_same_key_alone() -> None:
    kept = second_factor.sealed(SECRET, by="una chiave")
    assert second_factor.opened(kept, by="una chiave") == SECRET
    assert second_factor.opened(kept, by="un'altra") is None
    assert second_factor.opened(SECRET, by="una chiave") == SECRET  # from before there was a seal
