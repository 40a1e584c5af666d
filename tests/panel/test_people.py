"""*Utenti*: who gets in, and what they may do."""

import asyncio
import re
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from domain.users import UserRole
from panel.app import ROUTERS
from panel.visitors import HOME, SECURITY
from tests.panel.browsing import Browser, browser, hidden
from tests.personas import Partner, Stage

SECRET = re.compile(r'panel-secret">([^<]+)<')
OPEN_TO_ALL = {"/entra", "/esci", "/esci-ovunque", "/partner/fine-consultazione"}
FORMS = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    if route.path not in OPEN_TO_ALL and not route.path.startswith(SECURITY.removeprefix(HOME))
)


async def added(owner: Browser, stage: Stage, *, role: str = "orders") -> tuple[Browser, str]:
    login = f"nuovo-{uuid4().hex[:12]}"
    told = await owner.send("/utenti", login=login, role=role)
    return Browser(stage, login=login), str(SECRET.findall(told.text)[0])


async def user_page(owner: Browser, login: str) -> str:
    listed = (await owner.get("/utenti")).text
    return str(re.findall(rf'{HOME}(/utenti/[0-9a-f-]+)">{login}<', listed)[0])


async def test_a_new_user_gets_in_with_the_first_password(anna: Browser, stage: Stage) -> None:
    carla, password = await added(anna, stage)
    assert (await carla.sign_in(password)).status_code == 303
    assert "Studio Bianchi" in (await carla.get("/")).text
    await carla.http.aclose()


async def test_a_form_that_is_sent_twice_tells_the_same_password(anna: Browser) -> None:
    form = {**hidden(await anna.get("/utenti")), "login": f"due-{uuid4().hex[:12]}", "role": "finance"}
    first, second = [await anna.http.post(f"{HOME}/utenti", data=form) for _ in range(2)]
    assert SECRET.findall(first.text) == SECRET.findall(second.text) != []
    assert (await anna.get("/utenti")).text.count(form["login"]) == 1


@pytest.mark.parametrize("login", ["", "ab", "Ma Ria", "x" * 70, "-meno"])
async def test_a_bad_name_is_refused_beside_its_field(anna: Browser, login: str) -> None:
    answer = await anna.send("/utenti", login=login, role="orders")
    assert (answer.status_code, "login-error" in answer.text) == (422, True)


async def test_a_name_that_another_partner_has_is_taken(anna: Browser, vito: Browser) -> None:
    answer = await anna.send("/utenti", login=vito.login, role="orders")
    assert (answer.status_code, "già in uso" in answer.text) == (422, True)


