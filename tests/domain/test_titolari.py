"""Section 7's table, cell by cell, and what a titolare may do."""

from collections.abc import Mapping
from typing import Any

import pytest
from codicefiscale.data import get_municipalities_data
from pydantic import ValidationError

from domain.addresses import PROVINCES
from domain.titolari import (
    NEEDS,
    Kind,
    Need,
    Titolare,
    can_order,
    display_name,
    missing_as_responsabile,
    missing_to_order,
    tax_id,
)

ROSSI_SRL: dict[str, Any] = {
    "kind": "persona_giuridica",
    "activity": "azienda",
    "denominazione": "Rossi & Figli S.r.l.",
    "given_name": "Maria",
    "family_name": "Rossi",
    "codice_fiscale": "01879020517",
    "partita_iva": "01879020517",
    "address": {"street": "Via Roma 1", "postal_code": "52100", "city": "Arezzo", "province": "AR", "country": "IT"},
    "phone": "+390575123456",
    "email": "info@rossi.example",
    "pec": "rossi@pec.example",
    "birth": {"date": "1985-12-10", "place": "Arezzo", "sex": "F"},
    "ipa_code": None,
    "office_code": None,
}
MARIO: dict[str, Any] = {
    "codice_fiscale": "RSSMRA85T10A562S",
    "birth": {"date": "1985-12-10", "place": "Arezzo", "sex": "M"},
}
CHIARA: dict[str, Any] = {
    "codice_fiscale": "CNTCHR83T41D969D",
    "birth": {"date": "1983-12-01", "place": "Genova", "sex": "F"},
}

BODIES: dict[Kind, dict[str, Any]] = {
    Kind.PERSONA_FISICA: ROSSI_SRL
    | MARIO
    | {"kind": "persona_fisica", "activity": None, "denominazione": None, "partita_iva": None},
    Kind.DITTA_INDIVIDUALE: ROSSI_SRL | MARIO | {"kind": "ditta_individuale"},
    Kind.LIBERO_PROFESSIONISTA: ROSSI_SRL | CHIARA | {"kind": "libero_professionista"},
    Kind.PERSONA_GIURIDICA: ROSSI_SRL,
    Kind.PUBBLICA_AMMINISTRAZIONE: ROSSI_SRL
    | {"kind": "pubblica_amministrazione", "ipa_code": "c_a390", "office_code": "UF5HHG"},
}
VALUES = BODIES[Kind.PUBBLICA_AMMINISTRAZIONE]
"""A good value for every field."""

ALWAYS = ("given_name", "family_name", "codice_fiscale", "address", "phone", "email")
CELLS = [
    *((kind, field, needs[kind]) for kind in Kind for field, needs in NEEDS.items()),
    *((kind, field, Need.MUST) for kind in Kind for field in ALWAYS),
    *((kind, "activity", Need.MAY) for kind in Kind),
]


def problems(body: Mapping[str, Any]) -> list[tuple[tuple[int | str, ...], str]]:
    """Where and what: nothing, if the body is a titolare's."""
    try:
        Titolare.model_validate(body)
    except ValidationError as refused:
        return [(error["loc"], error["type"]) for error in refused.errors()]
    return []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_good_example(kind: Kind) -> None:
    titolare = Titolare.model_validate(BODIES[kind])
    assert Titolare.model_validate_json(titolare.model_dump_json()) == titolare
    assert Titolare.from_stored(titolare.model_dump(mode="json")) == titolare
    assert titolare.model_dump(mode="json") == BODIES[kind]


def test_the_table_covers_every_field() -> None:
    assert {field for _, field, _ in CELLS} == Titolare.model_fields.keys() - {"kind"}


@pytest.mark.parametrize(("kind", "field", "need"), CELLS)
def test_a_field_is_asked_for_by_the_kinds_that_need_it(kind: Kind, field: str, need: Need) -> None:
    absent = {name: value for name, value in BODIES[kind].items() if name != field}
    null = {"address": "model_type"}.get(field, "string_type") if field in ALWAYS else "missing"
    assert problems(absent) == ([((field,), "missing")] if need is Need.MUST else [])
    assert problems(absent | {field: None}) == ([((field,), null)] if need is Need.MUST else [])


