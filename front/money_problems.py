"""What the errors of the books say to people: a part of `front/problems.py`."""

from domain import money_errors as e
from domain.errors import DomainError
from front.problem import Problem

MONEY_PROBLEMS: dict[type[DomainError], Problem] = {
    e.EntryNotFound: Problem(
        404,
        "Movimento inesistente.",
        "Controllare l'id nell'elenco dei movimenti del partner.",
        "Look its id up in the partner's entries.",
    ),
    e.EntryNotCorrectable: Problem(
        409,
        "Il movimento non si può rettificare.",
        "Si rettificano ricariche, rinnovi, spazio e ordini attivi; un ordine ancora aperto si annulla, "
        "e il suo addebito torna per intero.",
        "Top-ups, renewals, space and active orders are corrected; an order that is still open is cancelled, "
        "and its charge comes back whole.",
    ),
    e.CorrectionExceedsEntry: Problem(
        409,
        "La rettifica supera il movimento.",
        "Nulla è cambiato. Indicare al massimo quanto resta da rettificare.",
        "Nothing was changed. Give at most what is left to correct.",
    ),
    e.MonthNotBegun: Problem(
        404,
        "Il mese non è ancora iniziato.",
        "L'estratto conto esiste dal {begins_on}.",
        "There is a statement from {begins_on} on.",
    ),
}
