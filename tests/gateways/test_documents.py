"""The store of documents, over S3's protocol: a server that speaks as much of it as is spoken here."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.document_errors import DocumentStoreUnavailable
from gateways.documents import StoredDocuments, connect
from local import ports

FACTS = {"ETag": '"e"', "Last-Modified": "Wed, 21 Oct 2026 07:28:00 GMT"}


class Bucket:
    """Objects, and the parts of uploads that have not ended."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, list[bytes]] = {}
        self.askers: set[tuple[str, str]] = set()
        self.app = Starlette(routes=[Route("/{key:path}", self.answer, methods=["GET", "PUT", "POST", "DELETE"])])

    async def answer(self, request: Request) -> Response:
        key, asked, body = request.path_params["key"], request.query_params, await request.body()
        self.askers |= set(re.findall(r"Credential=(\w+)/\d+/([\w-]+)", request.headers["authorization"]))
        match request.method:
            case "POST" if "uploads" in asked:
                self.parts[key] = []
                return _xml(
                    f"<InitiateMultipartUploadResult><UploadId>{key}</UploadId></InitiateMultipartUploadResult>"
                )
            case "PUT":
                self.parts[key].append(body)
            case "POST" if "uploadId" in asked:
                self.objects[key] = b"".join(self.parts.pop(key))
                return _xml("<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>")
            case "DELETE":
                del self.parts[key]
            case "POST":
                (gone,) = re.findall("<Key>(.+)</Key>", body.decode())
                del self.objects[f"{key}/{gone}"]
                return _xml(f"<DeleteResult><Deleted><Key>{gone}</Key></Deleted></DeleteResult>")
        found = self.objects.get(key, b"") if request.method == "GET" else b""
        return Response(found, 200 if found or request.method != "GET" else 404, FACTS)


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")


@pytest.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Bucket, StoredDocuments]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "olga")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "parola")
    made, port = Bucket(), ports.free()
    server = uvicorn.Server(
        uvicorn.Config(made.app, port=port, log_level="error", lifespan="off", timeout_keep_alive=75)
    )
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    beating = asyncio.create_task(server.main_loop())
    yield made, connect(f"s3://bucket/a/b?endpoint=http://127.0.0.1:{port}&region=eu-south-1")
    server.should_exit = True
    await beating
    await server.shutdown()


async def pieces(count: int, *, then: Exception | None = None) -> AsyncIterator[bytes]:
    for number in range(count):
        yield bytes([number]) * 64 * 1024
    if then:
        raise then


@pytest.mark.parametrize("count", [1, 200])
async def test_it_keeps_reads_and_forgets(bucket: tuple[Bucket, StoredDocuments], count: int) -> None:
    kept, store = bucket
    document_id = uuid4()
    await store.keep(document_id, pieces(count))
    assert list(kept.objects) == [f"bucket/a/b/{document_id}"]
    whole = b"".join([piece async for piece in pieces(count)])
    assert b"".join([piece async for piece in await store.read(document_id)]) == whole
    await store.forget(document_id)
    assert (kept.objects, kept.parts, kept.askers) == ({}, {}, {("olga", "eu-south-1")})


@pytest.mark.parametrize("count", [0, 1, 200])
async def test_it_gives_up_what_does_not_come_to_its_end(bucket: tuple[Bucket, StoredDocuments], count: int) -> None:
    kept, store = bucket
    with pytest.raises(ZeroDivisionError):
        await store.keep(uuid4(), pieces(count, then=ZeroDivisionError()))
    assert (kept.objects, kept.parts) == ({}, {})


async def test_it_says_when_it_is_out_of_reach(bucket: tuple[Bucket, StoredDocuments]) -> None:
    with pytest.raises(DocumentStoreUnavailable):
        await bucket[1].read(uuid4())
    away = connect(f"s3://bucket?endpoint=http://127.0.0.1:{ports.free()}")
    with pytest.raises(DocumentStoreUnavailable):
        await away.keep(uuid4(), pieces(1))
