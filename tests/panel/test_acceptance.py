"""The titolare's page: reading never accepts; one decision a link; dead links stay dead."""

import asyncio

import httpx
import pytest

from tests import identities
from tests.personas import Operator, Partner, Stage, eventually


async def visit(bianchi: Partner, link: str, method: str = "GET") -> httpx.Response:
    return await bianchi.http.request(method, link, headers={"Authorization": ""})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_mail_scanner_accepts_nothing(bianchi: Partner, method: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    for _ in range(3):
        assert (await visit(bianchi, link, method)).status_code == 200
    assert (await bianchi.order(order_id))["missing"] == ["acceptance", "responsabili"]


async def test_it_says_who_ordered_what(bianchi: Partner) -> None:
    holder = await bianchi.titolare(identities.company(denominazione="D'Àngelo <b>& Figli</b>"))
    order_id = await bianchi.placed(titolare_id=holder["id"])
    (link,) = await bianchi.links(order_id)
    page = await visit(bianchi, link)
    assert "D&#39;Àngelo &lt;b&gt;&amp; Figli&lt;/b&gt;" in page.text
    for words in ("Studio Bianchi", "DocFly Fatturazione PA", "23,18 €", (await bianchi.order(order_id))["number"]):
        assert words in page.text
    assert "checked" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "change",
    [
        {"contract": ""},
        {"clauses": ""},
        {"privacy": "yes"},
        {"name": " "},
        {"name": "x" * 201},
        {"capacity": "cousin"},
        {"decision": "perhaps"},
        {"decision": ""},
    ],
)
async def test_it_says_what_is_missing_and_decides_nothing(bianchi: Partner, change: dict[str, str]) -> None:
    order_id = await bianchi.placed()
    answer = await bianchi.decide(order_id, **change)
    (field,) = change
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    if field != "name":
        assert 'value="Maria Rossi"' in answer.text
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"


async def test_an_accepted_link_shows_where_the_order_stands(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    decided = await bianchi.decide(order_id)
    assert (decided.status_code, decided.headers["location"]) == (303, httpx.URL(link).path)
    page = await visit(bianchi, link)
    assert (page.status_code, "attesa responsabile" in page.text) == (200, True)
    assert (await bianchi.decide(order_id)).status_code == 410
    assert (await bianchi.decide(order_id, "decline")).status_code == 410
    await bianchi.cancel(order_id)
    assert "annullato" in (await visit(bianchi, link)).text


async def test_two_at_once_accept_once(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    answers = await asyncio.gather(*(bianchi.decide(order_id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    assert (await bianchi.timeline(order_id)).count("contract_accepted") == 1


async def test_a_replaced_link_is_dead(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    (old,) = await bianchi.links(order_id)
    await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
    assert [(await visit(bianchi, old, method)).status_code for method in ("GET", "POST")] == [410, 410]
    await bianchi.links(order_id, at_least=2)
    assert (await bianchi.decide(order_id)).status_code == 303


@pytest.mark.parametrize("end", ["cancelled", "expired"])
async def test_the_link_of_an_order_that_is_over_is_dead(bianchi: Partner, stage: Stage, end: str) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    if end == "cancelled":
        await bianchi.cancel(order_id)
    else:
        await stage.fast_forward(order_id, days=91)
        await bianchi.until(order_id, "cancelled")
    assert [(await visit(bianchi, link, method)).status_code for method in ("GET", "POST")] == [410, 410]


@pytest.mark.parametrize("token", ["x", "è", "A" * 43, "%00", "a" * 5_000])
async def test_a_link_that_nobody_sent(bianchi: Partner, token: str) -> None:
    for method in ("GET", "POST"):
        assert (await visit(bianchi, f"/accept/{token}", method)).status_code == 404


async def test_a_titolare_who_does_not_know_the_partner_holds_the_order(
    bianchi: Partner, olga: Operator, stage: Stage
) -> None:
    order_id = await bianchi.placed()
    (link,) = await bianchi.links(order_id)
    assert (await bianchi.decide(order_id, "report")).status_code == 303
    held = await bianchi.order(order_id)
    assert (held["status"], held["held"]["reason"]) == ("awaiting_documents", "unknown_partner")
    assert held["next_action"] == {"actor": "operator", "action": "release", "due_at": None}
    assert "sospeso" in (await visit(bianchi, link)).text
    assert (await bianchi.decide(order_id)).status_code == 410
    refused = await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "pec"})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "OrderHeld")

    async def told() -> bool:
        mails = await stage.mails(stage.settings.operators_address)
        return any(held["number"] in mail["subject"] for mail in mails)

    await eventually(told)
    released = await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "chiarito"})
    assert (released.status_code, released.json()["held"]) == (200, None)
    assert (await olga.post(f"/v1/orders/{order_id}/release", json={})).status_code == 409
    assert (await bianchi.decide(order_id)).status_code == 303


async def test_reminders_stop_while_the_order_is_held(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    pec = await bianchi.pec_of(order_id)
    await bianchi.decide(order_id, "report")
    await stage.fast_forward(order_id, days=20)
    assert len(await stage.mails(pec)) == 1


async def test_the_style_sheet_is_served(bianchi: Partner) -> None:
    assert (await visit(bianchi, "/static/acceptance.css")).headers["content-type"].startswith("text/css")
