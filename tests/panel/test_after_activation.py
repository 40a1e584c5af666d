"""What an order's service has become: its tabs, the storage of all, and the credit."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.calendar import add_years
from domain.lifecycle import Actor
from domain.service_orders import Renewal, SpaceOrder
from domain.services import ServiceStatus
from panel.visitors import HOME
from tests import identities
from tests.api.documents import add
from tests.panel.browsing import Browser, hidden
from tests.panel.pages import addresses
from tests.personas import Partner, Stage
from tests.samples import pdf
from tests.services import in_days, service
from tests.sweeps.sweeping import as_it_is
from workflows import service_client

CONTRACT = re.compile(rf'href="{HOME}(/ordini/[^"]+/contratti/[^"]+)"')
ACTION = re.compile(r'method="post"\s+action="([^"]+)"')

WISH = "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"


@pytest.mark.usefixtures("provider")
async def test_its_tabs_tell_renewals_and_space(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    renewal = Renewal(
        service_id=row.id, order_id=row.order_id, period_start=row.expires_on, years=1, asked_by=Actor.PARTNER,
        request_id=uuid4(),
    )  # fmt: skip
    await service_client.renew_service(stage.temporal, renewal=renewal)
    space = SpaceOrder(purchase_id=uuid4(), service_id=row.id, order_id=row.order_id, gb=3, asked_by=Actor.PARTNER)
    await service_client.buy_space(stage.temporal, purchase=space)
    renewals = (await anna.get(f"/ordini/{row.order_id}/rinnovi")).text
    assert f"dal {row.expires_on:%d/%m/%Y}" in renewals
    assert "rinnovato" in renewals
    bought = (await anna.get(f"/ordini/{row.order_id}/spazio")).text
    assert '<td class="number">3</td>' in bought
    stored = (await anna.get("/storage")).text
    assert "4 GB" in stored
    credit = (await anna.get("/credito")).text
    for cause in ("Rinnovo", "Spazio", "Ricarica"):
        assert f"<td>{cause}</td>" in credit
    assert "-23,18 €" in credit


@pytest.mark.usefixtures("provider")
async def test_a_renewal_and_more_space_are_shown_with_their_price_and_paid_once(
    anna: Browser, bianchi: Partner, stage: Stage
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    for path, left, total in (("rinnova", "976.82", "23,18 €"), ("acquista-spazio", "967.06", "9,76 €")):
        asked = await anna.http.get(f"{HOME}/ordini/{row.order_id}/{path}", follow_redirects=True)  # as the button does
        assert total in asked.text
        address = asked.url.join(ACTION.findall(asked.text)[-1].replace("&amp;", "&"))
        for _ in range(2):  # a second click
            assert (await anna.http.post(address, data=hidden(asked))).status_code == 303
        assert await bianchi.balance() == left
    assert (await as_it_is(stage, row.id)).expires_on == add_years(row.expires_on, years=1, anchor=row.starts_on)


@pytest.mark.usefixtures("provider")
async def test_who_goes_back_is_told_what_they_have_bought(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    address = f"/ordini/{row.order_id}/acquista-spazio?gb=2&key={WISH}"
    form = hidden(await anna.get(address))
    assert (await anna.http.post(f"{HOME}{address}", data=form)).status_code == 303
    back = await anna.get(address)
    assert (back.status_code, ">Conferma<" in back.text) == (409, False)
    assert f"{in_days(0):%d/%m/%Y}" in back.text
    assert re.search(r"2 GB, \d+,\d\d €\.", back.text)
    assert f'href="{HOME}/ordini/{row.order_id}/acquista-spazio?gb=2"' in back.text
    left = await bianchi.balance()
    again = await anna.http.post(f"{HOME}{address}", data=form)
    assert (again.status_code, await bianchi.balance()) == (303, left)
    assert (await anna.send(address.replace("gb=2", "gb=1"))).status_code == 303  # another wish
    assert (await as_it_is(stage, row.id)).service.quotas.gb == row.service.quotas.gb + 3


@pytest.mark.usefixtures("provider")
async def test_who_goes_back_after_a_renewal_is_offered_no_second(
    anna: Browser, bianchi: Partner, stage: Stage
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-80), status=ServiceStatus.SUSPENDED)
    address = f"/ordini/{row.order_id}/rinnova?years=1"
    assert (await anna.send(address)).status_code == 303
    back = await anna.get(address)
    assert (back.status_code, ">Conferma<" in back.text) == (409, False)
    assert "Riprovare dal" in back.text


@pytest.mark.parametrize("path", ["rinnova", f"acquista-spazio?key={WISH}"])
async def test_a_credit_that_is_short_is_told_before(anna: Browser, bianchi: Partner, stage: Stage, path: str) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    assert "Credito: 1.000,00 €. Dopo l'addebito: " in (await anna.get(f"/ordini/{row.order_id}/{path}")).text
    await stage.spend(bianchi, cents=100_000 - 100)
    asked = await anna.get(f"/ordini/{row.order_id}/{path}")
    assert asked.status_code == 200
    assert "ci sono 1,00 €, mancano " in asked.text
    assert ">Conferma<" not in asked.text


@pytest.mark.usefixtures("provider")
async def test_who_was_not_first_is_told(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    address = f"/ordini/{row.order_id}/rinnova?years=1"
    one, other = await anna.get(address), await anna.get(address)
    assert (await anna.http.post(f"{HOME}{address}", data=hidden(one))).status_code == 303
    assert (await anna.http.post(f"{HOME}{address}", data=hidden(other))).status_code == 409
    assert await bianchi.balance() == "976.82"


async def test_a_renewal_that_comes_too_early_says_from_when(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(200))
    since = f"{in_days(110):%d/%m/%Y}"
    assert f"Si può rinnovare dal {since}." in (await anna.get(f"/ordini/{row.order_id}")).text
    refused = await anna.get(f"/ordini/{row.order_id}/rinnova")
    assert (refused.status_code, f"Riprovare dal {since}." in refused.text) == (409, True)
    order_id = await bianchi.placed()
    assert (await anna.get(f"/ordini/{order_id}/rinnova")).status_code == 404


async def test_documents_are_listed_and_saved_to_the_byte(anna: Browser, bianchi: Partner) -> None:
    order_id, content = await bianchi.placed(), pdf()
    sent = await bianchi.post(f"/v1/orders/{order_id}/documents", files={"file": ("visura città.pdf", content)})
    assert sent.status_code == 201, sent.text
    assert "visura città.pdf" in (await anna.get(f"/ordini/{order_id}/documenti")).text
    saved = await anna.get(f"/ordini/{order_id}/documenti/{sent.json()['id']}")
    assert saved.content == content
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_the_story_names_each_document_and_opens_it(anna: Browser, bianchi: Partner) -> None:
    order_id, content = await bianchi.placed(), pdf()
    sent = await bianchi.post(f"/v1/orders/{order_id}/documents", files={"file": ("visura.pdf", content)})
    story = (await anna.get(f"/ordini/{order_id}")).text.partition("<h2>Storico dell'ordine</h2>")[2]
    assert f'{HOME}/ordini/{order_id}/documenti/{sent.json()["id"]}">visura.pdf</a>' in story


async def test_the_contracts_can_be_read_as_they_were_sent(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed("docfly")
    await bianchi.links(order_id)
    (mail,) = await stage.mails(await bianchi.pec_of(order_id))
    mailed = {
        stage.catcher.http.get(f"/messages/{mail['id']}/attachments/{attachment['number']}").content
        for attachment in mail["attachments"]
    }
    listed = CONTRACT.findall((await anna.get(f"/ordini/{order_id}")).text)
    saved = [await anna.get(path) for path in listed]
    assert {answer.content for answer in saved} == mailed
    for answer in saved:
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")


async def test_an_edition_that_was_replaced_stays_readable(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    new = {"email": "nuova@rossi.example", "pec": "nuova@pec.example"}
    assert (await anna.send(f"/ordini/{order_id}/indirizzi", **new)).status_code == 303
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert {path.split("/")[4] for path in CONTRACT.findall(page)} == {"1", "2"}
    assert page.count(", sostituito)") == len(CONTRACT.findall(page)) / 2


@pytest.mark.parametrize("which", ["1/altro", "9/modulo-d-ordine", "x/modulo-d-ordine", f"{10**30}/x", "1/%00"])
async def test_there_is_no_other_contract(anna: Browser, bianchi: Partner, which: str) -> None:
    assert (await anna.get(f"/ordini/{await bianchi.placed()}/contratti/{which}")).status_code == 404


async def test_open_orders_are_in_the_storage_too_and_in_the_titolares(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    first = await bianchi.order(await bianchi.placed(titolare_id=holder))
    second = await bianchi.order(await bianchi.placed("docfly", titolare_id=holder))
    other = await bianchi.order(await bianchi.placed())
    stored = (await anna.get("/storage")).text
    associated = (await anna.get(f"/ordini/{first['id']}/associazione-storage")).text
    for order in (first, second):
        card = f'href="{HOME}/ordini/{order["id"]}">{order["number"]}</a>'
        assert (card in stored, card in associated) == (True, True)
    assert (other["number"] in stored, other["number"] in associated) == (True, False)
    newest = (await anna.get(f"/ordini/{first['id']}/associazione-storage?limit=1")).text
    assert (second["number"] in newest, "Ordini meno recenti" in newest) == (True, True)
    assert second["number"] in (await anna.get("/storage.csv")).text


async def test_the_responsabili_are_chosen_from_their_tab(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed("docfly")
    assert f'href="{HOME}/ordini/{order_id}/responsabili"' in (await anna.get(f"/ordini/{order_id}/documenti")).text
    active = await bianchi.activated()
    told = "Indica i Responsabili: I responsabili non si possono più cambiare."
    assert told in (await anna.get(f"/ordini/{active}/documenti")).text


async def test_a_document_stays_with_who_held_the_role(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    assert (await bianchi.assign(order_id)).status_code == 200
    await add(bianchi, order_id, pdf(), responsabile="conservazione")
    chiara = (await bianchi.titolare(identities.person(given_name="Chiara")))["id"]
    roles = {"conservazione": chiara, "produzione": chiara}
    assert (await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)).status_code == 200
    shown = (await anna.get(f"/ordini/{order_id}/documenti")).text
    assert "responsabile della conservazione: Mario Bruni" in shown
    assert "responsabile della conservazione: Chiara Bruni" not in shown


@pytest.mark.parametrize(("suffix", "begins"), [("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbfData;Causale")])
async def test_a_months_statement_is_saved(anna: Browser, suffix: str, begins: bytes) -> None:
    month = f"{in_days(0):%Y-%m}"
    saved = await anna.get(f"/credito/estratti-conto/{month}.{suffix}")
    assert saved.content.startswith(begins)
    assert f"estratto-conto-{month}.{suffix}" in saved.headers["content-disposition"]


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "x", "2026-11.exe"])
async def test_what_is_no_month_has_no_statement(anna: Browser, month: str) -> None:
    assert (await anna.get(f"/credito/estratti-conto/{month}.pdf")).status_code == 404


async def test_every_page_is_there_for_its_partner_and_what_is_bianchis_for_nobody_else(
    anna: Browser, vito: Browser, bianchi: Partner
) -> None:
    for name, path in (await addresses(bianchi)).items():
        assert (await anna.get(path)).status_code == (404 if name == "not-found" else 200), path
        is_about_something = any(len(part) == 36 for part in path.replace("=", "/").split("/"))
        assert (await vito.get(path)).status_code == (404 if is_about_something or name == "not-found" else 200), path


async def test_a_partner_of_years_finds_every_months_statement(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    before = "update partners set created_at = created_at - interval '30 months' where id = :id"
    async with stage.sessions.begin() as session:
        await session.execute(text(before), {"id": bianchi.partner_id})
    offered = re.findall(r"estratti-conto/([0-9-]+).pdf", (await anna.get("/credito")).text)
    assert (len(offered), offered[0]) == (31, f"{in_days(0):%Y-%m}")
    assert offered == sorted(set(offered), reverse=True)
    assert (await anna.get(f"/credito/estratti-conto/{offered[-1]}.csv")).status_code == 200
