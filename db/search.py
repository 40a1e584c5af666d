"""Search by words, blind to case, accents and apostrophes, over a generated column with an index of trigrams.

`searchable` and `occurs_as` are SQL functions of ours (migration 0002); both sides of a comparison go through them.
"""

from sqlalchemy import ColumnElement, Index, func
from sqlalchemy.orm import InstrumentedAttribute


def searched_index(table: str) -> Index:
    """Of one partner's rows, those in which some trigrams occur."""
    return Index(
        f"ix_{table}_searched",
        "partner_id",
        "searched",
        postgresql_using="gin",
        postgresql_ops={"searched": "gin_trgm_ops"},
    )


def all_words(column: InstrumentedAttribute[str], q: str | None) -> list[ColumnElement[bool]]:
    """The conditions that every word of `q` occurs in a searched column; wildcards stand for themselves."""
    return [column.like(func.occurs_as(word)) for word in (q or "").split()]
