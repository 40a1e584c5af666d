"""Checked identifiers and texts (the domain, section 7): each type keeps one normal form and refuses the rest.

Surrounding spaces are dropped, letters of codes become capitals; only ASCII digits and letters count as such.
What is refused is never repeated: it may be somebody's data. An error's type is the key of its translation.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal, LiteralString, NamedTuple

import phonenumbers
import pycountry
from pydantic import BeforeValidator, GetCoreSchemaHandler, GetPydanticSchema, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema
from stdnum.it import codicefiscale, iva

STORED: Final = object()
"""The validation context of what was checked before it was stored: only its shape is checked again.
Rules and the libraries' registers move, and yesterday's values must still decode."""

_CODE = re.ASCII | re.IGNORECASE
_PARTITA_IVA = re.compile(r"[0-9]{11}")
_PERSONAL = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", _CODE)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_REST = r"(?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?!.*=\?)(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9]{_REST}\.)+[A-Za-z]{_REST}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_TWO_LETTERS = re.compile(r"[A-Z]{2}", _CODE)
_POSTAL_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?", _CODE)
_IPA_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}", _CODE)
_OFFICE_CODE = re.compile(r"[A-Z0-9]{6}", _CODE)
_CIVIL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")
_MONTHS = "ABCDEHLMPRST"
_LONGEST_MONTH = 31
_WOMEN = 40
_LONGEST_EMAIL = 254
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format, lone surrogate, line and paragraph separator: NUL and header injection are among them."""


class CodedBirth(NamedTuple):
    """What a codice fiscale says of a birth; the century is left out."""

    year_of_century: int
    month: int
    day: int
    sex: Literal["M", "F"]

    def is_on(self, day: date) -> bool:
        """Whether this is the day, in whatever century."""
        return self[:3] == (day.year % 100, day.month, day.day)


def birth_of(codice_fiscale: str) -> CodedBirth:
    """The birth in a checked codice fiscale of 16 characters (d.m. 23/12/1976): women's days are 40 more."""
    year, day = (int(codice_fiscale[at : at + 2].translate(_OMOCODIA)) for at in (6, 9))
    month = _MONTHS.index(codice_fiscale[8]) + 1
    return CodedBirth(year, month, day - _WOMEN, "F") if day > _WOMEN else CodedBirth(year, month, day, "M")


def _string(check: Callable[[str], str], **schema: Any) -> GetPydanticSchema:
    def check_unless_stored(value: str, info: ValidationInfo) -> str:
        return value if info.context is STORED else check(value)

    def build(_source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(check_unless_stored, core_schema.str_schema())

    return GetPydanticSchema(build, lambda core, handler: {**handler(core), **schema})


def _code(read: Callable[[str], str | None], name: LiteralString, message: LiteralString) -> GetPydanticSchema:
    """A string that `read` brings to its normal form; None: it isn't one."""

    def check(value: str) -> str:
        if (known := read(value.strip(" "))) is None:
            raise PydanticCustomError(name, message)
        return known

    return _string(check, format=name.replace("_", "-"))


def _matching(form: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text.upper() if form.fullmatch(text) else None


def _partita_iva(text: str) -> str | None:
    """Check digit and issuing office; eleven zeros pass the sum, and are nobody's company."""
    return text if _PARTITA_IVA.fullmatch(text) and iva.is_valid(text) else None


def _personal(text: str) -> str | None:
    """Check letter and day of birth, 1-31 or 41-71: python-stdnum lets 81-99 pass."""
    code = text.upper()
    known = _PERSONAL.fullmatch(text) and codicefiscale.is_valid(code) and birth_of(code).day <= _LONGEST_MONTH
    return code if known else None


def _email(text: str) -> str | None:
    """A dot-atom at a domain name (RFC 5321): no quotes, comments, literals or bare hosts. The domain in lower case."""
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        return None
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _phone(text: str) -> str | None:
    """E.164, of a length that its country has."""
    try:
        number = phonenumbers.parse(text) if _E164.fullmatch(text) else None
    except phonenumbers.NumberParseException:
        return None
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if written == text else _phone(written)  # without a trunk prefix; what is left is judged again


def _country(text: str) -> str | None:
    return text.upper() if _TWO_LETTERS.fullmatch(text) and pycountry.countries.get(alpha_2=text.upper()) else None


def _text(*, longest: int, keep: str = "") -> GetPydanticSchema:
    """Visible text, composed (NFC) and stripped: fit for UTF-8, PostgreSQL, mail headers and print."""

    def check(value: str) -> str:
        if len(value) > 4 * longest:  # NFC may shorten a text, and takes its time over a long one
            raise PydanticKnownError("string_too_long", {"max_length": longest})
        text = value.replace("\r\n", "\n") if "\n" in keep else value
        if any(unicodedata.category(character) in _UNSEEN for character in text if character not in keep):
            raise PydanticCustomError("text", "Control and invisible characters are not allowed")
        text = unicodedata.normalize("NFC", text).strip()
        if not text:
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        if len(text) > longest:
            raise PydanticKnownError("string_too_long", {"max_length": longest})
        return text

    return _string(check, minLength=1, maxLength=longest)


def _civil(value: object) -> object:
    """Pydantic alone would take seconds since 1970 for a date."""
    if isinstance(value, date) or (isinstance(value, str) and _CIVIL_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("civil_date", "Not a date: write YYYY-MM-DD")


PartitaIva = Annotated[str, _code(_partita_iva, "partita_iva", "Not a partita IVA: 11 digits, the last one a check")]
CodiceFiscale16 = Annotated[
    str,
    _code(_personal, "codice_fiscale_16", "Not a person's codice fiscale: 16 characters, the last one a check"),
]
CodiceFiscale = Annotated[
    str,
    _code(
        lambda text: _partita_iva(text) or _personal(text),
        "codice_fiscale",
        "Not a codice fiscale: 16 characters or 11 digits, the last one a check",
    ),
]
Email = Annotated[str, _code(_email, "email", "Not an e-mail address")]
Pec = Email
"""Certified mail has plain addresses: that a box is certified shows only when it answers."""
Phone = Annotated[str, _code(_phone, "phone", "Not a telephone number: + and its digits, the country first (E.164)")]
Country = Annotated[str, _code(_country, "country", "Not a country: two letters (ISO 3166-1)")]
PostalCode = Annotated[str, _code(_matching(_POSTAL_CODE), "postal_code", "Not a postal code")]
"""Of any country; `addresses.Address` knows that a CAP has five digits."""
Province = Annotated[str, _code(_matching(_TWO_LETTERS), "province", "Not a province: two letters")]
"""Of any country, EE by custom abroad; `addresses.Address` knows the Italian ones."""
IpaCode = Annotated[
    str, _code(lambda text: text if _IPA_CODE.fullmatch(text) else None, "ipa_code", "Not a codice IPA")
]
"""IndicePA's key of a public body: c_a390, a school's istsc_aric81400v; as it was written."""
OfficeCode = Annotated[str, _code(_matching(_OFFICE_CODE), "office_code", "Not a codice univoco ufficio: 6 characters")]
Text = Annotated[str, _text(longest=200)]
LongText = Annotated[str, _text(longest=2000, keep="\n\t\u200c\u200d")]
"""Words in several lines: a reason, a note."""
CivilDate = Annotated[date, BeforeValidator(_civil)]
