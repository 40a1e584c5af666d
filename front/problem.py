"""The shape of the words for an error."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Status, title and detail in Italian, detail in English. A detail says what to do next."""

    status: int
    titolo: str
    dettaglio: str
    detail: str
