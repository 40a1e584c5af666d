"""What the tests of the API ask again and again."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx

from tests.personas import Caller, Partner

JSON = {"Content-Type": "application/json"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
HOSTILE = ("a\x00b", "a\x1b[2Jb", "a\x85b", "a\u2028b", "a\u202eb", "a\u200bb", "a\ud800b", "a\r\nBcc: x@evil.example")
"""NUL, escape sequences, invisible and reversing characters, a lone surrogate, a header."""


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


async def send(caller: Caller, path: str, body: object, *, method: str = "POST", **headers: str) -> httpx.Response:
    """A body as JSON in ASCII, so that anything gets through; under a new Idempotency-Key."""
    headers = {**JSON, "Idempotency-Key": str(uuid4()), **headers}
    return await caller.http.request(method, path, content=json.dumps(body), headers=headers)


def is_problem(answer: httpx.Response, status: int, name: str) -> bool:
    """Whether it is this problem, whole (RFC 9457)."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, status), body
    assert body["type"] == f"https://docfly.invalid/problems/{name}", body
    assert body["title"]
    assert body["detail"]
    return True


def pointers(answer: httpx.Response) -> set[str]:
    """Where the wrong fields are, each with what is wrong."""
    errors = answer.json()["errors"]
    assert all(set(error) == {"pointer", "detail"} and error["detail"] for error in errors)
    return {error["pointer"] for error in errors}


async def state(partner: Partner) -> dict[str, Any]:
    """All that a partner could see change."""
    everything = {"limit": 100}
    orders = (await partner.get("/v1/orders", params=everything)).json()["items"]
    return {
        "orders": [{name: order[name] for name in ("id", "status", "held", "responsabili")} for order in orders],
        "services": (await partner.get("/v1/services", params=everything)).json()["items"],
        "titolari": (await partner.get("/v1/titolari", params=everything)).json()["items"],
        "entries": (await partner.get("/v1/credit/entries", params=everything)).json()["items"],
        "credit": (await partner.get("/v1/credit")).json(),
    }


async def walk(partner: Partner, path: str, *, limit: int, **filters: str) -> list[list[dict[str, Any]]]:
    """All pages of a list, by their cursors."""
    pages: list[list[dict[str, Any]]] = []
    asked: dict[str, Any] = {"limit": limit, **filters}
    while True:
        page = (await partner.get(path, params=asked)).json()
        assert set(page) == {"items", "next"}
        pages.append(page["items"])
        if page["next"] is None:
            return pages
        asked["cursor"] = page["next"]
