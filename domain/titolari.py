"""Who a service is ordered for, and who may be its responsabile (the domain, section 7)."""

from collections.abc import Mapping
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from domain.addresses import Address
from domain.identifiers import (
    STORED,
    CivilDate,
    CodiceFiscale,
    Email,
    IpaCode,
    OfficeCode,
    PartitaIva,
    Pec,
    Phone,
    Text,
    birth_of,
)
from domain.model import Value

T = TypeVar("T")

EARLIEST_BIRTH = 1900
"""Year."""


class Kind(StrEnum):
    """What a titolare is in law."""

    PERSONA_FISICA = "persona_fisica"
    DITTA_INDIVIDUALE = "ditta_individuale"
    LIBERO_PROFESSIONISTA = "libero_professionista"
    PERSONA_GIURIDICA = "persona_giuridica"
    PUBBLICA_AMMINISTRAZIONE = "pubblica_amministrazione"


class Activity(StrEnum):
    """*Attività svolta*, asked for by DocFly PA."""

    AZIENDA = "azienda"
    DITTA_INDIVIDUALE = "ditta_individuale"
    LIBERO_PROFESSIONISTA = "libero_professionista"
    STUDIO_ASSOCIATO = "studio_associato"


class Sex(StrEnum):
    """As the codice fiscale has it."""

    FEMALE = "F"
    MALE = "M"


class Need(Enum):
    """What a kind has to do with a field."""

    MUST = "must"
    MAY = "may"
    NEVER = "never"


MUST, MAY, NEVER = Need
PERSON, BODY = 16, 11
"""The lengths of a codice fiscale."""

# fmt: off
NEEDS: dict[str, dict[Kind, Need]] = {field: dict(zip(Kind, needs, strict=True)) for field, needs in {
    #                 PF     DI     LP     PG     PA
    "denominazione": (NEVER, MAY,   MAY,   MUST,  MUST),
    "partita_iva":   (NEVER, MUST,  MUST,  MAY,   MAY),   # PG: only an association is without
    "pec":           (MAY,   MUST,  MUST,  MUST,  MUST),
    "birth":         (MAY,   MUST,  MUST,  MUST,  MUST),  # PG, PA: the legal representative's, like the names
    "ipa_code":      (NEVER, NEVER, NEVER, NEVER, MUST),
    "office_code":   (NEVER, NEVER, NEVER, NEVER, MUST),
}.items()}
# fmt: on
"""Section 7's table. `activity` may always be there, and every other field must."""

CODES = dict(zip(Kind, ({PERSON}, {PERSON}, {PERSON}, {BODY, PERSON}, {BODY}), strict=True))
"""How long a kind's codice fiscale is."""

NATURAL_PERSONS = frozenset({Kind.PERSONA_FISICA, Kind.DITTA_INDIVIDUALE, Kind.LIBERO_PROFESSIONISTA})


def _of_our_times(day: date) -> date:
    if day.year < EARLIEST_BIRTH:
        raise PydanticCustomError("too_long_ago", "Too long ago: not before 1900")
    return day


class Birth(Value):
    """When and where a person was born. Whether the day has come yet is for who has a clock."""

    date: Annotated[CivilDate, AfterValidator(_of_our_times)]
    place: Text
    sex: Sex


