"""A titolare's browser, and a mail scanner's."""

import re

import httpx

from tests.personas import Partner

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def visit(bianchi: Partner, link: str, method: str = "GET") -> httpx.Response:
    return await bianchi.http.request(method, link, headers={"Authorization": ""})


async def post(bianchi: Partner, link: str, body: bytes, kind: str) -> httpx.Response:
    """A form as no browser would send it."""
    return await bianchi.http.post(link, content=body, headers={"Authorization": "", "Content-Type": kind})


async def statuses(bianchi: Partner, link: str) -> list[int]:
    """What reading and deciding answer."""
    return [(await visit(bianchi, link, method)).status_code for method in ("GET", "HEAD", "POST")]


def wrong(page: httpx.Response) -> set[str]:
    """The fields beside which an error stands."""
    return set(re.findall(r'id="([\w.-]+)-error"', page.text))
