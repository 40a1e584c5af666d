"""Whether it lives, whether it can work, what it is."""

from context import Context
from db import connection
from gateways import documents
from tests.personas import Partner, Stage


async def test_it_is_alive(bianchi: Partner) -> None:
    answer = await bianchi.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_it_is_ready(bianchi: Partner) -> None:
    answer = await bianchi.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "temporal": True})


async def test_it_is_not_ready_without_its_database(stage: Stage) -> None:
    import httpx

    import web
    from local.ports import free

    engine = connection.engine(f"postgresql+asyncpg://nobody:x@127.0.0.1:{free()}/nothing")
    context = Context(
        sessions=connection.sessions(engine),
        temporal=stage.temporal,
        public_url="http://web",
        secret="x" * 32,
        provider_secret="whsec_x",
        documents=documents.connect(stage.settings.documents_url),
    )
    transport = httpx.ASGITransport(app=web.app(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://web") as http:
        assert (await http.get("/healthz")).status_code == 200
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"database": False, "temporal": True})
        refused = await http.get("/v1/credit", headers={"Authorization": "Bearer dfk_x"})
        assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (503, "DatabaseUnavailable")
        assert refused.headers["retry-after"]
    await engine.dispose()


async def test_it_describes_itself(bianchi: Partner) -> None:
    described = (await bianchi.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    for path in ("/v1/titolari/{titolare_id}", "/v1/orders/{order_id}/cancellation", "/v1/credit/entries"):
        assert path in described["paths"]
    assert not any(path.startswith("/accept") for path in described["paths"])
