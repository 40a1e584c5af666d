"""The contracts and the receipt, as the titolare reaches them from the page."""

import re
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text

from tests.api.test_titolare_erasure import erase
from tests.panel.visits import visit
from tests.personas import Operator, Partner, Stage, eventually


async def papers(bianchi: Partner, link: str) -> list[str]:
    """Where the page's links to PDFs lead."""
    page = await visit(bianchi, link)
    return re.findall(r'href="(/accept/[^"]+)"', page.text)


async def test_the_page_shows_what_was_mailed(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed("docfly")
    (link,) = await bianchi.links(order_id)
    (mail,) = await stage.mails(await bianchi.pec_of(order_id))
    mailed = {}
    for attachment in mail["attachments"]:
        received = stage.catcher.http.get(f"/messages/{mail['id']}/attachments/{attachment['number']}")
        mailed[attachment["name"]] = sha256(received.content).hexdigest()
    shown = {}
    for path in await papers(bianchi, link):
        answer = await visit(bianchi, path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        shown[f"{path.rsplit('/', 1)[1]}.pdf"] = sha256(answer.content).hexdigest()
    assert shown == mailed
    assert len(shown) == 5


async def test_reading_everything_accepts_nothing(bianchi: Partner) -> None:
    """As a mail scanner does: each link of mail and page, by GET and HEAD."""
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    for path in [link, *await papers(bianchi, link), f"{link}/receipt"]:
        for method in ("GET", "HEAD"):
            await visit(bianchi, path, method)
    order = await bianchi.order(order_id)
    assert (order["status"], order["accepted_at"]) == ("awaiting_documents", None)


async def test_after_the_acceptance_there_is_a_receipt(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    assert (await visit(bianchi, f"{link}/receipt")).status_code == 404
    await bianchi.decide(order_id)

    async def sealed() -> bool:
        return (await visit(bianchi, f"{link}/receipt")).status_code == 200

    await eventually(sealed)
    paths = await papers(bianchi, link)
    assert len(paths) == 6
    for path in paths:
        assert (await visit(bianchi, path)).content.startswith(b"%PDF-")


async def test_a_dead_link_leads_to_no_paper(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    paths = await papers(bianchi, link)
    await bianchi.cancel(order_id)
    assert {(await visit(bianchi, path)).status_code for path in [*paths, f"{link}/receipt"]} == {410}


async def test_a_replaced_link_leads_to_no_paper_even_after_the_acceptance(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    (old,) = await bianchi.links(order_id)
    paths = await papers(bianchi, old)
    await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
    await bianchi.links(order_id, at_least=2)
    assert (await bianchi.decide(order_id)).status_code == 303
    assert {(await visit(bianchi, path)).status_code for path in [*paths, f"{old}/receipt"]} == {410}


async def test_papers_are_shown_for_a_month(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id)
    paths = await papers(bianchi, link)
    async with stage.sessions.begin() as session:
        long_ago = "update orders set accepted_at = accepted_at - interval '31 days' where id = :order"
        await session.execute(text(long_ago), {"order": UUID(order_id)})
    assert (await visit(bianchi, link)).status_code == 200
    assert await papers(bianchi, link) == []
    assert {(await visit(bianchi, path)).status_code for path in paths} == {410}


async def test_papers_of_who_is_erased_are_shown_no_more(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id)

    async def sealed() -> bool:
        return (await visit(bianchi, f"{link}/receipt")).status_code == 200

    await eventually(sealed)
    paths = await papers(bianchi, link)
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    assert await papers(bianchi, link) == paths
    await erase(bianchi, holder["id"])
    assert {(await visit(bianchi, path)).status_code for path in paths} == {410}
    page = (await visit(bianchi, link)).text
    assert ("annullato" in page, holder["denominazione"] in page) == (True, False)
    assert await papers(bianchi, link) == []


async def test_there_is_nothing_else(bianchi: Partner) -> None:
    (link,) = await bianchi.links(await bianchi.placed())
    for path in (f"{link}/contracts/altro", f"{link}/contracts/..%2fx", "/accept/x/contracts/modulo-d-ordine"):
        assert (await visit(bianchi, path)).status_code == 404
