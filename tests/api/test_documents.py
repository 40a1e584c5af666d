"""Documents on orders: who may add and read them, and that they come out as they went in."""

from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import identities
from tests.api.checks import INSTANT, is_problem, pointers, walk
from tests.api.documents import FORM, add, folder, kept, part, send, traces
from tests.personas import Operator, Partner, Stage
from tests.samples import SAMPLES, XML, pdf


@pytest.mark.parametrize("kind", SAMPLES)
async def test_it_comes_out_as_it_went_in(bianchi: Partner, kind: str) -> None:
    order_id = await bianchi.placed()
    media_type, content = SAMPLES[kind]
    answer = await send(bianchi, order_id, content, name="perché è così.dat", responsabile="conservazione")
    assert answer.status_code == 201, answer.text
    document = answer.json()
    path = f"/v1/orders/{order_id}/documents"
    assert answer.headers["location"] == f"{path}/{document['id']}"
    assert INSTANT.fullmatch(document.pop("at"))
    assert document == {
        "id": document["id"],
        "name": "perché è così.dat",
        "media_type": media_type,
        "size_bytes": len(content),
        "sha256": sha256(content).hexdigest(),
        "responsabile": "conservazione",
        "person": None,
        "by": "partner",
    }
    (listed,) = (await bianchi.get(path)).json()["items"]
    assert {**document, "at": listed["at"]} == listed
    read = await bianchi.get(answer.headers["location"])
    assert (read.status_code, read.content) == (200, content)
    assert read.headers["content-type"] == media_type
    assert read.headers["content-length"] == str(len(content))
    assert read.headers["x-content-type-options"] == "nosniff"
    assert read.headers["etag"] == f'"{document["sha256"]}"'
    assert read.headers["content-disposition"] == (
        "attachment; filename=\"perche e cosi.dat\"; filename*=UTF-8''perch%C3%A9%20%C3%A8%20cos%C3%AC.dat"
    )


