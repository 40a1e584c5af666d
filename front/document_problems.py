"""What the errors of documents say to people: a part of `front/problems.py`."""

from domain import document_errors as e
from domain.errors import DomainError
from front.problem import Problem

DOCUMENT_PROBLEMS: dict[type[DomainError], Problem] = {
    e.UnsupportedDocument: Problem(
        415,
        "Il file non è un documento ammesso.",
        "Inviare un PDF, P7M, XML (senza DTD), JPEG o PNG integro, senza altro prima o dopo.",
        "Send a whole PDF, P7M, XML (without a DTD), JPEG or PNG, with nothing before or after it.",
    ),
    e.DocumentNotFound: Problem(
        404,
        "Documento inesistente.",
        "Controllare l'id nell'elenco dei documenti dell'ordine.",
        "Look its id up in the order's documents.",
    ),
    e.DocumentStoreUnavailable: Problem(
        503,
        "L'archivio dei documenti non risponde.",
        "Ripetere la richiesta tale e quale.",
        "Repeat the request as it is.",
    ),
}
