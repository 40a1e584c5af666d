"""What accepting asks for: three separate ticks, and who accepts in which capacity (the domain, section 3.3)."""

from enum import StrEnum


class Capacity(StrEnum):
    """In which capacity somebody accepts."""

    TITOLARE = "titolare"
    LEGAL_REPRESENTATIVE = "legal_representative"
    DELEGATE = "delegate"


CAPACITIES = {
    Capacity.TITOLARE: "titolare",
    Capacity.LEGAL_REPRESENTATIVE: "legale rappresentante",
    Capacity.DELEGATE: "persona delegata",
}

TICKS = {
    "contract": "Accetto il contratto e le condizioni di erogazione del servizio.",
    "clauses": "Approvo specificamente le clausole vessatorie, ai sensi degli artt. 1341 e 1342 c.c.",
    "privacy": "Nomino il fornitore responsabile del trattamento dei dati personali.",
}
"""The words that stand beside each tick, on the page and in the receipt."""