async def test_a_role_counts_from_the_next_click_on(anna: Browser, stage: Stage, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    carla, password = await added(anna, stage)
    await carla.sign_in(password)
    assert (await carla.get(f"/ordini/{order_id}/cancella")).status_code == 200
    address = await user_page(anna, carla.login)
    assert (await anna.post(f"{address}/ruolo", role="read_only")).status_code == 303
    assert (await carla.get(f"/ordini/{order_id}/cancella")).status_code == 403
    assert "ruolo non lo permette" in (await carla.get(f"/ordini/{order_id}")).text
    await carla.http.aclose()


SHUT = {
    "/docfly-pa": "Acquista DocFly PA",
    "/docfly": "Nuovo",
    "/titolari": "Nuovo",
    "/titolari/{titolare}": "Modifica",
    "/ordini/{order}/documenti": "Allega un documento",
    "/ordini/{order}": "Cancella Richiesta Attivazione",
    "/utenti": "Nuovo utente",
    "/chiavi": "Nuova chiave",
}
"""What who may only look finds shut there."""


async def test_who_may_only_look_is_told_why_each_button_is_shut(stage: Stage, bianchi: Partner) -> None:
    order = await bianchi.order(await bianchi.placed())
    async with await browser(stage, partner_id=bianchi.partner_id, role=UserRole.READ_ONLY) as carla:
        await carla.sign_in()
        for path, name in SHUT.items():
            page = (await carla.get(path.format(order=order["id"], titolare=order["titolare"]["id"]))).text
            assert f'<span class="panel-not">{name}: il Suo ruolo non lo permette.</span>' in page, path


async def test_a_new_password_ends_the_old_and_the_second_factor(anna: Browser, stage: Stage) -> None:
    carla, password = await added(anna, stage)
    await carla.sign_in(password)
    async with stage.sessions.begin() as session:
        lost = text("update users set totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' where login = :login")
        await session.execute(lost, {"login": carla.login})
    address = await user_page(anna, carla.login)
    wish = re.findall(r'name="wish"\s+value="([^"]+)"', (await anna.get(address)).text)[0]
    told = await anna.post(f"{address}/password", wish=wish)
    assert (await carla.get("/")).status_code == 303
    assert (await carla.sign_in(password)).status_code == 422
    assert (await carla.sign_in(SECRET.findall(told.text)[0])).status_code == 303
    await carla.http.aclose()


async def test_who_is_removed_is_out(anna: Browser, stage: Stage) -> None:
    carla, password = await added(anna, stage)
    await carla.sign_in(password)
    address = await user_page(anna, carla.login)
    assert (await anna.post(f"{address}/rimuovi")).status_code == 303
    assert (await carla.get("/")).status_code == 303
    assert (await carla.sign_in(password)).status_code == 422
    assert (await anna.post(f"{address}/rimuovi")).status_code == 404
    await carla.http.aclose()


async def test_one_owner_stays(stage: Stage) -> None:
    partner = await stage.partner("Studio Soli")
    async with await browser(stage, partner_id=partner.partner_id) as sola:
        await sola.sign_in()
        address = await user_page(sola, sola.login)
        for action, fields in (("rimuovi", {}), ("ruolo", {"role": "orders"})):
            answer = await sola.post(f"{address}/{action}", **fields)
            assert (answer.status_code, "unico proprietario" in answer.text) == (409, True)
        assert (await sola.get("/utenti")).status_code == 200
    await partner.http.aclose()


async def test_another_partners_users_are_not_there(anna: Browser, vito: Browser) -> None:
    address = await user_page(vito, vito.login)
    assert (await anna.get(address)).status_code == 404
    for action in ("ruolo", "password", "rimuovi"):
        assert (await anna.post(f"{address}/{action}", role="orders", wish=str(uuid4()))).status_code == 404


@pytest.mark.parametrize("path", FORMS)
async def test_who_may_only_look_changes_nothing(stage: Stage, bianchi: Partner, path: str) -> None:
    about_services = path.endswith(("/rinnova", "/acquista-spazio", "/modo-rinnovo", "/credenziali"))
    order_id = await (bianchi.activated() if about_services else bianchi.placed())
    before, balance = await bianchi.order(order_id), await bianchi.balance()
    holder = before["titolare"]["id"]
    async with await browser(stage, partner_id=bianchi.partner_id, role=UserRole.READ_ONLY) as luca:
        await luca.sign_in()
        mine = {"order_id": order_id, "titolare_id": holder, "kind": "persona_fisica", "entry": "docfly"}
        others = {"user_id": uuid4(), "key_id": uuid4(), "partner_id": bianchi.partner_id}
        query = f"?titolare={holder}&years=1&gb=1&key={uuid4()}"
        form = {"to": "pec", "reason": "x", "role": "owner", "wish": str(uuid4()), "key": str(uuid4())}
        form |= {"conservazione": holder, "produzione": holder, "expected_total_cents": "1", "days": "1"}
        answer = await luca.post(path.format(**mine, **others) + query, expires_on="2030-01-01", cents="1", **form)
        assert answer.status_code == 403, answer.text
    after = await bianchi.order(order_id)
    unchanged = ("status", "responsabili", "held", "next_action")
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert len(after["contract_mails"]) == len(before["contract_mails"])
    assert await bianchi.balance() == balance


def test_the_forms_are_all_looked_at() -> None:
    assert "/utenti" in FORMS
    assert len(FORMS) > 15


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", {"/impostazioni", "/titolari/nuovo"}), ("orders", {"/titolari/nuovo"}), ("finance", {"/impostazioni"})],
)
async def test_a_role_grants_its_rights(stage: Stage, bianchi: Partner, role: str, may: set[str]) -> None:
    async with await browser(stage, partner_id=bianchi.partner_id, role=UserRole(role)) as luca:
        await luca.sign_in()
        assert (await luca.get("/titolari/nuovo")).status_code == (200 if "/titolari/nuovo" in may else 403)
        answer = await luca.send("/impostazioni", notification_addresses="studio@partner.example")
        assert answer.status_code == (303 if "/impostazioni" in may else 403)


async def test_of_two_owners_who_remove_each_other_one_stays(stage: Stage) -> None:
    partner = await stage.partner("Studio Due")
    async with (
        await browser(stage, partner_id=partner.partner_id) as una,
        await browser(stage, partner_id=partner.partner_id) as altra,
    ):
        await una.sign_in()
        await altra.sign_in()
        of_una, of_altra = await user_page(una, una.login), await user_page(una, altra.login)
        await asyncio.gather(una.post(f"{of_altra}/rimuovi"), altra.post(f"{of_una}/rimuovi"))
        assert sorted([(await una.get("/utenti")).status_code, (await altra.get("/utenti")).status_code]) == [200, 303]
    await partner.http.aclose()


async def test_ones_own_password_is_not_set_anew_without_the_old_one(anna: Browser) -> None:
    address = await user_page(anna, anna.login)
    assert "Nuova password" not in (await anna.get(address)).text
    assert (await anna.post(f"{address}/password", wish=str(uuid4()))).status_code == 409
    assert (await anna.get("/")).status_code == 200


async def test_a_page_that_is_loaded_again_later_tells_and_changes_nothing(anna: Browser, stage: Stage) -> None:
    form = {**hidden(await anna.get("/utenti")), "login": f"rita-{uuid4().hex[:12]}", "role": "orders"}
    first = SECRET.findall((await anna.http.post(f"{HOME}/utenti", data=form)).text)[0]
    async with Browser(stage, login=form["login"]) as rita:
        await rita.sign_in(first)
        changed = await rita.post("/sicurezza/password", old=first, new="una frase mia, e lunga")
        assert changed.status_code == 303
        again = await anna.http.post(f"{HOME}/utenti", data=form)
        assert (again.status_code, first in again.text) == (409, False)
        assert (await rita.get("/")).status_code == 200
        address = await user_page(anna, rita.login)
        await anna.post(f"{address}/rimuovi")
        assert (await anna.http.post(f"{HOME}/utenti", data=form)).status_code == 409
        assert rita.login not in (await anna.get("/utenti")).text
