"""What is wrong with a field, in words, and where."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from api.bodies import TWICE
from api.service_requests import Quoted
from domain.products import Product

BRANCHES = {*Product, *Quoted}
"""Of unions: they are no fields."""
ITALIAN = {
    "missing": "Campo obbligatorio.",
    "extra_forbidden": "Campo sconosciuto.",
    "given_twice": "Campo ripetuto.",
    "string_type": "Deve essere una stringa.",
    "string_unicode": "Testo non valido: non è Unicode.",
    "int_type": "Deve essere un numero intero.",
    "int_parsing": "Deve essere un numero intero.",
    "bool_type": "Deve essere vero o falso.",
    "model_type": "Deve essere un oggetto.",
    "model_attributes_type": "Deve essere un oggetto.",
    "dict_type": "Deve essere un oggetto.",
    "string_too_long": "Troppo lungo: al massimo {max_length} caratteri.",
    "string_too_short": "Troppo corto: almeno {min_length} caratteri.",
    "string_pattern_mismatch": "Formato non valido.",
    "greater_than_equal": "Deve essere almeno {ge}.",
    "less_than_equal": "Deve essere al massimo {le}.",
    "greater_than": "Deve essere maggiore di {gt}.",
    "enum": "Valori ammessi: {expected}.",
    "literal_error": "Valori ammessi: {expected}.",
    "uuid_parsing": "Deve essere un UUID.",
    "uuid_type": "Deve essere un UUID.",
    "date_from_datetime_parsing": "Deve essere una data AAAA-MM-GG.",
    "partita_iva": "Partita IVA non valida: 11 cifre con cifra di controllo.",
    "codice_fiscale": "Codice fiscale non valido.",
    "codice_fiscale_16": "Codice fiscale non valido: 16 caratteri.",
    "codice_fiscale_length": "Per questo tipo di titolare il codice fiscale ha {length} caratteri.",
    "birth_mismatch": "Non corrisponde al codice fiscale.",
    "not_born_yet": "È una data futura.",
    "email": "Indirizzo e-mail non valido.",
    "phone": "Telefono non valido: formato internazionale, per esempio +390575123456.",
    "country": "Codice paese non valido: due lettere ISO 3166.",
    "postal_code": "Codice postale non valido.",
    "cap": "Il CAP ha cinque cifre.",
    "province": "Provincia non valida: due lettere.",
    "italian_province": "Provincia italiana sconosciuta.",
    "ipa_code": "Codice IPA non valido.",
    "office_code": "Codice univoco ufficio non valido: sei caratteri.",
    "text": "Testo non valido: da 1 a 200 caratteri, senza caratteri di controllo.",
    "civil_date": "Data non valida: AAAA-MM-GG.",
    "not_of_this_kind": "Questo tipo di titolare non ha questo campo.",
    "cursor": "Cursore non valido: usare il valore next di una risposta.",
    "file_name": "Nome di file non valido: da 1 a 255 caratteri visibili, senza percorso e non riservato.",
    "amount": "Importo non valido: decimali con il punto, per esempio 12.50.",
}


def explain(error: RequestValidationError, *, english: bool) -> list[dict[str, str]]:
    """[{"pointer", "detail"}]: a JSON Pointer (RFC 6901) into the body, or ?name, or the header's name."""
    return [
        {"pointer": _pointer(problem), "detail": problem["msg"] if english else _italian(problem)}
        for problem in map(_of_a_field, error.errors())
    ]


def _of_a_field(problem: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a union's tag is wrong with the field that holds it."""
    given, facts = problem.get("input"), problem.get("ctx", {})
    if problem["type"].startswith("union_tag"):
        name = facts["discriminator"].strip("'")
        given = given.get(name) if isinstance(given, dict) else given
        expected = " or ".join(re.findall("'[^']*'", facts.get("expected_tags", "")))
        kind, words = ("enum", f"Input should be {expected}") if expected else ("missing", "Field required")
        problem = {"type": kind, "loc": (*problem["loc"], name), "msg": words, "ctx": {"expected": expected}}
    if given is TWICE:
        return {**problem, "type": "given_twice", "msg": "Given more than once"}
    return problem


def _pointer(problem: dict[str, Any]) -> str:
    where, *path = problem["loc"]
    if where == "query":
        return "?" + ".".join(map(str, path))
    steps = path if where in ("body", "path") else [where, *path]
    while where == "body" and steps and steps[0] in BRANCHES and not _is_unknown(steps, problem):
        steps = steps[1:]
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _is_unknown(steps: Sequence[object], problem: dict[str, Any]) -> bool:
    """Whether it is a field, although a branch has the same name."""
    return len(steps) == 1 and problem["type"] == "extra_forbidden"


def _italian(problem: dict[str, Any]) -> str:
    words = ITALIAN.get(problem["type"])
    return words.format(**problem.get("ctx", {})) if words else str(problem["msg"])
