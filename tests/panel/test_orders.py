"""The guide's own way: bought, mailed again, given its responsabili, cancelled; all without JavaScript."""

import re
from datetime import datetime
from html import unescape
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from domain.words import termine
from panel.buying import Wish
from panel.visitors import HOME
from tests import identities
from tests.api.documents import add
from tests.panel.browsing import Browser, hidden
from tests.personas import Partner, Stage, eventually
from tests.samples import pdf
from tests.simulators.hands import Provider
from tests.workflows.test_order_provider import through_the_gates
from workflows import client

SUCCESS = "L'operazione si è conclusa con successo."
POLLS = re.compile(r'hx-get="/pannello([^"]+)"')


async def buy(anna: Browser, bianchi: Partner, entry: str = "docfly-pa", **options: str) -> str:
    """A new order's id."""
    holder = await bianchi.titolare()
    first = await anna.get(f"/{entry}/acquista", params={"q": holder["partita_iva"]})
    assert f"/{entry}/acquista/opzioni?titolare={holder['id']}" in first.text
    wish = urlencode({"titolare": holder["id"], **options})
    assert (await anna.get(f"/{entry}/acquista/opzioni?{wish}")).status_code == 200
    placed = await anna.send(f"/{entry}/acquista/conferma?{wish}&key={uuid4()}")
    assert placed.status_code == 303, placed.text
    return placed.headers["location"].split("/")[3]


