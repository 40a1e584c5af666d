"""The list of orders: by cursors, newest first, filtered."""

import pytest

from tests import identities
from tests.api.checks import walk
from tests.personas import Operator, Partner


async def test_it_lists_newest_first_by_cursors(bianchi: Partner, verdi: Partner) -> None:
    placed = [await bianchi.placed() for _ in range(5)]
    await verdi.placed()
    pages = await walk(bianchi, "/v1/orders", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [order["id"] for page in pages for order in page] == placed[::-1]


async def test_it_lists_orders_as_it_answers_them(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    (listed,) = (await bianchi.get("/v1/orders")).json()["items"]
    assert listed == await bianchi.order(order_id)


async def test_it_filters(bianchi: Partner) -> None:
    company = identities.company(denominazione="Ferramenta Òrsi 100%")
    holder = (await bianchi.titolare(company))["id"]
    wanted = await bianchi.placed("docfly", titolare_id=holder, external_id="PO-8")
    await bianchi.cancel(await bianchi.placed(external_id="PO-80"))
    number = (await bianchi.order(wanted))["number"]
    for filters in (
        {"product": "docfly"},
        {"external_id": "PO-8"},
        {"titolare_id": holder},
        {"status": "awaiting_documents"},
        {"q": "ferramenta òrsi"},
        {"q": "ÒRSI"},
        {"q": "FERRAMENTA orsi'"},
        {"q": "100%"},
        {"q": number},
        {"q": company["partita_iva"]},
        {"q": "maria 100%"},
        {"q": "PO-8", "status": "awaiting_documents"},
        {"product": "docfly", "external_id": "PO-8", "titolare_id": holder},
    ):
        found = (await bianchi.get("/v1/orders", params=filters)).json()["items"]
        assert [order["id"] for order in found] == [wanted], filters


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "active"},
        {"product": "docfly"},
        {"external_id": "po-9"},
        {"titolare_id": "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"},
        {"q": "%"},
        {"q": "_"},
        {"q": "\\"},
        {"q": "rossi bruni"},
        {"external_id": "PO-9", "status": "cancelled"},
    ],
)
async def test_it_finds_nothing_that_does_not_meet_all(bianchi: Partner, filters: dict[str, str]) -> None:
    await bianchi.placed(external_id="PO-9")
    assert (await bianchi.get("/v1/orders", params=filters)).json() == {"items": [], "next": None}


async def test_it_goes_on_under_the_same_filter(bianchi: Partner) -> None:
    wanted = []
    for _ in range(3):
        wanted.append(await bianchi.placed(external_id="PO-10"))
        await bianchi.placed("docfly")
    pages = await walk(bianchi, "/v1/orders", limit=1, external_id="PO-10")
    assert [order["id"] for page in pages for order in page] == wanted[::-1]


async def test_it_takes_one_external_id_for_many_orders(bianchi: Partner, verdi: Partner) -> None:
    mine = {await bianchi.placed(external_id="PO-11") for _ in range(2)}
    await verdi.placed(external_id="PO-11")
    found = (await bianchi.get("/v1/orders", params={"external_id": "PO-11"})).json()["items"]
    assert {order["id"] for order in found} == mine


async def test_it_lists_every_partners_orders_for_operators(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    theirs = [await bianchi.placed(external_id=str(bianchi.partner_id)), await verdi.placed()]
    found = (await olga.get("/v1/orders", params={"limit": 2})).json()["items"]
    assert [order["id"] for order in found] == theirs[::-1]
    found = (await olga.get("/v1/orders", params={"external_id": str(bianchi.partner_id)})).json()["items"]
    assert [order["id"] for order in found] == theirs[:1]
