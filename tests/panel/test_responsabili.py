"""*Responsabili*: two persons out of a long address book, and words for one who can't be."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import text

from panel import responsabili
from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import Browser, filled_in
from tests.panel.test_titolari import flat
from tests.panel.visits import wrong
from tests.personas import Partner, Stage

ROLES = ("conservazione", "produzione")


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responsabili, "MOST", 2)


async def persons(bianchi: Partner, *names: str) -> list[str]:
    """Their ids."""
    return [(await bianchi.titolare(identities.person(family_name=name)))["id"] for name in names]


def options(html: str) -> list[str]:
    """What can be chosen for each role."""
    return re.findall(r'<option value="([^"]+)"', html)


async def test_companies_push_no_person_off_the_list(anna: Browser, bianchi: Partner) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    order_id = await bianchi.placed()
    for _ in range(3):
        await bianchi.titolare()
    page = (await anna.get(f"/ordini/{order_id}/responsabili")).text
    assert options(page) == [rossi, rossi]
    assert "Questi sono i più recenti" not in page


async def test_a_person_who_is_registered_on_the_way_can_be_chosen_at_once(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    path = f"/ordini/{order_id}/responsabili"
    errand = f"/titolari/nuovo/persona_fisica?ordine={order_id}"
    assert f'href="{HOME}{errand}"' in (await anna.get(path)).text
    assert f'href="{HOME}{path}">Indietro</a>' in (await anna.get(errand)).text
    incomplete = identities.person()
    del incomplete["pec"], incomplete["birth"]
    assert wrong(await anna.send(errand, **flat(incomplete))) == {"pec", "birth.date"}
    sent = await anna.send(errand, **flat(identities.person()))
    back = sent.headers["location"].removeprefix(HOME)
    assert back.startswith(f"{path}?persona=")
    whole = filled_in((await anna.get(back)).text)
    assert {whole[role] for role in ROLES} == {back.rpartition("=")[2]}
    assert (await anna.http.post(f"{HOME}{path}", data=whole)).status_code == 303


async def test_a_person_who_lacks_something_is_mended_on_the_way(anna: Browser, bianchi: Partner) -> None:
    incomplete = identities.person()
    del incomplete["pec"]
    person, order_id = (await bianchi.titolare(incomplete))["id"], await bianchi.placed()
    path, mending = f"/ordini/{order_id}/responsabili", f"/titolari/{person}/modifica?ordine={order_id}"
    refused = await anna.send(path, conservazione=person, produzione=person)
    assert f'href="{HOME}{mending}"' in refused.text
    whole = {**filled_in((await anna.get(mending)).text), "pec": "maria.rossi@pec.example.it"}
    mended = await anna.http.post(f"{HOME}{mending}", data=whole)
    assert mended.headers["location"] == f"{HOME}{path}?persona={person}"
    assert (await anna.send(path, conservazione=person, produzione=person)).status_code == 303


async def test_two_who_were_found_by_two_searches_are_chosen_together(anna: Browser, bianchi: Partner) -> None:
    rossi, verdone, *_ = await persons(bianchi, "Rossi", "Verdone", "Uno", "Due")
    order_id = await bianchi.placed()
    path = f"/ordini/{order_id}/responsabili"
    first = await anna.get(path)
    assert "Questi sono i più recenti: cerchi gli altri." in first.text
    assert rossi not in options(first.text)
    found = await anna.get(path, params={**unsent(first.text), "q": "rossi"})
    assert rossi in options(found.text)
    other = await anna.get(path, params={**unsent(found.text), "conservazione": rossi, "q": "verdone"})
    assert unsent(other.text)["conservazione"] == rossi
    form = {**filled_in(other.text), "produzione": verdone}
    assert (await anna.http.post(f"{HOME}{path}", data=form)).status_code == 303
    assert (await bianchi.order(order_id))["responsabili"] == dict(zip(ROLES, (rossi, verdone), strict=True))
    assert "L'operazione si è conclusa con successo." in (await anna.get(f"/ordini/{order_id}")).text
    later = await anna.get(path, params={"q": "niente"})
    assert {role: unsent(later.text)[role] for role in ROLES} == dict(zip(ROLES, (rossi, verdone), strict=True))
    assert "Nessuna persona trovata" in later.text


def unsent(html: str) -> dict[str, str]:
    """What the search carries: all but what proves that a form is ours."""
    return {name: value for name, value in filled_in(html).items() if name in ("q", *ROLES)}


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        (identities.person(pec=None), "Manca la PEC"),
        (identities.person(birth=None), "Mancano i dati di nascita"),
        (identities.company(), "Non è una persona fisica"),
    ],
)
async def test_it_says_beside_the_role_who_cant_be_one_and_why(
    anna: Browser, bianchi: Partner, lacking: dict[str, object], words: str
) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    other = (await bianchi.titolare(lacking))["id"]
    order_id = await bianchi.placed()
    path = f"/ordini/{order_id}/responsabili"
    refused = await anna.post(path, q="niente", conservazione=rossi, produzione=other)
    assert (refused.status_code, wrong(refused)) == (422, {"produzione"})
    assert words in refused.text
    assert f"{HOME}/titolari/{other}" in refused.text
    kept = unsent(refused.text)
    assert kept == {"q": "niente", "conservazione": rossi, "produzione": other}
    assert (await bianchi.order(order_id))["responsabili"] is None


async def test_a_public_bodys_must_be_declared_its_own(anna: Browser, bianchi: Partner) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    body = identities.company(kind="pubblica_amministrazione", ipa_code="c_a390", office_code="UFABCD")
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(body))["id"])
    path = f"/ordini/{order_id}/responsabili"
    chosen = {"conservazione": rossi, "produzione": rossi}
    refused = await anna.send(path, **chosen)
    assert (refused.status_code, wrong(refused)) == (422, {"internal"})
    assert unsent(refused.text)["conservazione"] == rossi
    searched = await anna.get(path, params={**chosen, "internal": "true", "q": "niente"})
    assert 'value="true" checked' in searched.text
    assert (await anna.send(f"{path}?{urlencode(chosen)}", **chosen, internal="true")).status_code == 303


async def test_whoever_is_not_chosen_is_asked_for(anna: Browser, bianchi: Partner) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    order_id = await bianchi.placed()
    refused = await anna.send(f"/ordini/{order_id}/responsabili", conservazione=rossi, produzione="")
    assert (refused.status_code, wrong(refused)) == (422, {"produzione"})


async def test_another_partners_person_is_no_choice(anna: Browser, bianchi: Partner, verdi: Partner) -> None:
    (stranger,) = await persons(verdi, "Rossi")
    await persons(bianchi, "Bruni")
    path = f"/ordini/{await bianchi.placed()}/responsabili"
    assert stranger not in options((await anna.get(path, params={"conservazione": stranger})).text)


async def test_operators_say_why_they_choose(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    order_id, why = await bianchi.placed(), f"chiesto dal partner {uuid4()}"
    path, chosen = f"/ordini/{order_id}/responsabili", dict.fromkeys(ROLES, rossi)
    unexplained = await ugo.send(path, **chosen, reason=" ")
    assert (unexplained.status_code, wrong(unexplained)) == (422, {"reason"})
    assert unsent(unexplained.text)["produzione"] == rossi
    searched = await ugo.get(path, params={**chosen, "reason": why, "q": "niente"})
    assert f">{why}</textarea>" in searched.text
    company = (await bianchi.titolare())["id"]
    refused = await ugo.send(path, **(chosen | {"produzione": company}), reason=why)
    assert (refused.status_code, f">{why}</textarea>" in refused.text) == (422, True)
    async with stage.sessions() as session:
        assert await session.scalar(text("select count(*) from notes where text = :why"), {"why": why}) == 0
    assert "responsabili_assigned" not in await bianchi.timeline(order_id)
    assert (await ugo.send(path, **chosen, reason=why)).status_code == 303
    assert f"Responsabili assegnati (operatore): «{why}»" in (await ugo.get(f"/ordini/{order_id}")).text


async def test_partners_are_asked_for_no_reason(anna: Browser, bianchi: Partner) -> None:
    (rossi,) = await persons(bianchi, "Rossi")
    order_id = await bianchi.placed()
    path = f"/ordini/{order_id}/responsabili"
    assert 'name="reason"' not in (await anna.get(path)).text
    assert (await anna.send(path, **dict.fromkeys(ROLES, rossi), reason="non chiesto")).status_code == 303
    assert "non chiesto" not in (await anna.get(f"/ordini/{order_id}")).text
