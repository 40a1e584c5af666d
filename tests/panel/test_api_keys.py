"""*Chiavi API*: made, told once, revoked."""

import re
from uuid import uuid4

import httpx

from panel.visitors import HOME
from tests.panel.browsing import Browser, hidden
from tests.panel.test_people import SECRET
from tests.personas import PLAIN, Stage

REVOKE = re.compile(rf'{HOME}(/chiavi/[0-9a-f-]+/revoca)"\s+aria-label="Revoca la chiave ([^"]*)"')


async def status(stage: Stage, key: str) -> int:
    url = f"http://{stage.settings.host}:{stage.settings.port}"
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, verify=PLAIN) as http:
        return (await http.get("/v1/credit", headers={"Authorization": f"Bearer {key}"})).status_code


async def test_a_key_works_until_it_is_revoked(anna: Browser, stage: Stage) -> None:
    name = f"gestionale {uuid4()}"
    told = await anna.send("/chiavi", name=name)
    key = SECRET.findall(told.text)[0]
    assert await status(stage, key) == 200
    listed = (await anna.get("/chiavi")).text
    assert (name in listed, key in listed) == (True, False)
    address = next(address for address, called in REVOKE.findall(listed) if called == name)
    for _ in range(2):
        assert (await anna.send(address)).status_code == 303
    assert await status(stage, key) == 401
    assert "revocata il" in (await anna.get("/chiavi")).text


async def test_a_form_that_is_sent_twice_makes_one_key(anna: Browser) -> None:
    form = {**hidden(await anna.get("/chiavi")), "name": f"due {uuid4()}"}
    first, second = [await anna.http.post(f"{HOME}/chiavi", data=form) for _ in range(2)]
    assert SECRET.findall(first.text) == SECRET.findall(second.text) != []
    assert (await anna.get("/chiavi")).text.count(f">{form['name']}<") == 1


async def test_a_key_has_a_name(anna: Browser) -> None:
    answer = await anna.send("/chiavi", name=" ")
    assert (answer.status_code, "name-error" in answer.text) == (422, True)


async def test_another_partners_key_is_not_there(anna: Browser, vito: Browser) -> None:
    await vito.send("/chiavi", name="di Verdi")
    address, _ = REVOKE.findall((await vito.get("/chiavi")).text)[0]
    assert (await anna.get(address)).status_code == 404
    assert (await anna.post(address)).status_code == 404


async def test_a_revoked_key_is_not_told_again(anna: Browser) -> None:
    form = {**hidden(await anna.get("/chiavi")), "name": f"vecchia {uuid4()}"}
    key = SECRET.findall((await anna.http.post(f"{HOME}/chiavi", data=form)).text)[0]
    listed = REVOKE.findall((await anna.get("/chiavi")).text)
    await anna.send(next(address for address, called in listed if called == form["name"]))
    again = await anna.http.post(f"{HOME}/chiavi", data=form)
    assert (again.status_code, key in again.text) == (409, False)