async def test_what_came_too_late_leads_back_to_the_order(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    late = await anna.get(f"/ordini/{order_id}/cancella")
    assert (late.status_code, f'href="{HOME}/ordini/{order_id}"' in late.text) == (409, True), late.text


async def test_docfly_pa_is_bought_and_becomes_active(anna: Browser, bianchi: Partner) -> None:
    order_id = await buy(anna, bianchi, extra_gb="2")
    order = await bianchi.order(order_id)
    assert order["options"]["extra_gb"] == 2
    page = await anna.get(f"/ordini/{order_id}")
    by = termine(datetime.fromisoformat(order["next_action"]["due_at"]))
    assert f"Aspettiamo che il titolare accetti i contratti, entro le {by}." in page.text
    assert (await bianchi.decide(order_id)).status_code == 303
    assert "Aspettiamo che Lei indichi i responsabili" in (await anna.get(f"/ordini/{order_id}/stato")).text
    person = (await bianchi.titolare(identities.person()))["id"]
    chosen = await anna.send(f"/ordini/{order_id}/responsabili", conservazione=person, produzione=person)
    assert chosen.status_code == 303
    await bianchi.until(order_id, "active")
    page = await anna.get(f"/ordini/{order_id}")
    assert "Il servizio è attivo." in page.text
    assert "hx-get" not in page.text.partition('id="stato"')[2].partition(">")[0]
    assert order["number"] in (await anna.get("/docfly-pa")).text


async def test_its_story_says_to_whom_each_mail_went(anna: Browser, bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    assert await bianchi.links(order_id)
    await bianchi.cancel(order_id)
    to = {"contratti e link di accettazione": holder["pec"], "ordine annullato": bianchi.address}

    async def told() -> bool:
        page = (await anna.get(f"/ordini/{order_id}")).text
        return all(
            f"Email consegnata al server di posta: {what}, a {whom} (sistema)" in page for what, whom in to.items()
        )

    assert await eventually(told)


async def test_its_story_tells_no_address_of_ours_to_a_partner(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "report")

    async def told() -> str | None:
        page = (await anna.get(f"/ordini/{order_id}")).text
        return page if "Email consegnata al server di posta: ordine sospeso" in page else None

    page = await eventually(told)
    assert page is not None
    assert stage.settings.operators_address not in page


async def test_its_story_tells_no_address_of_who_was_erased(anna: Browser, bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    await bianchi.decide(order_id, "decline")  # by a mail whose address stays with the decision
    await bianchi.until(order_id, "cancelled")
    path = f"/ordini/{order_id}"
    assert holder["pec"] in (await anna.get(path)).text
    assert (await bianchi.http.delete(f"/v1/titolari/{holder['id']}")).status_code == 200
    page = (await anna.get(path)).text
    assert "Email consegnata al server di posta: contratti e link di accettazione (sistema)" in page
    assert holder["pec"] not in page


async def test_docfly_goes_through_all_steps(anna: Browser, bianchi: Partner) -> None:
    options = {"renewal_years": "10", "renewal_mode": "on_request", "starter_kit": "kit_5gb", "extra_users": "3"}
    order_id = await buy(anna, bianchi, "docfly", **options)
    ordered = (await bianchi.order(order_id))["options"]
    assert (ordered["renewal_years"], ordered["starter_kit"], ordered["extra_users"]) == (10, "kit_5gb", 3)
    assert (
        await anna.get(f"/docfly/acquista/extra?titolare={(await bianchi.order(order_id))['titolare']['id']}")
    ).status_code == 200


async def test_its_page_tells_what_was_ordered_for_whom_and_each_line_of_the_price(
    anna: Browser, bianchi: Partner
) -> None:
    extras = {"extra_users": "3", "extra_archives": "2", "extra_definitions": "4"}
    order_id = await buy(anna, bianchi, "docfly", starter_kit="kit_5gb", **extras)
    told = facts((await anna.get(f"/ordini/{order_id}")).text)
    holder = (await bianchi.get(f"/v1/titolari/{(await bianchi.order(order_id))['titolare']['id']}")).json()
    assert {name: told[name] for name in ("Partita IVA", "Codice fiscale", "PEC")} == {
        "Partita IVA": holder["partita_iva"],
        "Codice fiscale": holder["codice_fiscale"],
        "PEC": holder["pec"],
    }
    assert {name: told[name] for name in ("Starter Kit", "Utenti", "Archivi", "Definizioni")} == {
        "Starter Kit": "5 GB",
        "Utenti": "4, di cui 3 in aggiunta",
        "Archivi": "3, di cui 2 in aggiunta",
        "Definizioni": "6, di cui 4 in aggiunta",
    }
    of_pa = await anna.get(f"/ordini/{await buy(anna, bianchi, extra_gb='2')}")
    assert facts(of_pa.text)["GB di spazio"] == "3, di cui 2 in aggiunta"
    for words in ("DocFly Fatturazione PA", "GB aggiuntivi", "Imponibile", "IVA 22%", "32,94 €"):
        assert words in of_pa.text.partition("<caption>Prezzo</caption>")[2]


def facts(page: str) -> dict[str, str]:
    """What a page's list of facts says."""
    told = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*(.*?)\s*</dd>", page, re.DOTALL)
    return {name: unescape(words) for name, words in told}


async def test_a_second_click_on_conferma_is_the_same_order(anna: Browser, bianchi: Partner) -> None:
    path = f"/docfly-pa/acquista/conferma?titolare={(await bianchi.titolare())['id']}&key={uuid4()}"
    form, address = hidden(await anna.get(path)), f"{HOME}{path}"
    first = await anna.http.post(address, data=form)
    second = await anna.http.post(address, data=form)
    assert first.headers["location"] == second.headers["location"]
    assert await bianchi.balance() == "976.82"


async def test_a_session_that_ends_within_the_wizard_loses_nothing(anna: Browser, bianchi: Partner) -> None:
    wish = Wish(titolare=(await bianchi.titolare())["id"], extra_gb=2, key=uuid4())
    path = f"/docfly-pa/acquista/conferma?{urlencode(wish.model_dump(mode='json'))}"  # as the wizard has it
    form = hidden(await anna.get(path))
    anna.http.cookies.clear()
    sent = await anna.http.post(f"{HOME}{path}", data=form)
    assert (sent.status_code, await bianchi.balance()) == (303, "1000.00")
    asked = await anna.http.get(sent.headers["location"])
    back = (await anna.sign_in(poi=hidden(asked)["poi"])).headers["location"]
    assert back == f"{HOME}{path}"
    assert (await anna.send(path)).status_code == 303
    assert await bianchi.balance() == "967.06"


async def test_another_price_than_the_one_shown_is_refused(anna: Browser, bianchi: Partner) -> None:
    path = f"/docfly-pa/acquista/conferma?titolare={(await bianchi.titolare())['id']}&key={uuid4()}"
    refused = await anna.send(path, expected_total_cents="1")
    assert refused.status_code == 409
    assert "Il prezzo non è quello atteso." in refused.text
    assert await bianchi.balance() == "1000.00"


async def test_it_cancels_after_asking_why_and_the_credit_comes_back(anna: Browser, bianchi: Partner) -> None:
    order_id = await buy(anna, bianchi)
    unexplained = await anna.send(f"/ordini/{order_id}/cancella", reason="  ")
    assert unexplained.status_code == 422
    assert 'aria-describedby="reason-error"' in unexplained.text
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    assert (await anna.send(f"/ordini/{order_id}/cancella", reason="doppione")).status_code == 303
    assert await bianchi.balance() == "1000.00"
    assert (await anna.get(f"/ordini/{order_id}/cancella")).status_code == 409
    assert (await anna.post(f"/ordini/{order_id}/cancella", reason="doppione")).status_code == 303
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert ("riaccreditato" in page, SUCCESS in page) == (True, True)


async def test_a_cancellation_that_the_provider_has_yet_to_confirm_is_told_as_asked_for(
    anna: Browser, bianchi: Partner, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = await through_the_gates(bianchi, provider, "error", calls="all")
    monkeypatch.setattr(client, "SECONDS", 6)
    assert (await anna.send(f"/ordini/{order_id}/cancella", reason="doppione")).status_code == 303
    page = (await anna.get(f"/ordini/{order_id}")).text
    asked = "La cancellazione è stata richiesta, ma non è ancora confermata."
    assert (asked in page, SUCCESS in page) == (True, False)
    assert asked not in (await anna.get(f"/ordini/{order_id}")).text
    provider.mode("instant", order=UUID(order_id))
    await bianchi.until(order_id, "cancelled", within=60)
    assert await bianchi.balance() == "1000.00"


async def test_a_resend_says_from_when_it_is_allowed(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    order_id = await buy(anna, bianchi)
    assert "Si può inviare di nuovo dal" in (await anna.get(f"/ordini/{order_id}")).text
    refused = await anna.send(f"/ordini/{order_id}/invia-email", to="pec")
    assert refused.status_code == 409
    assert len(await stage.mails(await bianchi.pec_of(order_id))) <= 1


async def test_a_page_that_follows_an_order_changes_only_with_it_and_its_story(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await told(bianchi, order_id, "mail_sent")
    page = (await anna.get(f"/ordini/{order_id}")).text
    (polls,) = POLLS.findall(page)
    assert (await anna.get(polls)).status_code == 204
    await add(bianchi, order_id, pdf(), name="visura.pdf")
    longer = await anna.get(polls)
    assert ("visura.pdf</a>" in longer.text, "Prova dell'accettazione" in longer.text) == (True, False)
    (polls,) = POLLS.findall(longer.text)
    assert (await anna.get(polls)).status_code == 204
    await bianchi.decide(order_id)
    assert "Prova dell'accettazione" in (await anna.get(polls)).text
    await bianchi.assign(order_id)
    await bianchi.until(order_id, "active")
    changed = await anna.get(polls)
    assert (changed.status_code, "Il servizio è attivo" in changed.text) == (200, True)
    for words in ("Contratti accettati", "Servizio attivato"):
        assert words in changed.text.partition('id="storia"')[2]
    assert not POLLS.findall(changed.text)


async def told(bianchi: Partner, order_id: str, kind: str) -> None:
    """Until an order's story tells of it."""

    async def is_there() -> bool:
        return kind in await bianchi.timeline(order_id)

    await eventually(is_there)


async def test_verdi_finds_nothing_of_bianchis(vito: Browser, anna: Browser, bianchi: Partner) -> None:
    number = (await bianchi.order(await bianchi.placed()))["number"]
    assert number in (await anna.get("/docfly-pa", params={"q": number})).text
    assert f">{number}<" not in (await vito.get("/docfly-pa", params={"q": number})).text
    assert number in (await anna.get("/")).text
    assert number not in (await vito.get("/")).text


@pytest.mark.parametrize(
    "path", ["/docfly-pa?stato=x", "/docfly-pa?cursor=x", "/ordini/x", "/altro/acquista", "/niente"]
)
async def test_nonsense_is_no_page(anna: Browser, path: str) -> None:
    answer = await anna.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
