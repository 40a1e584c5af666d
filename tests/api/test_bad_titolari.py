"""A wrong field of a titolare is named, and nobody is registered."""

from typing import Any

import pytest
from codicefiscale import codicefiscale

from tests import identities
from tests.api.checks import HOSTILE, is_problem, pointers, send
from tests.personas import Partner

BIRTH = {"date": "1985-12-10", "place": "Arezzo", "sex": "F"}
TEXTS = ("/denominazione", "/given_name", "/family_name", "/address/street", "/address/city", "/birth/place")
CODES = (
    "/codice_fiscale",
    "/partita_iva",
    "/address/postal_code",
    "/address/province",
    "/address/country",
    "/phone",
    "/email",
    "/pec",
    "/birth/date",
    "/birth/sex",
    "/kind",
    "/activity",
)


def with_(pointer: str, value: object) -> dict[str, Any]:
    """A company with one other value."""
    body = {**identities.company(), "birth": dict(BIRTH), "address": identities.address()}
    *path, last = pointer.removeprefix("/").split("/")
    inner = body
    for step in path:
        inner = inner[step]
    inner[last] = value
    return body


async def refused(bianchi: Partner, body: dict[str, Any]) -> set[str]:
    answer = await send(bianchi, "/v1/titolari", body)
    assert is_problem(answer, 422, "InvalidRequest")
    assert (await bianchi.get("/v1/titolari")).json()["items"] == []
    return pointers(answer)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/partita_iva", "01879020518"),
        ("/partita_iva", "00000000000"),
        ("/partita_iva", "0187902051"),
        ("/partita_iva", "IT01879020517"),
        ("/partita_iva", "٠١٨٧٩٠٢٠٥١٧"),
        ("/partita_iva", "０１８７９０２０５１７"),  # noqa: RUF001 - full-width digits
        ("/partita_iva", 1879020517),
        ("/codice_fiscale", "RSSMRA85T10A562X"),
        ("/codice_fiscale", "00000000000"),
        ("/codice_fiscale", "RSSMRA85T10A56"),
        ("/codice_fiscale", ""),
        ("/codice_fiscale", None),
        ("/kind", "azienda"),
        ("/activity", "hobby"),
        ("/denominazione", None),
        ("/denominazione", ""),
        ("/denominazione", "x" * 201),
        ("/address", None),
        ("/address", "Via Roma 1"),
        ("/address/postal_code", "٥٢١٠٠"),
        ("/address/postal_code", "5210"),
        ("/address/postal_code", 52100),
        ("/address/province", "ZZ"),
        ("/address/province", "Arezzo"),
        ("/address/country", "XX"),
        ("/address/country", "ITA"),
        ("/address/floor", 1),
        ("/email", "info"),
        ("/email", "info@rossi"),
        ("/email", "a@b.example, c@d.example"),
        ("/email", '"a b"@rossi.example'),
        ("/email", "x" * 300 + "@rossi.example"),
        ("/pec", "Maria <rossi@pec.example>"),
        ("/pec", None),
        ("/phone", "0575123456"),
        ("/phone", "+39 0575 123456"),
        ("/phone", "+٣٩٠٥٧٥١٢٣٤٥٦"),
        ("/phone", "+999123456"),
        ("/birth", None),
        ("/birth/date", "2999-01-01"),
        ("/birth/date", "1899-12-31"),
        ("/birth/date", "1985-02-30"),
        ("/birth/date", "10/12/1985"),
        ("/birth/date", "1985-12-10T00:00:00"),
        ("/birth/date", 503020800),
        ("/birth/sex", "X"),
        ("/ipa_code", "c_a390"),
        ("/office_code", "UFX9KJ"),
        ("/colour", "red"),
        ("/docfly", 1),
        ("/id", "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"),
    ],
    ids=ascii,
)
async def test_it_names_the_wrong_field(bianchi: Partner, pointer: str, value: object) -> None:
    assert await refused(bianchi, with_(pointer, value)) == {pointer}


@pytest.mark.parametrize("pointer", [*TEXTS, *CODES])
async def test_it_takes_nothing_for_a_text_but_a_text(bianchi: Partner, pointer: str) -> None:
    for value in (7, 1.5, True, ["x"], {"x": 1}):
        assert await refused(bianchi, with_(pointer, value)) == {pointer}


@pytest.mark.parametrize("pointer", [*TEXTS, *CODES])
async def test_it_takes_visible_words_only(bianchi: Partner, pointer: str) -> None:
    for text in HOSTILE:
        assert await refused(bianchi, with_(pointer, text)) == {pointer}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"codice_fiscale": "01879020517"}, {"/codice_fiscale"}),
        ({"partita_iva": "01879020517"}, {"/partita_iva"}),
        ({"denominazione": "Bruni"}, {"/denominazione"}),
        ({"birth": {"date": "1901-02-03", "place": "Arezzo", "sex": "M"}}, {"/birth/date"}),
        ({"birth": BIRTH, "codice_fiscale": "MRTMTT25D09F205Z"}, {"/birth/date", "/birth/sex"}),
        ({"kind": "ditta_individuale", "pec": None}, {"/partita_iva", "/pec"}),
        ({"kind": "pubblica_amministrazione"}, {"/codice_fiscale", "/denominazione", "/ipa_code", "/office_code"}),
    ],
)
async def test_it_holds_a_person_against_their_kind_and_code(
    bianchi: Partner, change: dict[str, Any], wrong: set[str]
) -> None:
    person = identities.person(birth={"date": "1960-05-05", "place": "Arezzo", "sex": "M"})
    person["codice_fiscale"] = codicefiscale.encode("Bruni", "Mario", "M", "1960-05-05", "Arezzo")
    assert await refused(bianchi, person | change) == wrong
