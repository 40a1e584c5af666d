"""What the titolare filled in (the domain, section 3.3)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import ValidationError

from domain.acceptance import Capacity
from domain.identifiers import LongText, Text
from domain.model import Value

UNTICKED = {
    "contract": "Per accettare occorre accettare il contratto e le condizioni.",
    "clauses": "Per accettare occorre approvare le clausole vessatorie.",
    "privacy": "Per accettare occorre confermare la nomina per il trattamento dei dati.",
}
NEEDED = UNTICKED | {
    "name": "Indichi nome e cognome di chi accetta, al massimo 200 caratteri.",
    "capacity": "Indichi in quale qualità accetta.",
}
ERRORS = NEEDED | {
    "decision": "Scelga uno dei tre pulsanti.",
    "reason": "Il motivo può avere al massimo 2000 caratteri.",
}


class AcceptanceForm(Value):
    """A decision that can be kept. Whoever accepts gives all; declining and reporting need nothing more."""

    decision: Literal["accept", "decline", "report"]
    contract: Literal["on"] | None = None
    clauses: Literal["on"] | None = None
    privacy: Literal["on"] | None = None
    name: Text | None = None
    capacity: Capacity | None = None
    reason: LongText | None = None


def read(form: Mapping[str, str]) -> AcceptanceForm | dict[str, str]:
    """The decision, or what is wrong with which field. Empty fields are absent ones; others are ignored."""
    filled = {name: form[name] for name in AcceptanceForm.model_fields if form.get(name, "").strip()}
    wrong = NEEDED.keys() - filled.keys() if filled.get("decision") == "accept" else set()
    try:
        decided = AcceptanceForm.model_validate(filled)
    except ValidationError as error:
        wrong |= {str(problem["loc"][0]) for problem in error.errors(include_input=False)}
    else:
        if not wrong:
            return decided
    return {field: words for field, words in ERRORS.items() if field in wrong}  # in the page's order
