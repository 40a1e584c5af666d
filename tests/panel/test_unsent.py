"""Forms that came when nobody was signed in."""

import asyncio
from uuid import uuid4

import pytest

from panel.visitors import HOME
from tests.personas import Stage

ENDLESS = 60 * 1024 * 1024


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
async def test_of_an_upload_without_a_session_nothing_is_read(stage: Stage, kind: str) -> None:
    reader, writer = await asyncio.open_connection(stage.settings.host, stage.settings.port)
    head = f"POST {HOME}/ordini/{uuid4()}/documenti HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
    writer.write(f"{head}Content-Type: {kind}\r\nContent-Length: {ENDLESS}\r\n\r\n--x\r\n".encode())
    async with asyncio.timeout(10):  # it answers, although the body never comes
        assert await reader.readline() == b"HTTP/1.1 303 See Other\r\n"
    writer.close()
