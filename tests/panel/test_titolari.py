"""Titolari, registered by a form: on the way through the wizard, or on their own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.titolari import Kind
from domain.words import giorno
from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import Browser, filled_in, hidden
from tests.panel.visits import wrong
from tests.personas import Partner


def flat(body: dict[str, object]) -> dict[str, str]:
    """As a form has it."""
    fields: dict[str, str] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            fields |= {f"{name}.{part}": str(one) for part, one in value.items()}
        elif value is not None and name != "kind":
            fields[name] = str(value)
    return fields


async def test_a_new_one_goes_on_with_the_wizard(anna: Browser, bianchi: Partner) -> None:
    company = identities.company(denominazione="Caffè & Città S.r.l.")
    sent = await anna.send("/titolari/nuovo/persona_giuridica?per=docfly", **flat(company))
    assert sent.status_code == 303, sent.text
    titolare_id = sent.headers["location"].rpartition("=")[2]
    assert sent.headers["location"] == f"{HOME}/docfly/acquista/opzioni?titolare={titolare_id}"
    kept = (await bianchi.get(f"/v1/titolari/{titolare_id}")).json()
    assert {name: kept[name] for name in company} == company
    assert "Caffè &amp; Città S.r.l." in (await anna.get(f"/titolari/{titolare_id}")).text
    assert "Caffè &amp; Città" in (await anna.get("/titolari", params={"q": "caffe citta"})).text


async def test_a_person_is_asked_for_no_more_than_a_person_has(anna: Browser) -> None:
    form = (await anna.get("/titolari/nuovo/persona_fisica")).text
    assert 'name="partita_iva"' not in form
    assert 'name="ipa_code"' not in form
    sent = await anna.send("/titolari/nuovo/persona_fisica", **flat(identities.person()))
    assert sent.status_code == 303, sent.text


async def test_all_that_is_known_of_one_is_shown(anna: Browser, bianchi: Partner) -> None:
    body = identities.company(
        kind="pubblica_amministrazione", activity="azienda", ipa_code="c_a390", office_code="UFABCD"
    )
    page = (await anna.get(f"/titolari/{(await bianchi.titolare(body))['id']}")).text
    birth = body["birth"]
    day = giorno(date.fromisoformat(birth["date"]))
    for words in ("azienda", f"{body['given_name']} {body['family_name']}", day, birth["place"], "c_a390", "UFABCD"):
        assert words in page, words
    assert "Legale rappresentante" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"partita_iva": "12345678901"}, "partita_iva"),
        ({"codice_fiscale": "x"}, "codice_fiscale"),
        ({"denominazione": ""}, "denominazione"),
        ({"given_name": "\x00"}, "given_name"),
        ({"address.postal_code": "1"}, "address.postal_code"),
        ({"address.street": ""}, "address.street"),
        ({"birth.date": "ieri"}, "birth.date"),
        ({"birth.date": str((datetime.now(UTC) + timedelta(days=400)).date())}, "birth.date"),
        ({"birth.date": "", "birth.place": "", "birth.sex": ""}, "birth.date"),
        ({"birth.sex": "X"}, "birth.sex"),
        ({"activity": "altro"}, "activity"),
        ({"pec": "a@b"}, "pec"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    anna: Browser, bianchi: Partner, changes: dict[str, str], field: str
) -> None:
    path = "/titolari/nuovo/persona_giuridica"
    refused = await anna.send(path, **{**flat(identities.company()), **changes})
    assert refused.status_code == 422
    assert field in wrong(refused)
    assert f'<a href="#{field}">' in refused.text
    assert f'id="{field}"' in refused.text
    assert 'value="Rossi"' in refused.text  # what was right stays
    assert (await bianchi.get("/v1/titolari")).json()["items"] == []


@pytest.mark.parametrize("kind", Kind)
async def test_an_empty_form_says_all_that_is_missing(anna: Browser, kind: Kind) -> None:
    refused = await anna.send(f"/titolari/nuovo/{kind}")
    assert refused.status_code == 422
    assert {"given_name", "family_name", "codice_fiscale", "email"} <= wrong(refused)


async def test_they_are_not_there_for_verdi(vito: Browser, bianchi: Partner) -> None:
    titolare = await bianchi.titolare()
    assert (await vito.get(f"/titolari/{titolare['id']}")).status_code == 404
    assert titolare["id"] not in (await vito.get("/titolari", params={"q": titolare["partita_iva"]})).text


@pytest.mark.parametrize("path", ["/titolari?q=%00", "/docfly-pa?q=%00a%0Ab", "/docfly/acquista?q=%EF%BF%BE%00"])
async def test_odd_characters_find_nothing_and_break_nothing(anna: Browser, path: str) -> None:
    assert (await anna.get(path)).status_code == 200


async def test_one_is_changed_and_orders_keep_them_as_they_were(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    address = f"/titolari/{holder}/modifica"
    page = await anna.get(address)
    form = {**filled_in(page.text), "phone": "+390575999999"}
    answer = await anna.http.post(f"{HOME}{address}", data=form)
    assert answer.status_code == 303, answer.text
    assert (await bianchi.get(f"/v1/titolari/{holder}")).json()["phone"] == "+390575999999"
    assert (await anna.http.post(f"{HOME}{address}", data=form)).status_code == 303
    late = await anna.http.post(f"{HOME}{address}", data={**form, "phone": "+390575888888"})
    assert (late.status_code, "Nel frattempo un altro" in late.text) == (409, True)
    assert (await bianchi.get(f"/v1/titolari/{holder}")).json()["phone"] == "+390575999999"
    assert (await anna.http.post(f"{HOME}{address}", data=filled_in(late.text))).status_code == 303
    assert (await bianchi.get(f"/v1/titolari/{holder}")).json()["phone"] == "+390575888888"


async def test_a_change_is_judged_like_a_new_one(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    address = f"/titolari/{holder}/modifica"
    form = {**filled_in((await anna.get(address)).text), "partita_iva": "00000000000"}
    answer = await anna.http.post(f"{HOME}{address}", data=form)
    assert (answer.status_code, 'id="partita_iva-error"' in answer.text) == (422, True)


async def test_a_form_that_is_sent_twice_is_one_titolare(anna: Browser) -> None:
    form = {**hidden(await anna.get("/titolari/nuovo/persona_fisica")), **flat(identities.person())}
    first, second = [await anna.http.post(f"{HOME}/titolari/nuovo/persona_fisica", data=form) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert first.status_code == 303


async def test_another_titolare_typed_into_a_form_that_was_sent_is_another(anna: Browser, bianchi: Partner) -> None:
    path = "/titolari/nuovo/persona_giuridica?per=docfly"
    refused = await anna.send(path, **{**flat(identities.company()), "phone": ""})
    form = hidden(refused)  # as the page is met again by going back
    rossi, verdone = (identities.company(denominazione=name) for name in ("Rossi S.r.l.", "Verdone S.r.l."))
    answers = [await anna.http.post(f"{HOME}{path}", data={**form, **flat(one)}) for one in (rossi, verdone)]
    ids = [answer.headers["location"].rpartition("=")[2] for answer in answers]
    names = [(await bianchi.get(f"/v1/titolari/{one}")).json()["denominazione"] for one in ids]
    assert names == ["Rossi S.r.l.", "Verdone S.r.l."]
