"""A provider of another make: it answers each path as it is told, and that is all it can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.ports import LOOPBACK


@dataclass
class AnotherMake:
    """`answers`: the status for what a path ends in (200 for all others)."""

    url: str = ""
    answers: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        self.asked.append(end := path.rsplit("/", 1)[1])
        status = self.answers.get(end, 200)
        writer.write(b"HTTP/1.1 %d Said\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}" % status)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def another_make() -> AsyncIterator[AnotherMake]:
    made = AnotherMake()
    async with await asyncio.start_server(made.answer, LOOPBACK, 0) as server:
        made.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
        yield made