@pytest.mark.parametrize(("kind", "field", "need"), CELLS)
def test_a_field_is_taken_from_the_kinds_that_have_it(kind: Kind, field: str, need: Need) -> None:
    body = BODIES[kind] | {field: BODIES[kind].get(field) or VALUES[field]}
    assert problems(body) == ([((field,), "not_of_this_kind")] if need is Need.NEVER else [])


@pytest.mark.parametrize(
    ("kind", "code", "fits"),
    [
        (Kind.PERSONA_FISICA, "01879020517", False),
        (Kind.DITTA_INDIVIDUALE, "01879020517", False),
        (Kind.LIBERO_PROFESSIONISTA, "01879020517", False),
        (Kind.PERSONA_GIURIDICA, "02046570426", True),
        (Kind.PUBBLICA_AMMINISTRAZIONE, "02046570426", True),
        (Kind.PUBBLICA_AMMINISTRAZIONE, "RSSMRA85T10A562S", False),
    ],
)
def test_a_codice_fiscale_is_as_long_as_the_kind_asks(kind: Kind, code: str, *, fits: bool) -> None:
    found = problems(BODIES[kind] | {"codice_fiscale": code, "birth": MARIO["birth"]})
    assert found == ([] if fits else [(("codice_fiscale",), "codice_fiscale_length")])


def test_only_an_association_has_no_partita_iva() -> None:
    association = ROSSI_SRL | {"partita_iva": None}
    assert problems(association) == []
    assert problems(association | MARIO) == [(("partita_iva",), "missing")]
    assert problems(ROSSI_SRL | MARIO) == []


def test_birth_and_codice_fiscale_of_a_person_agree() -> None:
    for kind in (Kind.PERSONA_FISICA, Kind.DITTA_INDIVIDUALE, Kind.LIBERO_PROFESSIONISTA, Kind.PERSONA_GIURIDICA):
        person = BODIES[kind] | MARIO
        day, sex = {"date": "1985-12-11"}, {"sex": "F"}
        assert problems(person | {"birth": MARIO["birth"] | day}) == [(("birth", "date"), "birth_mismatch")]
        assert problems(person | {"birth": MARIO["birth"] | sex}) == [(("birth", "sex"), "birth_mismatch")]
        assert len(problems(person | {"birth": MARIO["birth"] | day | sex})) == 2


def test_the_codice_fiscale_of_a_body_says_nothing_of_its_representative() -> None:
    assert problems(ROSSI_SRL | {"birth": CHIARA["birth"]}) == []


def test_nobody_was_born_before_1900() -> None:
    birth = ROSSI_SRL["birth"]
    assert problems(ROSSI_SRL | {"birth": birth | {"date": "1900-01-01"}}) == []
    assert problems(ROSSI_SRL | {"birth": birth | {"date": "1899-12-31"}}) == [
        (("birth", "date"), "too_long_ago"),
    ]


def test_it_says_all_the_problems_at_once() -> None:
    body = ROSSI_SRL | {
        "kind": "pubblica_amministrazione",
        "codice_fiscale": "01879020518",
        "phone": "0575",
        "address": {"street": "", "postal_code": "5210", "city": "Arezzo", "province": "XX", "country": "IT"},
        "pec": None,
        "colour": "red",
    }
    assert {loc for loc, _ in problems(body)} == {
        ("codice_fiscale",),
        ("address", "street"),
        ("address", "postal_code"),
        ("address", "province"),
        ("phone",),
        ("pec",),
        ("ipa_code",),
        ("office_code",),
        ("colour",),
    }


@pytest.mark.parametrize("kind", ["", "persona", None, 1, "PERSONA_FISICA"])
def test_without_a_kind_only_the_kind_is_wrong(kind: object) -> None:
    assert problems(ROSSI_SRL | {"kind": kind}) == [(("kind",), "enum")]


def test_it_repeats_nobodys_data() -> None:
    body = BODIES[Kind.PERSONA_FISICA] | {"email": "mario rossi", "birth": CHIARA["birth"], "pec": "mario\nrossi"}
    with pytest.raises(ValidationError) as refused:
        Titolare.model_validate(body)
    said = str(refused.value) + repr(refused.value.errors(include_input=False))
    assert not [word for word in ("mario", "RSSMRA", "1983", "Genova") if word in said]


