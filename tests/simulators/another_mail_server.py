"""A mail server of another make: it says to each verb what it is told to say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.ports import LOOPBACK


@asynccontextmanager
async def another_mail_server(**says: bytes) -> AsyncIterator[str]:
    """Its URL. `says`: the answer to a verb ("250 OK" to all others, and the protocol's own to DATA and QUIT)."""
    answers = {b"data": b"354 Go on", b"quit": b"221 Bye"} | {verb.encode(): said for verb, said in says.items()}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = b"220 Here"
        while said:
            writer.write(said + b"\r\n")
            verb = (await reader.readline())[:4].strip().lower()
            said = answers.get(verb, b"250 OK") if verb else b""
        writer.close()

    async with await asyncio.start_server(serve, LOOPBACK, 0) as server:
        yield f"smtp://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
