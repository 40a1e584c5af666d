"""Somebody at the panel: a browser without JavaScript, that fills in forms as it finds them."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from argon2 import PasswordHasher

from db.users import UserRow
from domain.users import UserRole
from panel.visitors import HOME
from tests.personas import PLAIN, Stage

HIDDEN = re.compile(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"')
PASSWORD = "una frase lunga e segreta"
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Browser:
    """Keeps its cookies."""

    def __init__(self, stage: Stage, *, login: str) -> None:
        self.stage, self.login = stage, login
        url = f"http://{stage.settings.host}:{stage.settings.port}"
        self.http = httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, verify=PLAIN)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def sign_in(self, password: str = PASSWORD, **fields: str) -> httpx.Response:
        form = {"login": self.login, "password": password, **fields}
        return await self.http.post(f"{HOME}/entra", data=form)

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.http.get(f"{HOME}{path}", **how)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form without having opened it, as a page of this session could."""
        token = hidden(await self.get("/"))["form_token"]
        return await self.http.post(f"{HOME}{path}", data={"form_token": token, **fields})

    async def send(self, path: str, *, action: str | None = None, **fields: str) -> httpx.Response:
        """Open the form at an address, and send it filled in: there, or to its `action`."""
        page = await self.get(path)
        assert page.status_code == 200, page.text
        return await self.http.post(f"{HOME}{action or path}", data={**hidden(page), **fields})


def hidden(page: httpx.Response) -> dict[str, str]:
    """What a form carries unseen; of the last one, where there are several."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


async def browser(stage: Stage, *, partner_id: UUID | None, role: UserRole = UserRole.OWNER) -> Browser:
    """Of a new user of a partner's, or of an operator."""
    login = f"utente-{uuid4().hex}"
    of_theirs = {"partner_id": partner_id, "role": role if partner_id else None}
    user = UserRow(id=uuid4(), login=login, password_hash=QUICK.hash(PASSWORD), **of_theirs)
    async with stage.sessions.begin() as session:
        session.add(user)
    return Browser(stage, login=login)


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and "name" in given:
            self.found[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.found[self._select] = given["value"]


def filled_in(html: str) -> dict[str, str]:
    """A page's form as it stands, ready to be sent."""
    fields = _Fields()
    fields.feed(html)
    return fields.found
