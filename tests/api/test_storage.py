"""*Storage DocFly*: the space of every service; of one titolare's, *Associazione Storage*."""

import pytest
from sqlalchemy import text

from domain.services import ServiceStatus
from tests.api.checks import is_problem, pointers, walk
from tests.personas import Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service


async def test_it_tells_each_services_space(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY, added_gb=5)
    async with stage.sessions.begin() as session:
        measured = "update services set used_bytes = 5400000000, full_on = '2027-02-28' where id = :id"
        await session.execute(text(measured), {"id": row.id})
    order = await bianchi.order(str(row.order_id))
    assert (await bianchi.get("/v1/storage")).json() == {
        "items": [
            {
                "service_id": str(row.id),
                "order": {"id": order["id"], "number": order["number"], "product": "docfly"},
                "titolare": order["titolare"],
                "product": "docfly",
                "status": "active",
                "expires_on": str(in_days(30)),
                "bought_gb": 6,
                "used_bytes": 5_400_000_000,
                "full_on": "2027-02-28",
            }
        ],
        "next": None,
    }


async def test_it_brings_one_titolares_services_together(bianchi: Partner, stage: Stage) -> None:
    holder = (await bianchi.titolare())["id"]
    theirs = [
        await service(stage, bianchi, expires_on=in_days(30), titolare_id=holder),
        await service(stage, bianchi, expires_on=in_days(40), titolare_id=holder, options=DOCFLY),
    ]
    await service(stage, bianchi, expires_on=in_days(20))
    pages = await walk(bianchi, "/v1/storage", limit=1, titolare_id=holder)
    found = [item for page in pages for item in page]
    assert [item["service_id"] for item in found] == [str(row.id) for row in reversed(theirs)]
    assert {item["titolare"]["id"] for item in found} == {holder}


async def test_it_lists_newest_first_by_cursors(bianchi: Partner, verdi: Partner, stage: Stage) -> None:
    rows = [await service(stage, bianchi, expires_on=in_days(days)) for days in (10, 20, 30)]
    ended = await service(stage, bianchi, expires_on=in_days(-100), status=ServiceStatus.TERMINATED)
    await service(stage, verdi, expires_on=in_days(30))
    pages = await walk(bianchi, "/v1/storage", limit=2)
    found = [item["service_id"] for page in pages for item in page]
    assert found == [str(row.id) for row in (*reversed(rows), ended)]


async def test_an_operator_finds_every_partners(bianchi: Partner, verdi: Partner, olga: Operator, stage: Stage) -> None:
    for partner in (bianchi, verdi):
        row = await service(stage, partner, expires_on=in_days(30))
        order = await partner.order(str(row.order_id))
        answer = await olga.get("/v1/storage", params={"titolare_id": order["titolare"]["id"]})
        assert [item["service_id"] for item in answer.json()["items"]] == [str(row.id)]


@pytest.mark.parametrize("name", ["titolare_id", "limit", "cursor", "product"])
async def test_it_names_the_wrong_filter(bianchi: Partner, name: str) -> None:
    answer = await bianchi.get("/v1/storage", params={name: "x"})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {f"?{name}"}
