"""The largest documents go through a web process of their own, which hardly grows."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from domain.documents import LARGEST_BYTES
from local import ports
from settings import Settings
from tests.api.documents import send
from tests.personas import PLAIN, Partner, Stage, eventually
from tests.samples import XML, p7m, pdf

ROOT = Path(__file__).parents[2]
MOST_BYTES = 40 * 1024 * 1024


@pytest.fixture
async def process(stage: Stage) -> AsyncIterator[tuple[psutil.Process, str]]:
    """`web.py`, as an operator would run it, and its address."""
    port = ports.free()
    environ = {**os.environ, **_variables(stage.settings), "DOCFLY_PORT": str(port)}
    started = await asyncio.create_subprocess_exec(sys.executable, "web.py", cwd=ROOT, env=environ)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=PLAIN) as http:

        async def is_ready() -> bool:
            try:
                return (await http.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(is_ready, within=60)
    yield psutil.Process(started.pid), url
    started.terminate()
    await started.wait()


def _variables(settings: Settings) -> dict[str, str]:
    shown = settings.model_dump(mode="python", by_alias=True, exclude_none=True)
    return {name: getattr(value, "get_secret_value", lambda v=value: str(v))() for name, value in shown.items()}


async def test_it_never_holds_a_document_whole(bianchi: Partner, process: tuple[psutil.Process, str]) -> None:
    web, url = process
    order_id = await bianchi.placed()
    async with httpx.AsyncClient(base_url=url, headers=bianchi.http.headers, timeout=60, verify=PLAIN) as http:
        here = bianchi.http
        bianchi.http = http
        try:
            assert (await send(bianchi, order_id, XML)).status_code == 201  # whatever is loaded once is loaded now
            for kind, content in _large().items():
                grown = await _growth(web, bianchi, order_id, content)
                print(f"{kind}: {len(content)} bytes, +{grown / 1024 / 1024:.1f} MiB")
                assert grown < MOST_BYTES
        finally:
            bianchi.http = here


def _large() -> dict[str, bytes]:
    room = LARGEST_BYTES - 5000
    text = b"<a>" + b"QUFB" * (room // 4) + b"</a>"
    return {"pdf": pdf(b"x" * room), "xml": text, "p7m": p7m(os.urandom(room))}


async def _growth(web: psutil.Process, partner: Partner, order_id: str, content: bytes) -> int:
    """By how much it is larger at most, while one goes in and out again."""
    before: int = web.memory_info().rss
    most = before
    moving = asyncio.create_task(_there_and_back(partner, order_id, content))
    while not moving.done():
        most = max(most, web.memory_info().rss)
        await asyncio.sleep(0.005)
    await moving
    return most - before


async def _there_and_back(partner: Partner, order_id: str, content: bytes) -> None:
    answer = await send(partner, order_id, content)
    assert answer.status_code == 201, answer.text
    async with partner.http.stream("GET", answer.headers["location"]) as read:
        assert read.status_code == 200
        assert sum([len(piece) async for piece in read.aiter_bytes()]) == len(content)
