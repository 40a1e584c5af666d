"""How the tests send documents, and what has stayed of them."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from sqlalchemy import func, select

from db.documents import DocumentRow
from db.timeline import EventRow
from tests.personas import Caller, Stage

FORM = {"Content-Type": "multipart/form-data; boundary=confine"}


async def send(caller: Caller, order_id: str, content: bytes, *, name: str = "x", **fields: str) -> httpx.Response:
    """The answer to a document."""
    return await caller.post(f"/v1/orders/{order_id}/documents", files={"file": (name, content)}, data=fields)


async def add(caller: Caller, order_id: str, content: bytes, **fields: str) -> dict[str, Any]:
    """The document that was added."""
    answer = await send(caller, order_id, content, **fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def part(disposition: str, content: bytes) -> bytes:
    """A part of a form, with the very words that are given."""
    head = f"--confine\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode("utf-8", "surrogateescape") + content + b"\r\n"


async def post(caller: Caller, order_id: str, *parts: bytes, end: bytes = b"--confine--\r\n") -> httpx.Response:
    """The answer to a form of these parts."""
    return await caller.post(f"/v1/orders/{order_id}/documents", content=b"".join(parts) + end, headers=FORM)


def folder(stage: Stage) -> Path:
    return Path(unquote(urlsplit(stage.settings.documents_url).path))


def kept(stage: Stage) -> list[str]:
    """Whatever is in the store's folder, half-made things too."""
    return sorted(str(file) for file in folder(stage).rglob("*"))


async def traces(stage: Stage) -> tuple[list[str], int, int]:
    """All that could be left behind: objects, rows, events."""
    async with stage.sessions() as session:
        rows = await session.scalar(select(func.count()).select_from(DocumentRow))
        events = await session.scalar(select(func.count()).where(EventRow.kind == "document_added"))
    return kept(stage), rows or 0, events or 0
