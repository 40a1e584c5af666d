"""A titolare's form: flat fields, of which a kind has those that it needs."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.titolari import NEEDS, Activity, Kind, Need, Sex, Titolare
from front.field_words import italian

KINDS = {
    Kind.PERSONA_FISICA: "persona fisica",
    Kind.DITTA_INDIVIDUALE: "ditta individuale",
    Kind.LIBERO_PROFESSIONISTA: "libero professionista",
    Kind.PERSONA_GIURIDICA: "persona giuridica",
    Kind.PUBBLICA_AMMINISTRAZIONE: "pubblica amministrazione",
}
ACTIVITIES = {
    Activity.AZIENDA: "azienda",
    Activity.DITTA_INDIVIDUALE: "ditta individuale",
    Activity.LIBERO_PROFESSIONISTA: "libero professionista",
    Activity.STUDIO_ASSOCIATO: "studio associato",
}
SEXES = {Sex.FEMALE: "femminile", Sex.MALE: "maschile"}
FIELDS = {
    "denominazione": "Denominazione",
    "given_name": "Nome",
    "family_name": "Cognome",
    "codice_fiscale": "Codice fiscale",
    "partita_iva": "Partita IVA",
    "address.street": "Indirizzo",
    "address.postal_code": "CAP",
    "address.city": "Comune",
    "address.province": "Provincia (due lettere)",
    "address.country": "Paese (due lettere)",
    "phone": "Telefono (per esempio +390575123456)",
    "email": "E-mail",
    "pec": "PEC",
    "birth.date": "Data di nascita",
    "birth.place": "Luogo di nascita",
    "ipa_code": "Codice IPA",
    "office_code": "Codice univoco ufficio",
}
"""Those that are typed in, in the form's order."""
CHOICES = {"activity": "Attività svolta, per DocFly PA", "birth.sex": "Sesso"}
"""Those that are chosen."""
CHOSEN = {"activity": ACTIVITIES, "birth.sex": SEXES}
"""Among what."""
DATES = ("birth.date",)
LEGAL_REPRESENTATIVES = (Kind.PERSONA_GIURIDICA, Kind.PUBBLICA_AMMINISTRAZIONE)


class Wrong(NamedTuple):
    """What is wrong, by field; and what was typed in, to be shown again."""

    errors: dict[str, str]
    entered: Mapping[str, str]


def fields(kind: Kind) -> dict[str, str]:
    """What a kind is asked for."""
    return {name: words for name, words in FIELDS.items() if _need(name, kind) is not Need.NEVER}


def is_optional(name: str, kind: Kind) -> bool:
    """Whether a kind may leave a field empty."""
    return name == "activity" or _need(name, kind) is Need.MAY


def _need(name: str, kind: Kind) -> Need:
    field = name.partition(".")[0]
    return NEEDS[field][kind] if field in NEEDS else Need.MUST


def read(kind: Kind, entered: Mapping[str, str]) -> Titolare | Wrong:
    """The titolare, or what is wrong with which field. An empty field is an absent one."""
    body: dict[str, Any] = {"kind": kind}
    for name in (*fields(kind), *CHOSEN):
        if value := entered.get(name, "").strip():
            group, _, part = name.rpartition(".")
            (body.setdefault(group, {}) if group else body)[part] = value
    body.setdefault("address", {}).setdefault("country", "IT")
    try:
        return Titolare.model_validate(body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        return Wrong({beside(problem["loc"]): italian(problem) for problem in problems}, entered)


def typed_in(titolare: Titolare) -> dict[str, str]:
    """What one would have typed in to get this titolare."""
    body = titolare.model_dump(mode="json", exclude_none=True)
    flat = {name: body for name, body in body.items() if not isinstance(body, dict)}
    for group in ("address", "birth"):
        flat |= {f"{group}.{name}": value for name, value in body.get(group, {}).items()}
    return flat


def version(titolare: Titolare) -> str:
    """Changes with any field: two people who change the same one notice each other."""
    return sha256(titolare.model_dump_json().encode()).hexdigest()


def beside(path: tuple[int | str, ...]) -> str:
    """The field beside which an error stands; of a whole group that is missing, its first one."""
    name = ".".join(map(str, path))
    known = (*FIELDS, *CHOSEN)
    return name if name in known else next((field for field in known if field.startswith(f"{name}.")), name)