class Titolare(Value):
    """A record in a partner's address book. For a body, the names and the birth are its legal representative's."""

    model_config = ConfigDict(validate_default=True)  # what is absent is judged too

    kind: Kind
    activity: Activity | None = None
    denominazione: Text | None = None
    given_name: Text
    family_name: Text
    codice_fiscale: CodiceFiscale
    partita_iva: PartitaIva | None = None
    address: Address
    phone: Phone
    email: Email
    pec: Pec | None = None
    birth: Birth | None = None
    ipa_code: IpaCode | None = None
    office_code: OfficeCode | None = None

    @classmethod
    def from_stored(cls, body: Mapping[str, Any]) -> Self:
        """A titolare that was checked when it was stored; today's rules may be others."""
        return cls.model_validate(body, context=STORED)

    @field_validator(*NEEDS)
    @classmethod
    def _is_what_the_kind_needs(cls, value: T, info: ValidationInfo) -> T:
        kind = _kind(info)
        need = NEEDS[str(info.field_name)][kind] if kind else MAY
        if need is MUST and value is None:
            raise PydanticKnownError("missing")
        if need is NEVER and value is not None:
            raise PydanticCustomError("not_of_this_kind", "This kind of titolare doesn't have this field")
        return value

    @field_validator("codice_fiscale")
    @classmethod
    def _is_as_long_as_the_kind_asks(cls, value: str, info: ValidationInfo) -> str:
        kind = _kind(info)
        if kind and len(value) not in CODES[kind]:
            (length,) = CODES[kind]  # the one kind that takes both lengths isn't here
            raise PydanticCustomError(
                "codice_fiscale_length",
                "This kind of titolare has a codice fiscale of {length} characters",
                {"length": length},
            )
        return value

    @field_validator("partita_iva")
    @classmethod
    def _is_absent_from_associations_only(cls, value: str | None, info: ValidationInfo) -> str | None:
        code = info.data.get("codice_fiscale", "")
        if value is None and _kind(info) is Kind.PERSONA_GIURIDICA and len(code) == PERSON:
            raise PydanticKnownError("missing")
        return value

    @field_validator("birth")
    @classmethod
    def _agrees_with_the_codice_fiscale(cls, value: Birth | None, info: ValidationInfo) -> Birth | None:
        code = info.data.get("codice_fiscale", "")
        if value and _kind(info) and len(code) == PERSON and (errors := _disagreements(value, code)):
            raise ValidationError.from_exception_data(cls.__name__, errors, hide_input=True)
        return value


class Contacts(Value):
    """The addresses that may be mended while the titolare hasn't decided."""

    email: Email
    pec: Pec

    def put_into(self, titolare: Titolare) -> Titolare:
        """The same titolare, reached elsewhere."""
        return titolare.model_copy(update={"email": self.email, "pec": self.pec})


def _kind(info: ValidationInfo) -> Kind | None:
    """The kind whose rules apply: none to what was stored, none while the kind isn't known."""
    return None if info.context is STORED else info.data.get("kind")


def _disagreements(birth: Birth, codice_fiscale: str) -> list[InitErrorDetails]:
    coded = birth_of(codice_fiscale)
    error = PydanticCustomError("birth_mismatch", "The codice fiscale says otherwise")
    agrees = {"date": coded.is_on(birth.date), "sex": coded.sex == birth.sex.value}
    return [InitErrorDetails(type=error, loc=(field,), input=None) for field, ok in agrees.items() if not ok]


def display_name(titolare: Titolare) -> str:
    """How people call it."""
    return titolare.denominazione or f"{titolare.given_name} {titolare.family_name}"


def tax_id(titolare: Titolare) -> str:
    """What the tax agency calls it: one live order per product has this key."""
    return titolare.partita_iva or titolare.codice_fiscale


def needed_to_order(kind: Kind, *, needs_activity: bool) -> tuple[str, ...]:
    """The fields without which nothing is ordered. Every order needs a PEC to write to."""
    needed = {
        "partita_iva": kind is not Kind.PUBBLICA_AMMINISTRAZIONE,
        "activity": needs_activity,
        "pec": True,
    }
    return tuple(field for field, is_needed in needed.items() if is_needed)


def can_order(kind: Kind) -> bool:
    """Whether one of a kind can ever have what an order needs."""
    return all(NEEDS[field][kind] is not NEVER for field in needed_to_order(kind, needs_activity=False))


def missing_to_order(titolare: Titolare, *, needs_activity: bool) -> str | None:
    """The first field without which nothing is ordered; None: it may order."""
    needed = needed_to_order(titolare.kind, needs_activity=needs_activity)
    return next((field for field in needed if not getattr(titolare, field)), None)


NEEDED_AS_RESPONSABILE = ("pec", "birth")
"""What a natural person may lack, and a responsabile may not."""


def missing_as_responsabile(titolare: Titolare, *, of: Titolare, internal: bool) -> str | None:
    """The first thing without which it isn't `of`'s responsabile; None: it may be. Bodies are of the wrong kind.

    A public body's must be `internal`, one of its own people, and the partner must say so (Linee guida AgID 4.5).
    """
    needed = {
        "kind": titolare.kind in NATURAL_PERSONS,
        **{field: getattr(titolare, field) for field in NEEDED_AS_RESPONSABILE},
        "internal": internal or of.kind is not Kind.PUBBLICA_AMMINISTRAZIONE,
    }
    return next((field for field, there in needed.items() if not there), None)
