"""The address book: what is kept, how it is answered, how it is found."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import identities
from tests.api.checks import INSTANT, walk
from tests.personas import Partner

FIELDS = {
    "id", "created_at", "kind", "activity", "denominazione", "given_name", "family_name", "codice_fiscale",
    "partita_iva", "address", "phone", "email", "pec", "birth", "ipa_code", "office_code",
}  # fmt: skip
PUBLIC_BODY = {
    "kind": "pubblica_amministrazione",
    "denominazione": "Comune di Arezzo",
    "activity": None,
    "partita_iva": None,
    "ipa_code": "c_a390",
    "office_code": "UFX9KJ",
}


def public_body() -> dict[str, Any]:
    return identities.company(**PUBLIC_BODY)


@pytest.mark.parametrize(
    "body", [identities.company(), identities.person(), public_body()], ids=lambda body: str(body["kind"])
)
async def test_it_answers_what_was_given(bianchi: Partner, body: dict[str, Any]) -> None:
    answer = await bianchi.post("/v1/titolari", json=body)
    kept = answer.json()
    assert (answer.status_code, set(kept)) == (201, FIELDS)
    assert answer.headers["location"] == f"/v1/titolari/{kept['id']}"
    assert {name: kept[name] for name in body} == body
    assert {kept[name] for name in FIELDS - set(body) - {"id", "created_at"}} <= {None}
    assert INSTANT.fullmatch(kept["created_at"])
    read = await bianchi.get(f"/v1/titolari/{kept['id']}")
    assert (read.status_code, read.json()) == (200, kept)
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.headers["etag"].startswith('"')


async def test_it_takes_the_example_of_the_contract(bianchi: Partner) -> None:
    example = identities.company(codice_fiscale="01879020517", partita_iva="01879020517")
    assert (
        await bianchi.post("/v1/titolari", json={**example, "ipa_code": None, "office_code": None})
    ).status_code == 201


@pytest.mark.parametrize("code", ["RSSMRA85T10A562S", "MRTMTT25D09F205Z", " rssmra85t10a562s "])
async def test_it_keeps_codes_in_one_form(bianchi: Partner, code: str) -> None:
    kept = await bianchi.titolare(identities.person(codice_fiscale=code, birth=None, pec=None))
    assert kept["codice_fiscale"] == code.strip().upper()


async def test_it_keeps_accents_and_trims(bianchi: Partner) -> None:
    name = "  Caffe\u0300 «Perché» & D'Àngelo — 日本 😀 "
    kept = await bianchi.titolare(identities.company(denominazione=name))
    assert kept["denominazione"] == "Caffè «Perché» & D'Àngelo — 日本 😀"


async def test_it_refuses_who_is_born_tomorrow(bianchi: Partner) -> None:
    tomorrow = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    birth = {"date": tomorrow, "place": "Arezzo", "sex": "F"}
    assert (await bianchi.post("/v1/titolari", json=identities.company(birth=birth))).status_code == 422
    birth["date"] = date(1900, 1, 1).isoformat()
    assert (await bianchi.post("/v1/titolari", json=identities.company(birth=birth))).status_code == 201


async def test_it_lists_newest_first_by_cursors(bianchi: Partner, verdi: Partner) -> None:
    kept = [(await bianchi.titolare()) for _ in range(5)]
    await verdi.titolare()
    pages = await walk(bianchi, "/v1/titolari", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in page] == kept[::-1]


async def test_it_lists_twenty_unless_told_otherwise(bianchi: Partner) -> None:
    for _ in range(21):
        await bianchi.titolare()
    page = (await bianchi.get("/v1/titolari")).json()
    assert (len(page["items"]), page["next"] is None) == (20, False)
    page = (await bianchi.get("/v1/titolari", params={"limit": 100})).json()
    assert (len(page["items"]), page["next"]) == (21, None)


@pytest.mark.parametrize("count", [2, 4])
async def test_it_ends_a_list_with_its_last_page(bianchi: Partner, count: int) -> None:
    for _ in range(count):
        await bianchi.titolare()
    assert [len(page) for page in await walk(bianchi, "/v1/titolari", limit=2)] == [2] * (count // 2)


async def test_it_is_not_shifted_by_who_comes_later(bianchi: Partner) -> None:
    kept = [(await bianchi.titolare())["id"] for _ in range(4)]
    first = (await bianchi.get("/v1/titolari", params={"limit": 2})).json()
    await bianchi.titolare()
    second = (await bianchi.get("/v1/titolari", params={"limit": 2, "cursor": first["next"]})).json()
    assert [one["id"] for one in first["items"] + second["items"]] == kept[::-1]


async def test_it_finds_by_words(bianchi: Partner) -> None:
    wanted = await bianchi.titolare(
        identities.company(denominazione="Ferramenta Òrsi 100%", given_name="Zoë", family_name="Quintavalle")
    )
    await bianchi.titolare()
    words = ("ferramenta", "ÒRSI ferr", "100%", "zoë", "quinta", wanted["partita_iva"][2:8], wanted["pec"], " òrsi ")
    for q in words:
        found = (await bianchi.get("/v1/titolari", params={"q": q})).json()["items"]
        assert [one["id"] for one in found] == [wanted["id"]], q


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("Agenzia Perù", "peru"),
        ("Agenzia Perù", "PERU'"),
        ("Agenzia Peru", "perù"),
        ("Società Agricola", "agricola SOCIETA"),
        ("D'Amico", "d\u2019amico"),
        ("D\u2019Amico", "d'amico"),
        ("D'Amico", "DAMICO"),
        ("Straße & Söhne", "strasse sohne"),
        ("İstanbul Łódź", "istanbul lodz"),
        ("Sconti 100%", "100\uff05"),
        ("Rossi_Bruni", "rossi_b"),
        ("A\\B", "a\\b"),
    ],
    ids=ascii,
)
async def test_it_finds_by_words_however_they_are_written(bianchi: Partner, name: str, q: str) -> None:
    wanted = await bianchi.titolare(identities.company(denominazione=name))
    await bianchi.titolare(identities.company(denominazione="Sconti 1000 RossiXBruni AXB"))
    found = (await bianchi.get("/v1/titolari", params={"q": q})).json()["items"]
    assert [one["id"] for one in found] == [wanted["id"]]


async def test_it_finds_what_was_written_last(bianchi: Partner) -> None:
    kept = await bianchi.titolare(identities.company(denominazione="Ferramenta"))
    body = identities.company(denominazione="Panificio")
    await bianchi.put(f"/v1/titolari/{kept['id']}", json=body, headers={"If-Match": "*"})
    assert (await bianchi.get("/v1/titolari", params={"q": "ferramenta"})).json()["items"] == []
    (found,) = (await bianchi.get("/v1/titolari", params={"q": "panificio"})).json()["items"]
    assert found["id"] == kept["id"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "\uff05", "\uff3f", "' or 1=1 --", "ferramenta nessuno", "*"], ids=ascii)
async def test_it_finds_nothing_by_what_does_not_occur(bianchi: Partner, q: str) -> None:
    await bianchi.titolare()
    assert (await bianchi.get("/v1/titolari", params={"q": q})).json() == {"items": [], "next": None}