def test_abroad_has_other_postal_codes_and_provinces() -> None:
    dublin = {"street": "1 Grafton St", "postal_code": "D02 X285", "city": "Dublin", "province": "EE", "country": "IE"}
    assert problems(ROSSI_SRL | {"address": dublin}) == []
    assert problems(ROSSI_SRL | {"address": dublin | {"country": "IT"}}) == [
        (("address", "postal_code"), "cap"),
        (("address", "province"), "italian_province"),
    ]
    assert problems(ROSSI_SRL | {"address": dublin | {"country": "XX"}}) == [(("address", "country"), "country")]


def test_the_italian_provinces_are_those_of_the_municipalities() -> None:
    known = {municipality["province"] for municipality in get_municipalities_data() if municipality["active"]}
    assert known == PROVINCES - {"CI", "OG", "OT", "VS"}


def test_what_was_stored_is_decoded_whatever_todays_rules_say() -> None:
    erased = BODIES[Kind.DITTA_INDIVIDUALE] | {
        "partita_iva": None,
        "codice_fiscale": "erased",
        "pec": None,
        "ipa_code": "c_a390",
        "address": ROSSI_SRL["address"] | {"postal_code": "", "province": "ZZ"},
    }
    assert Titolare.from_stored(erased).codice_fiscale == "erased"
    with pytest.raises(ValidationError):
        Titolare.from_stored(erased | {"kind": "azienda"})


def test_it_has_a_name_and_a_tax_id() -> None:
    mario = Titolare.model_validate(BODIES[Kind.PERSONA_FISICA])
    rossi = Titolare.model_validate(ROSSI_SRL | {"codice_fiscale": "02046570426"})
    assert (display_name(mario), tax_id(mario)) == ("Maria Rossi", "RSSMRA85T10A562S")
    assert (display_name(rossi), tax_id(rossi)) == ("Rossi & Figli S.r.l.", "01879020517")


@pytest.mark.parametrize("kind", Kind)
def test_only_holders_of_a_partita_iva_and_public_bodies_order(kind: Kind) -> None:
    titolare = Titolare.model_validate(BODIES[kind])
    missing = "partita_iva" if kind is Kind.PERSONA_FISICA else None
    assert missing_to_order(titolare, needs_activity=False) == missing
    assert can_order(kind) == (missing is None)


def test_what_is_missing_to_order() -> None:
    def missing(body: dict[str, Any], *, needs_activity: bool = False) -> str | None:
        return missing_to_order(Titolare.from_stored(body), needs_activity=needs_activity)

    public = BODIES[Kind.PUBBLICA_AMMINISTRAZIONE]
    assert missing(ROSSI_SRL | {"partita_iva": None, "activity": None}, needs_activity=True) == "partita_iva"
    assert missing(public | {"partita_iva": None}) is None
    assert missing(public | {"activity": None}, needs_activity=True) == "activity"
    assert missing(public | {"activity": None}) is None
    assert missing(public, needs_activity=True) is None
    assert missing(ROSSI_SRL | {"pec": None}) == "pec"


@pytest.mark.parametrize("kind", Kind)
def test_only_natural_persons_are_responsabili(kind: Kind) -> None:
    titolare = Titolare.model_validate(BODIES[kind])
    is_body = kind in {Kind.PERSONA_GIURIDICA, Kind.PUBBLICA_AMMINISTRAZIONE}
    missing = missing_as_responsabile(titolare, of=Titolare.model_validate(ROSSI_SRL), internal=False)
    assert missing == ("kind" if is_body else None)


def test_what_is_missing_as_responsabile() -> None:
    mario = BODIES[Kind.PERSONA_FISICA]
    of = Titolare.model_validate(ROSSI_SRL)

    def missing(**absent: None) -> str | None:
        return missing_as_responsabile(Titolare.model_validate(mario | absent), of=of, internal=False)

    assert missing(pec=None, birth=None) == "pec"
    assert missing(birth=None) == "birth"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("internal", [True, False])
def test_a_public_bodys_responsabili_are_its_own_people(kind: Kind, internal: bool) -> None:  # noqa: FBT001
    mario, of = (Titolare.model_validate(BODIES[who]) for who in (Kind.PERSONA_FISICA, kind))
    must_say_so = kind is Kind.PUBBLICA_AMMINISTRAZIONE and not internal
    assert missing_as_responsabile(mario, of=of, internal=internal) == ("internal" if must_say_so else None)


def test_it_refuses_an_address_that_a_mail_header_would_decode() -> None:
    from tests import identities

    with pytest.raises(ValidationError):
        Titolare.model_validate(identities.company(email="=?utf-8?q?a?=@x.example"))