async def test_the_timeline_tells_of_it(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    document = await add(bianchi, order_id, XML, responsabile="produzione")
    events = (await bianchi.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    (event,) = [event for event in events if event["kind"] == "document_added"]
    facts = {"document_id": document["id"], "sha256": document["sha256"], "responsabile": "produzione"}
    assert event == {"at": document["at"], "kind": "document_added", "actor": "partner", "detail": facts}


async def test_a_folder_is_the_persons_who_held_the_role(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    people = [await bianchi.titolare(identities.person(given_name=name)) for name in ("Mario", "Chiara")]
    for person in people:
        roles = {"conservazione": person["id"], "produzione": person["id"]}
        assert (await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)).status_code == 200
        await add(bianchi, order_id, XML, responsabile="conservazione")
    await add(bianchi, order_id, XML)
    listed = (await bianchi.get(f"/v1/orders/{order_id}/documents")).json()["items"]
    mario, chiara = ({"id": person["id"], "name": f"{person['given_name']} Bruni"} for person in people)
    assert [document["person"] for document in listed] == [None, chiara, mario]


async def test_it_lists_them_newest_first_page_by_page(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    added = [(await add(bianchi, order_id, pdf(b"%d" % count)))["id"] for count in range(5)]
    pages = await walk(bianchi, f"/v1/orders/{order_id}/documents", limit=2)
    assert [[one["id"] for one in page] for page in pages] == [added[:2:-1], added[2:0:-1], added[:1]]
    answer = await bianchi.get(f"/v1/orders/{order_id}/documents", params={"cursor": "x", "limit": 0})
    assert pointers(answer) == {"?cursor", "?limit"}


async def test_the_same_bytes_are_another_document(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    first, second = await add(bianchi, order_id, XML), await add(bianchi, order_id, XML)
    assert first["id"] != second["id"]
    assert first["sha256"] == second["sha256"]


async def test_it_is_not_there_for_verdi(bianchi: Partner, verdi: Partner) -> None:
    order_id = await bianchi.placed()
    document = await add(bianchi, order_id, XML)
    before = kept(bianchi.stage)
    path = f"/v1/orders/{order_id}/documents"
    assert is_problem(await send(verdi, order_id, XML), 404, "OrderNotFound")
    assert is_problem(await verdi.get(path), 404, "OrderNotFound")
    assert is_problem(await verdi.get(f"{path}/{document['id']}"), 404, "OrderNotFound")
    own = await verdi.placed()
    assert is_problem(await verdi.get(f"/v1/orders/{own}/documents/{document['id']}"), 404, "DocumentNotFound")
    assert (await verdi.get(f"/v1/orders/{own}/documents")).json() == {"items": [], "next": None}
    assert kept(bianchi.stage) == before


async def test_it_is_of_one_order(bianchi: Partner) -> None:
    order_id, other = await bianchi.placed(), await bianchi.placed()
    document = await add(bianchi, order_id, XML)
    answer = await bianchi.get(f"/v1/orders/{other}/documents/{document['id']}")
    assert is_problem(answer, 404, "DocumentNotFound")
    assert is_problem(await bianchi.get(f"/v1/orders/{order_id}/documents/{uuid4()}"), 404, "DocumentNotFound")
    assert pointers(await bianchi.get(f"/v1/orders/{order_id}/documents/x")) == {"/document_id"}


async def test_an_operator_adds_and_reads(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    document = await add(olga, order_id, pdf())
    assert (document["by"], document["responsabile"]) == ("operator", None)
    answer = await bianchi.get(f"/v1/orders/{order_id}/documents/{document['id']}")
    assert answer.content == pdf()
    assert (await olga.get(f"/v1/orders/{order_id}/documents")).json()["items"] == [document]


async def test_nothing_is_added_to_a_cancelled_order_and_what_is_there_stays(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    document = await add(bianchi, order_id, XML)
    assert (await bianchi.cancel(order_id)).status_code == 202
    await bianchi.until(order_id, "cancelled")
    before = kept(bianchi.stage)
    for caller in (bianchi, olga):
        assert is_problem(await send(caller, order_id, XML), 409, "DocumentsClosed")
        assert (await caller.get(f"/v1/orders/{order_id}/documents")).json()["items"] == [document]
        assert (await caller.get(f"/v1/orders/{order_id}/documents/{document['id']}")).content == XML
    assert kept(bianchi.stage) == before


async def test_the_database_refuses_to_change_or_lose_one(stage: Stage, bianchi: Partner) -> None:
    document = await add(bianchi, await bianchi.placed(), XML)
    chosen = {"id": document["id"]}
    for change in (
        "update documents set name = 'x' where id = :id",
        "delete from documents where id = :id",
        "truncate documents",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with stage.sessions.begin() as session:
                await session.execute(text(change), chosen if ":id" in change else {})


async def test_it_says_that_the_store_has_lost_one(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    document = await add(bianchi, order_id, XML)
    (folder(bianchi.stage) / document["id"]).unlink()
    answer = await bianchi.get(f"/v1/orders/{order_id}/documents/{document['id']}")
    assert is_problem(answer, 503, "DocumentStoreUnavailable")
    assert answer.headers["retry-after"]


async def test_an_order_that_is_cancelled_meanwhile_takes_nothing(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = await traces(bianchi.stage)

    async def slowly() -> AsyncIterator[bytes]:
        yield part('name="file"; filename="a.xml"', XML)
        assert (await bianchi.cancel(order_id)).status_code == 202
        await bianchi.until(order_id, "cancelled")
        yield b"--confine--\r\n"

    answer = await bianchi.post(f"/v1/orders/{order_id}/documents", content=slowly(), headers=FORM)
    assert is_problem(answer, 409, "DocumentsClosed")
    assert await traces(bianchi.stage) == before
