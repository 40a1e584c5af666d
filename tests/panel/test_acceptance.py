"""The titolare's page: reading never accepts; a decision is whole, or there is none."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from db import orders
from db.decisions import Answer, DecisionRow
from tests import identities
from tests.panel.visits import FORM, post, visit, wrong
from tests.personas import Partner, Stage

MULTIPART = "multipart/form-data; boundary=b"


def part(names: bytes, value: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--b--\r\n" % (names, value)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_mail_scanner_accepts_nothing(bianchi: Partner, method: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    before = await bianchi.order(order_id)
    for _ in range(3):
        assert (await visit(bianchi, link, method)).status_code == 200
    for query in ("?decision=accept&contract=on&clauses=on&privacy=on&name=x&capacity=titolare", "?x"):
        assert (await visit(bianchi, link + query, method)).status_code == 200
    after = await bianchi.order(order_id)
    assert {**after, "contract_mails": before["contract_mails"]} == before
    assert "order_placed" in await bianchi.timeline(order_id)
    assert "contract_accepted" not in await bianchi.timeline(order_id)


async def test_it_says_who_ordered_what(bianchi: Partner) -> None:
    holder = await bianchi.titolare(identities.company(denominazione="D'Àngelo <b onload=x>& Figli</b>"))
    order_id = await bianchi.placed(titolare_id=holder["id"])
    (link,) = await bianchi.links(order_id)
    page = await visit(bianchi, link)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "D&#39;Àngelo &lt;b onload=x&gt;&amp; Figli&lt;/b&gt;" in page.text
    assert "<b onload" not in page.text
    for words in ("Studio Bianchi", "DocFly Fatturazione PA", "23,18 €", (await bianchi.order(order_id))["number"]):
        assert words in page.text
    assert "checked" not in page.text


async def test_it_keeps_the_page_to_itself(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    pages = [await visit(bianchi, link, method) for method in ("GET", "HEAD", "POST")]
    pages += [await visit(bianchi, "/accept/nobody"), await bianchi.decide(order_id), await visit(bianchi, link)]
    assert [page.status_code for page in pages] == [200, 200, 422, 404, 303, 200]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
        assert (page.headers["x-content-type-options"], page.headers["x-robots-tag"]) == ("nosniff", "noindex")


@pytest.mark.parametrize(
    "change",
    [
        {"contract": ""},
        {"clauses": ""},
        {"privacy": "yes"},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "Maria\u202eRossi"},
        {"name": "Maria\x00"},
        {"capacity": "cousin"},
        {"capacity": ""},
        {"decision": "perhaps"},
        {"decision": ""},
        {"reason": "x" * 2_001},
    ],
    ids=lambda given: ascii(given)[:40],
)
async def test_it_says_what_is_missing_and_decides_nothing(bianchi: Partner, change: dict[str, str]) -> None:
    order_id = await bianchi.placed()
    answer = await bianchi.decide(order_id, **change)
    (field,) = change
    assert (answer.status_code, wrong(answer)) == (422, {field})
    kept = {"name": 'value="Maria Rossi"', "capacity": 'value="legal_representative" selected'}
    for name in kept.keys() - {field}:
        assert kept[name] in answer.text
    assert answer.text.count(" checked") == 3 - (field in ("contract", "clauses", "privacy"))
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    assert (await bianchi.decide(order_id)).status_code == 303


async def test_it_shows_hostile_words_as_words(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    evil = '"><script>alert(1)</script>'
    page = (await bianchi.decide(order_id, name=evil, capacity=evil, reason=f"</textarea>{evil}", contract=evil)).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM["Content-Type"]),
        (b'{"decision": "accept"}', "application/json"),
        (b"decision=accept", "text/plain"),
        (b"&".join(b"f%d=1" % number for number in range(30)), FORM["Content-Type"]),
        (b"name=%ED%A0%80&decision=%00&=&&", FORM["Content-Type"]),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=b"),
        (part(b'name="decision"; filename="f"', b"accept"), MULTIPART),
        (part(b'name="name"', b"+2AA-"), f"{MULTIPART}; charset=utf-7"),
        (part(b'name="name"', b"\\ud800"), f"{MULTIPART}; charset=unicode_escape"),
        (part(b'name="name"', b"x"), f"{MULTIPART}; charset=klingon"),
    ],
    ids=lambda given: ascii(given)[:40],
)
async def test_a_form_that_is_none_decides_nothing(bianchi: Partner, body: bytes, kind: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    answer = await post(bianchi, link, body, kind)
    assert (answer.status_code, wrong(answer)) == (422, {"decision"})
    assert (await bianchi.order(order_id))["missing"] == ["acceptance", "responsabili"]


@pytest.mark.parametrize("twice", ["decision=accept&decision=decline", "decision=decline&decision=decline"])
async def test_who_decides_twice_at_once_has_decided_nothing(bianchi: Partner, twice: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    whole = f"{twice}&contract=on&clauses=on&privacy=on&name=Maria+Rossi&capacity=delegate"
    answer = await post(bianchi, link, whole.encode(), FORM["Content-Type"])
    assert (answer.status_code, wrong(answer)) == (422, {"decision"})
    assert (await bianchi.order(order_id))["missing"] == ["acceptance", "responsabili"]


async def test_a_form_that_is_too_large_is_not_read(bianchi: Partner) -> None:
    (link,) = await bianchi.links(await bianchi.placed())
    assert (await post(bianchi, link, b"name=" + b"x" * 70_000, FORM["Content-Type"])).status_code == 413


async def test_it_leads_to_where_the_order_stands(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    decided = await bianchi.decide(order_id)
    assert (decided.status_code, decided.headers["location"]) == (303, httpx.URL(link).path)
    page = await visit(bianchi, link)
    assert (page.status_code, "attesa responsabile" in page.text, "<form" in page.text) == (200, True, False)
    order = await bianchi.order(order_id)
    assert (order["status"], order["missing"]) == ("awaiting_responsabile", ["responsabili"])
    await bianchi.cancel(order_id)
    assert "annullato" in (await visit(bianchi, link)).text


async def test_it_keeps_who_accepted_what_from_where(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, name="  Nicolò D'Àngelo ", capacity="delegate", reason="")
    async with stage.sessions() as session:
        (decision,) = await session.scalars(select(DecisionRow).where(DecisionRow.order_id == order_id))
    kept = decision.evidence
    assert (decision.answer, kept["name"], kept["capacity"]) == (Answer.ACCEPT, "Nicolò D'Àngelo", "delegate")
    assert (kept["contract"], kept["clauses"], kept["privacy"], kept["reason"]) == ("on", "on", "on", None)
    assert (kept["ip"], kept["user_agent"].startswith("python-httpx/")) == ("127.0.0.1", True)


async def test_it_declines_without_ticks_and_gives_the_credit_back(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    answer = await bianchi.decide(order_id, "decline", contract="", clauses="", privacy="", name="", capacity="")
    assert answer.status_code == 303
    order = await bianchi.order(order_id)
    assert (order["status"], order["reason"], await bianchi.balance()) == ("cancelled", "declined", "1000.00")
    page = await visit(bianchi, link)
    assert (page.status_code, "rifiutat" in page.text) == (200, True)
    for decision in ("accept", "decline", "report"):
        assert (await bianchi.decide(order_id, decision)).status_code == 410


async def test_four_at_once_accept_once(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    answers = await asyncio.gather(*(bianchi.decide(order_id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    assert (await bianchi.timeline(order_id)).count("contract_accepted") == 1


async def test_two_minds_at_once_are_one(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    answers = await asyncio.gather(*(bianchi.decide(order_id, wish) for wish in ("accept", "decline")))
    order, kinds = await bianchi.order(order_id), await bianchi.timeline(order_id)
    accepted = answers[0].status_code == 303
    assert {answer.status_code for answer in answers} <= {303, 410}
    assert order["status"] == ("awaiting_responsabile" if accepted and "order_cancelled" not in kinds else "cancelled")
    assert await bianchi.balance() == ("1000.00" if order["status"] == "cancelled" else "976.82")


async def test_what_the_workflow_refuses_is_told_as_no_acceptance(bianchi: Partner, stage: Stage) -> None:
    """It knows what the row doesn't tell, or not yet."""
    order_id = await bianchi.placed()
    assert (await bianchi.decide(order_id, "report")).status_code == 303
    async with stage.sessions.begin() as session:
        (await orders.lock(session, order_id=UUID(order_id))).held_at = None
    answer = await bianchi.decide(order_id)
    assert (answer.status_code, "accettati" in answer.text, "non registrata" in answer.text) == (410, False, True)
    assert (await bianchi.order(order_id))["accepted_at"] is None


async def test_the_style_sheet_is_served(bianchi: Partner) -> None:
    assert (await visit(bianchi, "/static/acceptance.css")).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(("decision", "kind"), [("decline", "order_cancelled"), ("report", "order_held")])
async def test_the_partner_reads_why(bianchi: Partner, decision: str, kind: str) -> None:
    order_id = await bianchi.placed()
    assert (await bianchi.decide(order_id, decision, reason="Ho già un altro fornitore.")).status_code == 303
    events = (await bianchi.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    (event,) = [event for event in events if event["kind"] == kind]
    assert (event["actor"], event["detail"]["words"]) == ("titolare", "Ho già un altro fornitore.")
