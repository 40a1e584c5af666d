"""Signing in and out."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

import web
from context import Context
from db.users import MOST_FAILURES, MOST_FOR_LOGIN, MOST_FROM_ADDRESS
from gateways import documents
from panel.visitors import COOKIE, HOME
from tests.panel.browsing import PASSWORD, Browser, browser
from tests.panel.eyes import house_url
from tests.personas import Partner, Stage


async def test_who_has_not_signed_in_is_asked_to_and_then_goes_on(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        sent = await anna.get("/docfly-pa")
        assert (sent.status_code, sent.headers["location"]) == (303, f"{HOME}/entra?poi=/pannello/docfly-pa")
        assert (await anna.get("/entra?poi=/pannello/docfly-pa")).status_code == 200
        entered = await anna.sign_in(poi="/pannello/docfly-pa")
        assert (entered.status_code, entered.headers["location"]) == (303, "/pannello/docfly-pa")
        assert (await anna.get("/docfly-pa")).status_code == 200


@pytest.mark.parametrize(
    "poi",
    ["https://altrove.example", "//altrove.example/", "/pannello//altrove.example", "/\\altrove.example", "/v1/orders"],
)
async def test_it_leads_nowhere_else(anna: Browser, poi: str) -> None:
    assert (await anna.sign_in(poi=poi)).headers["location"] == f"{HOME}/"


async def test_a_wrong_password_and_an_unknown_user_are_told_the_same(anna: Browser, stage: Stage) -> None:
    wrong = await anna.sign_in("sbagliata")
    async with Browser(stage, login="nessuno") as nobody:
        unknown = await nobody.sign_in()
    assert wrong.status_code == unknown.status_code == 422
    assert "Utente, password o codice errati." in wrong.text
    assert wrong.text.replace(anna.login, "nessuno") == unknown.text


async def test_after_too_many_wrong_ones_the_right_one_has_to_wait(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        for _ in range(MOST_FAILURES):
            assert (await anna.sign_in("sbagliata")).status_code == 422
        assert (await anna.sign_in()).status_code == 429
        assert COOKIE not in anna.http.cookies


async def failed(stage: Stage, *, login: str, address: str, times: int) -> None:
    many = text(
        "insert into failed_sign_ins (id, login, address, at)"
        " select gen_random_uuid(), :login, :address, now() from generate_series(1, :times)"
    )
    async with stage.sessions.begin() as session:
        await session.execute(many, {"login": login, "address": address, "times": times})


async def test_who_guesses_from_elsewhere_shuts_nobody_out(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        await failed(stage, login=anna.login, address="192.0.2.1", times=MOST_FOR_LOGIN - 1)
        assert (await anna.sign_in()).status_code == 303
        await failed(stage, login=anna.login, address="192.0.2.2", times=1)
        assert (await anna.sign_in()).status_code == 429  # it was tried from many places


async def test_who_guesses_at_many_logins_is_shut_out_at_the_next(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        there = f"2001:db8:f{uuid4().hex[:3]}:1::"  # no zero in front: it would be left out
        await failed(stage, login=f"altri-{uuid4()}", address=f"{there}/64", times=MOST_FROM_ADDRESS)
        anna.http.headers["X-Forwarded-For"] = f"{there}abcd"
        assert (await anna.sign_in()).status_code == 429
        del anna.http.headers["X-Forwarded-For"]
        assert (await anna.sign_in()).status_code == 303


async def test_a_password_is_changed_by_who_knows_it(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        await anna.sign_in()
        async with Browser(stage, login=anna.login) as elsewhere:
            await elsewhere.sign_in()
            for old, new in (("sbagliata", "tutta un'altra frase"), (PASSWORD, "corta")):
                answer = await anna.post("/sicurezza/password", old=old, new=new)
                assert (answer.status_code, "-error" in answer.text) == (422, True)
            assert (await anna.post("/sicurezza/password", old=PASSWORD, new="tutta un'altra frase")).status_code == 303
            assert (await anna.get("/")).status_code == 200
            assert (await elsewhere.get("/")).status_code == 303
            assert (await elsewhere.sign_in()).status_code == 422
            assert (await elsewhere.sign_in("tutta un'altra frase")).status_code == 303


async def test_a_page_that_says_what_went_wrong_keeps_the_menu(anna: Browser) -> None:
    page = await anna.get("/ordini/00000000-0000-0000-0000-000000000000")
    assert (page.status_code, 'aria-label="Menu principale"' in page.text) == (404, True)


async def test_the_cookie_is_for_the_server_alone(anna: Browser, stage: Stage) -> None:
    cookie = (await anna.sign_in()).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", f"Path={HOME}"} <= set(cookie.split("; "))
    token = cookie.partition("=")[2].partition(";")[0]
    async with stage.sessions() as session:
        kept = await session.scalar(
            text("select count(*) from sessions where encode(fingerprint, 'escape') = :it"), {"it": token}
        )
    assert kept == 0


async def test_signing_out_ends_this_session_only_or_all(anna: Browser, stage: Stage) -> None:
    async with Browser(stage, login=anna.login) as elsewhere:
        assert (await elsewhere.sign_in()).status_code == 303
        home = await anna.get("/")
        token = home.text.split('name="form_token" value="')[1].split('"')[0]
        assert (await anna.http.post(f"{HOME}/esci", data={"form_token": token})).status_code == 303
        assert (await anna.get("/")).status_code == 303
        assert (await elsewhere.get("/")).status_code == 200
        assert (await anna.sign_in()).status_code == 303
        token = (await anna.get("/")).text.split('name="form_token" value="')[1].split('"')[0]
        assert (await anna.http.post(f"{HOME}/esci-ovunque", data={"form_token": token})).status_code == 303
        assert (await elsewhere.get("/")).status_code == 303


async def test_an_old_session_is_over(anna: Browser, stage: Stage) -> None:
    async with stage.sessions.begin() as session:
        await session.execute(
            text("""update sessions set seen_at = seen_at - interval '3 hours'
                 where user_id = (select id from users where login = :login)"""),
            {"login": anna.login},
        )
    assert (await anna.get("/")).status_code == 303


@pytest.mark.parametrize("token", [{}, {"form_token": ""}, {"form_token": "x"}, {"form_token": "è"}])
async def test_a_form_that_is_not_the_pages_does_nothing(anna: Browser, token: dict[str, str]) -> None:
    answer = await anna.http.post(f"{HOME}/esci-ovunque", data=token)
    assert answer.status_code == 403
    assert (await anna.get("/")).status_code == 200


@pytest.mark.parametrize("address", ["/", HOME])
async def test_people_find_the_panel(anna: Browser, address: str) -> None:
    assert (await anna.http.get(address, follow_redirects=True)).url.path == f"{HOME}/"


@pytest.mark.parametrize("login", ["\x00", "a\x00b", "\ud800"])
async def test_an_odd_login_is_nobodys(anna: Browser, login: str) -> None:
    form = {"login": login.encode(errors="surrogatepass"), "password": login.encode(errors="surrogatepass")}
    assert (await anna.http.post(f"{HOME}/entra", data=form)).status_code == 422


@pytest.mark.parametrize("charset", ["undefined", "unicode_escape", "nonsense"])
@pytest.mark.parametrize("path", ["/entra", "/esci-ovunque", "/titolari/nuovo/persona_fisica"])
async def test_a_form_in_an_odd_charset_breaks_nothing(anna: Browser, path: str, charset: str) -> None:
    part = f'Content-Disposition: form-data; name="login"\r\nContent-Type: text/plain; charset={charset}\r\n'
    body = f"--b\r\n{part}\r\n\\ud800\r\n--b--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    answer = await anna.http.post(f"{HOME}{path}", content=body, headers=kind)
    assert answer.status_code in (403, 422), answer.text


async def test_another_site_signs_nobody_in(anna: Browser) -> None:
    form = {"login": anna.login, "password": PASSWORD}
    answer = await anna.http.post(f"{HOME}/entra", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    ("origin", "status"),
    [("{ours}", 303), ("https://docfly.example", 403), ("null", 403), ("http://[", 403)],
)
async def test_nor_does_one_that_an_older_browser_names(anna: Browser, origin: str, status: int) -> None:
    form, ours = {"login": anna.login, "password": PASSWORD}, house_url(anna.stage)
    answer = await anna.http.post(f"{HOME}/entra", data=form, headers={"Origin": origin.format(ours=ours)})
    assert answer.status_code == status


async def test_behind_a_proxy_that_nobody_named_the_public_address_is_ours(stage: Stage, bianchi: Partner) -> None:
    settings = stage.settings
    context = Context(
        sessions=stage.sessions,
        temporal=stage.temporal,
        public_url="https://docfly.example",
        secret=settings.secret.get_secret_value(),
        provider_secret=settings.provider_secret.get_secret_value(),
        documents=documents.connect(settings.documents_url),
        one_docfly_per_partita_iva=settings.one_docfly_per_partita_iva,
    )
    async with (
        await browser(stage, partner_id=bianchi.partner_id) as anna,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=web.app(context)), base_url="http://web:8000") as http,
    ):
        form, origin = {"login": anna.login, "password": PASSWORD}, {"Origin": "https://docfly.example"}
        entered = await http.post(f"{HOME}/entra", data=form, headers=origin)
        assert (entered.status_code, "Secure" in entered.headers["set-cookie"].split("; ")) == (303, True)


async def test_wrong_passwords_that_come_together_are_counted_one_by_one(stage: Stage, bianchi: Partner) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id) as anna:
        answers = await asyncio.gather(*(anna.sign_in("sbagliata") for _ in range(3 * MOST_FAILURES)))
        assert sorted(answer.status_code for answer in answers).count(422) == MOST_FAILURES


async def test_a_page_that_polls_keeps_no_session_alive(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    for headers, is_seen in (({"HX-Request": "true"}, False), ({}, True)):
        async with stage.sessions.begin() as session:
            await session.execute(text("update sessions set seen_at = now() - interval '1 hour'"))
        await anna.get(f"/ordini/{order_id}/stato", headers=headers)
        async with stage.sessions() as session:
            recent = text("select count(*) from sessions where seen_at > now() - interval '10 minutes'")
            assert bool(await session.scalar(recent)) is is_seen
