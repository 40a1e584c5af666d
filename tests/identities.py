"""Invented people and companies whose identifiers are right, new ones each time."""

import itertools
import secrets
from typing import Any

from codicefiscale import codicefiscale
from stdnum import luhn

_NUMBERS = itertools.count(secrets.randbelow(5_000_000) + 1_000_000)


def partita_iva() -> str:
    """One that nobody else in this run has."""
    body = f"{next(_NUMBERS):07d}051"
    return body + luhn.calc_check_digit(body)


def address() -> dict[str, str]:
    return {"street": "Via Roma 1", "postal_code": "52100", "city": "Arezzo", "province": "AR", "country": "IT"}


def company(**changes: Any) -> dict[str, Any]:
    """Rossi & Figli, whose legal representative is Maria Rossi."""
    number = partita_iva()
    return {
        "kind": "persona_giuridica",
        "activity": "azienda",
        "denominazione": "Rossi & Figli S.r.l.",
        "given_name": "Maria",
        "family_name": "Rossi",
        "codice_fiscale": number,
        "partita_iva": number,
        "address": address(),
        "phone": "+390575123456",
        "email": f"info{number}@rossi.example",
        "pec": f"rossi{number}@pec.example",
        "birth": {"date": "1985-12-10", "place": "Arezzo", "sex": "F"},
        **changes,
    }


def person(**changes: Any) -> dict[str, Any]:
    """Mario Bruni, who can be a responsabile."""
    born = f"19{secrets.randbelow(40) + 50}-{secrets.randbelow(12) + 1:02d}-{secrets.randbelow(28) + 1:02d}"
    return {
        "kind": "persona_fisica",
        "given_name": "Mario",
        "family_name": "Bruni",
        "codice_fiscale": codicefiscale.encode("Bruni", "Mario", "M", born, "Arezzo"),
        "address": address(),
        "phone": "+390575654321",
        "email": f"mario{next(_NUMBERS)}@bruni.example",
        "pec": f"bruni{next(_NUMBERS)}@pec.example",
        "birth": {"date": born, "place": "Arezzo", "sex": "M"},
        **changes,
    }
