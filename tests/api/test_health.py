"""Whether it lives, whether it can work, what it is."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from context import Context
from db import connection
from gateways import documents
from tests.personas import Partner, Stage
from workflows import client

FIVE_SECONDS_AND_MORE = 5.5


@asynccontextmanager
async def served_from(stage: Stage, *, port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A house whose database is at that port."""
    import web

    engine = connection.engine(f"postgresql+asyncpg://nobody:x@127.0.0.1:{port}/nothing")
    context = Context(
        sessions=connection.sessions(engine),
        temporal=stage.temporal,
        public_url="http://web",
        secret="x" * 32,
        provider_secret="whsec_x",
        documents=documents.connect(stage.settings.documents_url),
        one_docfly_per_partita_iva=True,
    )
    transport = httpx.ASGITransport(app=web.app(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://web") as http:
        yield http
    await engine.dispose()


async def test_it_is_alive(bianchi: Partner) -> None:
    answer = await bianchi.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_it_is_ready(bianchi: Partner) -> None:
    answer = await bianchi.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "temporal": True})


async def test_an_idle_connection_is_left_to_the_client_to_close(stage: Stage) -> None:
    """Many clients keep one for five seconds. Closed by both at once, it would swallow what is sent into it."""
    reader, writer = await asyncio.open_connection(stage.settings.host, stage.settings.port)
    for idle in (0, FIVE_SECONDS_AND_MORE):
        await asyncio.sleep(idle)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: web\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        await reader.readuntil(b'{"status":"ok"}')
    writer.close()


async def test_it_is_not_ready_without_its_database(stage: Stage) -> None:
    from local.ports import free

    async with served_from(stage, port=free()) as http:
        assert (await http.get("/healthz")).status_code == 200
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"database": False, "temporal": True})
        refused = await http.get("/v1/credit", headers={"Authorization": "Bearer dfk_x"})
        assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (503, "DatabaseUnavailable")
        assert refused.headers["retry-after"]


async def test_a_database_that_hangs_is_not_waited_for(stage: Stage) -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent.append(writer)

    silent: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with served_from(stage, port=server.sockets[0].getsockname()[1]) as http, asyncio.timeout(20):
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "temporal": True})
    for writer in silent:
        writer.close()
    server.close()


async def test_it_is_not_temporal_that_is_late_when_we_are(stage: Stage) -> None:
    """The server has answered in time, whenever a busy process comes to read it."""
    late = threading.Event()
    asking = asyncio.create_task(client.is_reachable(stage.temporal))
    await asyncio.sleep(0)
    late.wait(client.REACHED_WITHIN.total_seconds() + 0.5)  # the loop stands still meanwhile
    assert await asking


async def test_it_describes_itself(bianchi: Partner) -> None:
    described = (await bianchi.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    for path in ("/v1/titolari/{titolare_id}", "/v1/orders/{order_id}/cancellation", "/v1/credit/entries"):
        assert path in described["paths"]
    assert not any(path.startswith("/accept") for path in described["paths"])


async def test_it_describes_keys_and_problems(bianchi: Partner) -> None:
    described = (await bianchi.get("/openapi.json")).json()
    (scheme,) = described["components"]["securitySchemes"].items()
    assert scheme[1]["scheme"] == "bearer"
    paths = described["paths"]
    for path in (
        "/v1/orders",
        "/v1/services/{service_id}/renewals",
        "/v1/services/{service_id}/space",
        "/v1/credit/top-ups",
    ):
        told = paths[path]["post"]
        assert told["security"] == [{scheme[0]: []}]
        (key,) = [one for one in told["parameters"] if one["in"] == "header"]
        assert (key["name"], key["required"]) == ("Idempotency-Key", True)
        assert {"4XX", "5XX"} <= told["responses"].keys()
    assert "security" not in paths["/healthz"]["get"]


@pytest.mark.parametrize("path", ["/healthz", "/v1/orders", "/v1/price-list", "/v1/nothing", "/openapi.json"])
async def test_head_answers_as_get_without_the_content(bianchi: Partner, path: str) -> None:
    got, head = await bianchi.get(path), await bianchi.http.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["content-type"] == got.headers["content-type"]
