"""Responsabili are assigned as they are on that day, and the same ones again when their record was mended."""

from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from db.responsabili import ResponsabileRow
from tests import identities
from tests.personas import Partner, Stage, eventually


async def assign(partner: Partner, order_id: str, person: str) -> httpx.Response:
    roles = {"conservazione": person, "produzione": person}
    return await partner.put(f"/v1/orders/{order_id}/responsabili", json=roles)


async def mend(partner: Partner, person: dict[str, Any], **changes: str) -> None:
    path, body = f"/v1/titolari/{person['id']}", {**person, **changes}
    del body["id"], body["created_at"]
    assert (await partner.put(path, json=body, headers={"If-Match": "*"})).status_code == 200


async def test_the_same_one_with_a_mended_pec_gets_the_credentials_there(bianchi: Partner, stage: Stage) -> None:
    person = await bianchi.titolare(identities.person(pec="brumi@pec.example"))
    order_id = await bianchi.placed()
    assert (await assign(bianchi, order_id, person["id"])).status_code == 200
    right = f"{order_id}@pec.bruni.example"
    await mend(bianchi, person, pec=right)
    assert (await assign(bianchi, order_id, person["id"])).status_code == 200
    assert (await bianchi.decide(order_id)).status_code == 303
    await bianchi.until(order_id, "active")
    (mail,) = await eventually(lambda: stage.mails(right))
    assert "nome utente" in mail["text"]


async def test_the_same_ones_again_change_nothing(bianchi: Partner, stage: Stage) -> None:
    person, order_id = (await bianchi.titolare(identities.person()))["id"], await bianchi.placed()
    for _ in range(3):
        assert (await assign(bianchi, order_id, person)).status_code == 200
    assert (await bianchi.timeline(order_id)).count("responsabili_assigned") == 1
    async with stage.sessions() as session:
        rows = await session.scalars(select(ResponsabileRow).where(ResponsabileRow.order_id == UUID(order_id)))
    assert len(rows.all()) == 2
