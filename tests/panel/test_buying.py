"""What stands in the way of an order is told before the last *Conferma*, with the way to mend it."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import Browser, filled_in, hidden
from tests.panel.test_titolari import flat
from tests.panel.visits import wrong
from tests.personas import Partner

STEPS = ("opzioni", "extra", "conferma")


@pytest.mark.parametrize("step", STEPS)
async def test_what_the_titolare_lacks_is_named_at_each_step(anna: Browser, bianchi: Partner, step: str) -> None:
    holder = (await bianchi.titolare(identities.company(activity=None)))["id"]
    page = (await anna.get(f"/docfly-pa/acquista/{step}?titolare={holder}&key={uuid4()}")).text
    assert "Manca l&#39;attività svolta" in page
    assert f"/titolari/{holder}/modifica?per=docfly-pa" in page
    assert "method=" not in page.partition("<main")[2]
    assert "Manca" not in (await anna.get(f"/docfly/acquista/{step}?titolare={holder}&key={uuid4()}")).text


async def test_once_it_is_added_the_wizard_goes_on(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare(identities.company(activity=None)))["id"]
    path = f"/titolari/{holder}/modifica?per=docfly-pa"
    form = filled_in((await anna.get(path)).text) | {"activity": "azienda"}
    step = (await anna.http.post(f"{HOME}{path}", data=form)).headers["location"]
    assert step == f"{HOME}/docfly-pa/acquista/opzioni?titolare={holder}"
    assert "Tipologia Rinnovo" in (await anna.http.get(step)).text


@pytest.mark.parametrize(
    ("entry", "field"), [("docfly-pa", "activity"), ("docfly-pa", "partita_iva"), ("docfly", "partita_iva")]
)
async def test_a_new_titolare_is_asked_for_what_the_product_needs(
    anna: Browser, bianchi: Partner, entry: str, field: str
) -> None:
    path, label = f"/titolari/nuovo/persona_giuridica?per={entry}", re.compile(rf'<label for="{field}">(.*?)</label>')
    assert "facoltativo" not in label.findall((await anna.get(path)).text)[0]
    assert "facoltativo" in label.findall((await anna.get(path.partition("?")[0])).text)[0]
    refused = await anna.send(path, **flat(identities.company(**{field: None})))
    assert (refused.status_code, wrong(refused)) == (422, {field})
    assert (await bianchi.get("/v1/titolari")).json()["items"] == []


async def test_activity_is_needed_by_docfly_pa_only(anna: Browser) -> None:
    path = "/titolari/nuovo/persona_giuridica?per=docfly"
    assert "Attività svolta, per DocFly PA (facoltativo)" in (await anna.get(path)).text
    assert (await anna.send(path, **flat(identities.company(activity=None)))).status_code == 303


async def test_kinds_that_can_never_order_are_offered_as_responsabili_only(anna: Browser) -> None:
    of_person = f"{HOME}/titolari/nuovo/persona_fisica"
    assert of_person in (await anna.get("/titolari/nuovo")).text
    in_wizard = (await anna.get("/titolari/nuovo?per=docfly")).text
    assert (of_person in in_wizard, "persona_giuridica?per=docfly" in in_wizard) == (False, True)


async def test_a_person_without_partita_iva_is_told_at_once(anna: Browser, bianchi: Partner) -> None:
    person = (await bianchi.titolare(identities.person()))["id"]
    page = (await anna.get(f"/docfly/acquista/opzioni?titolare={person}")).text
    assert "può essere solo responsabile" in page
    assert f"/titolari/{person}/modifica" not in page


async def test_a_live_order_is_announced_and_linked(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    order_id = await bianchi.placed(titolare_id=holder)
    for step in STEPS:
        page = (await anna.get(f"/docfly-pa/acquista/{step}?titolare={holder}&key={uuid4()}")).text
        assert ("ha già un ordine vivo" in page, f'href="{HOME}/ordini/{order_id}"' in page) == (True, True)
    assert ">Conferma</button>" not in page
    assert "ha già un ordine vivo" not in (await anna.get(f"/docfly/acquista/opzioni?titolare={holder}")).text
    refused = await anna.send(f"/docfly-pa/acquista/conferma?titolare={holder}&key={uuid4()}")
    assert (refused.status_code, f'href="{HOME}/ordini/{order_id}"' in refused.text) == (409, True)


async def test_another_partners_live_order_is_not_linked(anna: Browser, bianchi: Partner, verdi: Partner) -> None:
    company = identities.company()
    order_id = await verdi.placed(titolare_id=(await verdi.titolare(company))["id"])
    path = f"/docfly-pa/acquista/conferma?titolare={(await bianchi.titolare(company))['id']}&key={uuid4()}"
    assert order_id not in (await anna.get(path)).text
    refused = await anna.send(path)
    assert (refused.status_code, order_id in refused.text) == (409, False)
    assert "L&#39;ordine è di un altro partner" in refused.text


@pytest.mark.parametrize(("entry", "then"), [("docfly", "/responsabili"), ("docfly-pa", "")])
async def test_docfly_asks_for_the_responsabili_at_once(anna: Browser, bianchi: Partner, entry: str, then: str) -> None:
    holder = (await bianchi.titolare())["id"]
    placed = (await anna.send(f"/{entry}/acquista/conferma?titolare={holder}&key={uuid4()}")).headers["location"]
    assert placed.endswith(then)
    assert "specificare un responsabile della conservazione" in (await anna.http.get(placed)).text or not then
    assert "Intanto indichi i responsabili" in (await anna.http.get(placed.removesuffix("/responsabili"))).text


async def test_placing_leaves_what_was_begun_in_another_tab(anna: Browser, bianchi: Partner) -> None:
    first, second = [urlencode({"titolare": (await bianchi.titolare())["id"]}) for _ in range(2)]
    confirm = f"/docfly-pa/acquista/conferma?{first}&key={uuid4()}"
    form = hidden(await anna.get(confirm))
    await anna.get(f"/docfly-pa/acquista/opzioni?{second}")
    assert (await anna.http.post(f"{HOME}{confirm}", data=form)).status_code == 303
    assert f"/docfly-pa/acquista/opzioni?{second}" in (await anna.get("/")).text
