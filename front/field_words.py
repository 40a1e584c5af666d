"""What is wrong with a field, in Italian, by the type of the problem."""

from collections.abc import Mapping
from typing import Any

ITALIAN = {
    "missing": "Campo obbligatorio.",
    "extra_forbidden": "Campo sconosciuto.",
    "given_twice": "Campo ripetuto.",
    "string_type": "Deve essere una stringa.",
    "string_unicode": "Testo non valido: non è Unicode.",
    "int_type": "Deve essere un numero intero.",
    "int_parsing": "Deve essere un numero intero.",
    "int_from_float": "Deve essere un numero intero.",
    "int_parsing_size": "Numero troppo grande.",
    "finite_number": "Deve essere un numero intero.",
    "bool_type": "Deve essere vero o falso.",
    "bool_parsing": "Deve essere vero o falso.",
    "list_type": "Deve essere un elenco.",
    "tuple_type": "Deve essere un elenco.",
    "too_short": "Troppo pochi: almeno {min_length}.",
    "too_long": "Troppi: al massimo {max_length}.",
    "model_type": "Deve essere un oggetto.",
    "model_attributes_type": "Deve essere un oggetto.",
    "dict_type": "Deve essere un oggetto.",
    "string_too_long": "Troppo lungo: al massimo {max_length} caratteri.",
    "string_too_short": "Troppo corto: almeno {min_length} caratteri.",
    "string_pattern_mismatch": "Formato non valido.",
    "greater_than_equal": "Deve essere almeno {ge}.",
    "less_than_equal": "Deve essere al massimo {le}.",
    "greater_than": "Deve essere maggiore di {gt}.",
    "less_than": "Deve essere minore di {lt}.",
    "enum": "Valori ammessi: {expected}.",
    "literal_error": "Valori ammessi: {expected}.",
    "uuid_parsing": "Deve essere un UUID.",
    "uuid_type": "Deve essere un UUID.",
    "date_type": "Deve essere una data AAAA-MM-GG.",
    "date_parsing": "Deve essere una data AAAA-MM-GG.",
    "date_from_datetime_parsing": "Deve essere una data AAAA-MM-GG.",
    "date_from_datetime_inexact": "Deve essere una data AAAA-MM-GG.",
    "partita_iva": "Partita IVA non valida: 11 cifre con cifra di controllo.",
    "codice_fiscale": "Codice fiscale non valido.",
    "codice_fiscale_16": "Codice fiscale non valido: 16 caratteri.",
    "codice_fiscale_length": "Per questo tipo di titolare il codice fiscale ha {length} caratteri.",
    "birth_mismatch": "Non corrisponde al codice fiscale.",
    "not_born_yet": "È una data futura.",
    "too_long_ago": "È una data troppo lontana: non prima dell'anno 1900.",
    "email": "Indirizzo e-mail non valido.",
    "phone": "Telefono non valido: formato internazionale, per esempio +390575123456.",
    "country": "Codice paese non valido: due lettere ISO 3166.",
    "postal_code": "Codice postale non valido.",
    "cap": "Il CAP ha cinque cifre.",
    "province": "Provincia non valida: due lettere.",
    "italian_province": "Provincia italiana sconosciuta.",
    "ipa_code": "Codice IPA non valido.",
    "office_code": "Codice univoco ufficio non valido: sei caratteri.",
    "text": "Testo non valido: senza caratteri di controllo o invisibili.",
    "civil_date": "Data non valida: AAAA-MM-GG.",
    "not_of_this_kind": "Questo tipo di titolare non ha questo campo.",
    "cursor": "Cursore non valido: usare il valore next di una risposta.",
    "file_name": "Nome di file non valido: da 1 a 255 caratteri visibili, senza percorso e non riservato.",
    "reason": "Scriva il motivo, al massimo 2000 caratteri.",
    "amount": "Importo non valido: decimali con il punto, per esempio 12.50.",
}

UNFORESEEN = "Valore non valido."


def italian(problem: Mapping[str, Any]) -> str:
    """One of pydantic's problems, in words."""
    words, facts = ITALIAN.get(problem["type"], UNFORESEEN), dict(problem.get("ctx", {}))
    if "expected" in facts:  # a list in English
        facts["expected"] = str(facts["expected"]).replace(" or ", " o ")
    return words.format(**facts)
