"""What is out of reach gives a clear error that says "repeat as it is", and is never a stored answer."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.personas import Partner, Stage
from tests.workflows.processes import annexe


@pytest.fixture
def key() -> str:
    return str(uuid4())


async def test_without_a_worker_the_order_waits_and_is_placed_once(stage: Stage, key: str) -> None:
    import worker

    async with annexe(stage, namespace="no-worker") as house, await house.partner("Studio Bianchi") as bianchi:
        holder = (await bianchi.titolare())["id"]
        answer = await bianchi.place(titolare_id=holder, key=key)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (503, "EngineUnavailable")
        assert answer.headers["retry-after"]
        assert await bianchi.balance() == "1000.00"
        async with worker.running(house.temporal, house.settings, house.sessions):
            again = await bianchi.place(titolare_id=holder, key=key)
            assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
            assert await bianchi.balance() == "976.82"
            await bianchi.cancel(again.json()["id"])


async def test_without_a_price_list_nothing_is_begun(bianchi: Partner, stage: Stage, key: str) -> None:
    holder = (await bianchi.titolare())["id"]
    async with stage.sessions.begin() as session:
        await session.execute(text("update price_lists set valid_from = '2999-01-01'"))
    try:
        answer = await bianchi.place(titolare_id=holder, key=key)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (503, "NoPriceList")
    finally:
        async with stage.sessions.begin() as session:
            await session.execute(text("update price_lists set valid_from = '2026-01-01'"))
    assert (await bianchi.place(titolare_id=holder, key=key)).status_code == 201
