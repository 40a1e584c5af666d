"""Verdi sees, names and moves nothing of Bianchi's: on every route that has an id."""

from uuid import uuid4

import pytest

from tests import identities, services
from tests.api.checks import is_problem, send, state
from tests.api.routes import WITH_AN_ID, filled
from tests.personas import Operator, Partner, Stage

BODIES: dict[str, object] = {
    "/v1/orders/{order_id}/contract-mails": {"to": "pec"},
    "/v1/orders/{order_id}/responsabili": {"conservazione": str(uuid4()), "produzione": str(uuid4())},
    "/v1/titolari/{titolare_id}": identities.company(),
    "/v1/orders/{order_id}/cancellation": {"reason": "doppione"},
}


NAMES = {"orders": "OrderNotFound", "titolari": "TitolareNotFound", "services": "ServiceNotFound"}


@pytest.mark.parametrize(("method", "path"), WITH_AN_ID)
async def test_it_is_not_there_for_verdi(
    bianchi: Partner, verdi: Partner, stage: Stage, method: str, path: str
) -> None:
    order_id = await bianchi.placed()
    service = await services.service(stage, bianchi, expires_on=services.in_days(30))
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    before = await state(bianchi)
    theirs = {"order_id": order_id, "titolare_id": holder, "service_id": str(service.id)}
    for ids in (theirs, {name: str(uuid4()) for name in theirs}):
        asked = filled(path, {"document_id": str(uuid4()), **ids})
        answer = await send(verdi, asked, BODIES.get(path, {}), method=method)
        assert is_problem(answer, 404, NAMES[path.split("/")[2]])
    assert await state(bianchi) == before


async def test_it_lists_nothing_for_verdi(bianchi: Partner, verdi: Partner, stage: Stage) -> None:
    order = await bianchi.order(await bianchi.placed(external_id="PO-9"))
    holder = order["titolare"]
    await services.service(
        stage, bianchi, expires_on=services.in_days(30), titolare_id=holder["id"], options=services.DOCFLY
    )
    for filters in ({}, {"external_id": "PO-9"}, {"titolare_id": holder["id"]}, {"q": holder["name"]}):
        assert (await verdi.get("/v1/orders", params=filters)).json() == {"items": [], "next": None}
    for path in ("/v1/services", "/v1/storage"):
        for filters in ({}, {"titolare_id": holder["id"]}):
            assert (await verdi.get(path, params=filters)).json() == {"items": [], "next": None}
    assert (await verdi.get("/v1/titolari", params={"q": "rossi"})).json() == {"items": [], "next": None}
    (only,) = (await verdi.get("/v1/credit/entries")).json()["items"]
    assert only["cause"]["kind"] == "top_up"


async def test_it_orders_nothing_for_bianchis_titolare(bianchi: Partner, verdi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    before = await state(verdi)
    order = {"product": "docfly_pa", "titolare_id": holder}
    assert is_problem(await send(verdi, "/v1/orders", order), 404, "TitolareNotFound")
    assert is_problem(await send(verdi, "/v1/quotes", order), 404, "TitolareNotFound")
    assert await state(verdi) == before


async def test_it_makes_nobody_of_bianchis_a_responsabile(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    holder, order_id = (await bianchi.titolare())["id"], await verdi.placed()
    for caller in (verdi, olga):
        roles = {"conservazione": holder, "produzione": holder}
        answer = await caller.put(f"/v1/orders/{order_id}/responsabili", json=roles)
        assert is_problem(answer, 404, "TitolareNotFound")
    assert (await verdi.order(order_id))["responsabili"] is None
