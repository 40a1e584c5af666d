"""The published example values pass, what looks like them doesn't, and nothing that is refused is repeated."""

import random
import string
import unicodedata
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum import luhn
from stdnum.it import codicefiscale, iva

from domain import identifiers
from domain.identifiers import STORED, CodedBirth, birth_of

PARTITE_IVA = ("01879020517", "02046570426")
CODICI_FISCALI = ("RSSMRA85T10A562S", "MRTMTT25D09F205Z")
OMOCODIA = dict(zip("0123456789", "LMNPQRSTUV", strict=True))
DIGITS_OF_A_PERSON = (6, 7, 9, 10, 12, 13, 14)
LAST_DAY = 31

NAMES = (
    "PartitaIva CodiceFiscale16 CodiceFiscale Email Pec Phone Country PostalCode Province IpaCode OfficeCode Text "
    "LongText CivilDate"
)
ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(getattr(identifiers, name)) for name in NAMES.split()}
STRINGS = sorted(ADAPTERS.keys() - {"CivilDate"})


def each(kind: str, *values: str) -> list[tuple[str, str]]:
    return [(kind, value) for value in values]


def wide(text: str) -> str:
    """In full-width letters and digits, which Unicode takes for the same."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


AS_THEY_ARE = [
    *each("PartitaIva", *PARTITE_IVA),
    *each("CodiceFiscale", *CODICI_FISCALI, *PARTITE_IVA),
    *each("CodiceFiscale16", *CODICI_FISCALI),
    *each("Email", "info@rossi.example", "a@b.c.invalid", "o'hara_{x}+y@studio-1.test", f"{'a' * 64}@{'b' * 63}.it"),
    *each("Pec", "rossi@pec.example"),
    *each("Phone", "+390575123456"),
    *each("Country", "IT", "SM"),
    *each("PostalCode", "52100", "D02 X285"),
    *each("Province", "AR", "EE"),
    *each("IpaCode", "c_a390", "istsc_aric81400v"),
    *each("OfficeCode", "UF5HHG"),
    *each("Text", "Città", "Rossi & Figli\u00a0S.r.l.", "à" * 200),
    *each("LongText", "doppione\n\tdi ieri", "x" * 2000),
]
ACCEPTED = [
    *((kind, value, value) for kind, value in AS_THEY_ARE),
    ("PartitaIva", " 01879020517 ", "01879020517"),
    ("CodiceFiscale", " rssmra85t10a562s ", "RSSMRA85T10A562S"),
    ("Email", " Mario.Rossi@Rossi.EXAMPLE ", "Mario.Rossi@rossi.example"),
    ("Phone", "+4402079460958", "+442079460958"),
    ("Country", "it", "IT"),
    ("PostalCode", "d02 x285", "D02 X285"),
    ("Province", "ar", "AR"),
    ("OfficeCode", "uf5hhg", "UF5HHG"),
    ("Text", " \u2003Citta\u0300 ", "Città"),
    ("Text", "e\u0301" * 200, "é" * 200),
    ("LongText", "doppione\r\ndi ieri\r\n", "doppione\ndi ieri"),
]
REFUSED = [
    *each("PartitaIva", "00000000000", "01879020518", "IT01879020517", "0187902051", "018790205170", "018 7902 0517"),
    *each("PartitaIva", "018-79020517", wide("01879020517")),
    *each("CodiceFiscale", "00000000000", "RSSMRA85T10A562T", "RSSMRA85T10A562", "RSS MRA 85T10 A562S"),
    *each("CodiceFiscale", "\u017fSSMRA85T10A562S", f"RSSMRA85T10A5{wide('62')}S"),
    *each("CodiceFiscale16", "01879020517"),
    *each("Email", "rossi", "rossi@localhost", "rossi@@pec.example", "a@b@pec.example", ".rossi@pec.example"),
    *each(
        "Email", "ros..si@pec.example", '"rossi"@pec.example', "Rossi <rossi@pec.example>", "rossi@pec.example,a@b.it"
    ),
    *each("Email", "rossi@pec.example\r\nBcc: verdi@pec.example", "rossi@-pec.example", "rossi@pec-.example"),
    *each("Email", "rossi@pec..example", "rossi@pec.example.", "rossi@[127.0.0.1]", "rossi@127.0.0.1"),
    *each("Email", "rossì@pec.example", "rossi@péc.example", f"{'a' * 65}@pec.example", f"a@{'b' * 64}.example"),
    *each("Email", f"a@{'b.' * 130}example"),
    *each("Phone", "0575123456", "00390575123456", "+39 0575 123456", "+39057512345678901", "+3905", "+3901234"),
    *each("Phone", "+9991234567", f"+39{wide('0575123456')}", "+390575123456;ext=1"),
    *each("Country", "ITA", "XX", "\u0131T"),
    *each("PostalCode", wide("52100"), "5210012345678", "-52100"),
    *each("Province", "ARE", "ß"),
    *each("IpaCode", "_a390", "c a390", "c" * 21),
    *each("OfficeCode", "UF5HH", "UF5HHGX", f"UF5HH{wide('G')}"),
    *each("Text", "à" * 201, "\u0958" * 101, "due\nrighe", "Rossi\u2028Figli", "Rossi\u202egilgiF", "\u200b"),
    *each("LongText", "x" * 2001, "a\rb"),
]


@pytest.mark.parametrize(("kind", "written", "kept"), ACCEPTED)
def test_it_keeps_one_normal_form(kind: str, written: str, kept: str) -> None:
    assert ADAPTERS[kind].validate_python(written) == kept
    assert ADAPTERS[kind].validate_python(kept) == kept


@pytest.mark.parametrize(("kind", "written"), REFUSED)
def test_it_refuses_what_only_looks_right(kind: str, written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ADAPTERS[kind].validate_python(written)
    (error,) = refused.value.errors(include_input=False)
    assert written not in repr(error)
    assert len(error["msg"]) < 80


@pytest.mark.parametrize("kind", STRINGS)
@pytest.mark.parametrize("poison", ["\x00", "\x1b", "\x85", "\ud800", "\r", "\u2029"])
def test_every_string_refuses_what_breaks_databases_and_mails(kind: str, poison: str) -> None:
    good = next(kept for name, _, kept in ACCEPTED if name == kind)
    for bad in (good + poison, poison + good, good[:3] + poison + good[3:], poison):
        with pytest.raises(ValidationError):
            ADAPTERS[kind].validate_python(bad)


@pytest.mark.parametrize("kind", STRINGS)
@pytest.mark.parametrize("bad", ["", "   ", "1" * 1_000_000, "\u0301" * 1_000_000, 1879020517, None])
def test_every_string_refuses_nothing_too_much_and_other_types(kind: str, bad: object) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS[kind].validate_python(bad)


@pytest.mark.parametrize("kind", STRINGS)
def test_what_was_stored_is_not_judged_by_todays_rules(kind: str) -> None:
    assert ADAPTERS[kind].validate_python("yesterday's", context=STORED) == "yesterday's"
    with pytest.raises(ValidationError):
        ADAPTERS[kind].validate_python(17, context=STORED)


@pytest.mark.parametrize("kind", STRINGS)
def test_its_schema_says_that_it_is_a_string(kind: str) -> None:
    schema = ADAPTERS[kind].json_schema()
    assert schema["type"] == "string"
    assert schema.keys() & {"format", "maxLength"}


@given(st.sampled_from(["Text", "LongText"]), st.text(max_size=210))
def test_a_text_that_passes_is_safe_and_stays_as_it_is(kind: str, written: str) -> None:
    try:
        kept = ADAPTERS[kind].validate_python(written)
    except ValidationError:
        return
    assert ADAPTERS[kind].validate_python(kept) == kept == unicodedata.normalize("NFC", kept).strip()
    assert kept.encode()
    assert "\x00" not in kept


@example("+310000000")
@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_phone_that_passes_stays_as_it_is(written: str) -> None:
    try:
        kept = ADAPTERS["Phone"].validate_python(written)
    except ValidationError:
        return
    assert ADAPTERS["Phone"].validate_python(kept) == kept


@given(st.sampled_from(PARTITE_IVA), st.integers(0, 10), st.sampled_from(string.digits))
def test_one_other_digit_makes_another_partita_iva(number: str, at: int, digit: str) -> None:
    mutated = number[:at] + digit + number[at + 1 :]
    assert passes("PartitaIva", mutated) == iva.is_valid(mutated) == (mutated == number)


def test_ten_thousand_mutations_are_judged_like_python_stdnum() -> None:
    chance = random.Random(1986)
    accepted = 0
    for _ in range(10_000):
        code = mutated(chance.choice(PARTITE_IVA + CODICI_FISCALI), chance=chance)
        accepted += (ours := passes("CodiceFiscale", code))
        assert ours == (codicefiscale.is_valid(code) and not has_impossible_day(code)), code
        assert passes("PartitaIva", code) == iva.is_valid(code), code
    assert accepted > 1_000


@pytest.mark.parametrize("code", CODICI_FISCALI)
def test_every_omocodia_variant_is_the_same_birth(code: str) -> None:
    variants = [
        rechecked("".join(OMOCODIA[c] if at in chosen else c for at, c in enumerate(code)))
        for many in range(len(DIGITS_OF_A_PERSON) + 1)
        for chosen in combinations(DIGITS_OF_A_PERSON, many)
    ]
    assert len(set(variants)) == 128
    assert all(passes("CodiceFiscale16", variant) for variant in variants)
    assert {birth_of(variant) for variant in variants} == {birth_of(code)}


@pytest.mark.parametrize(
    ("code", "birth"),
    [
        ("RSSMRA85T10A562S", CodedBirth(85, 12, 10, "M")),
        ("MRTMTT25D09F205Z", CodedBirth(25, 4, 9, "M")),
        ("CNTCHR83T41D969D", CodedBirth(83, 12, 1, "F")),
        ("CNTCHR8PTQMD969X", CodedBirth(83, 12, 1, "F")),
    ],
)
def test_it_reads_the_birth(code: str, birth: CodedBirth) -> None:
    assert birth_of(code) == birth


def test_a_birth_is_on_its_day_in_any_century() -> None:
    birth = birth_of("MRTMTT25D09F205Z")
    assert birth.is_on(date(1925, 4, 9))
    assert birth.is_on(date(2025, 4, 9))
    assert not birth.is_on(date(2025, 4, 10))
    assert not birth.is_on(date(2025, 9, 4))
    assert not birth.is_on(date(2024, 4, 9))


@pytest.mark.parametrize("day", ["00", "32", "40", "72", "81", "99", "UM"])
def test_no_month_has_such_a_day(day: str) -> None:
    assert not passes("CodiceFiscale", rechecked(f"RSSMRA85T{day}A562S"))


@pytest.mark.parametrize("day", ["1985-12-10", date(1985, 12, 10)])
def test_a_civil_date_is_a_day(day: object) -> None:
    assert ADAPTERS["CivilDate"].validate_python(day) == date(1985, 12, 10)


@pytest.mark.parametrize(
    "bad",
    [
        0,
        503020800,
        "503020800",
        1.5,
        None,
        "",
        "1985-12-10T00:00:00",
        "1985-02-30",
        f"{wide('1985')}-12-10",
        "1985-12-10\n",
    ],
)
def test_a_civil_date_is_nothing_else(bad: object) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS["CivilDate"].validate_python(bad)


def passes(kind: str, value: str) -> bool:
    try:
        return bool(ADAPTERS[kind].validate_python(value) == value)
    except ValidationError:
        return False


def mutated(code: str, *, chance: random.Random) -> str:
    """One or two characters changed, dropped or doubled; half of the time the check is made to fit again."""
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(code))
        new = chance.choice(
            ["", code[at] * 2, *chance.choices(string.digits + string.ascii_uppercase + "\u0663ßé_", k=8)]
        )
        code = code[:at] + new + code[at + 1 :]
    return rechecked(code) if chance.random() < 0.5 and code.isascii() and code.isalnum() else code


def rechecked(code: str) -> str:
    if len(code) == 11 and code.isdecimal():
        return next(code[:-1] + digit for digit in string.digits if luhn.is_valid(code[:-1] + digit))
    return code[:-1] + codicefiscale.calc_check_digit(code[:-1])


def has_impossible_day(code: str) -> bool:
    """Days 81 to 99, which python-stdnum takes for 1 to 19."""
    return len(code) == 16 and birth_of(code).day > LAST_DAY
