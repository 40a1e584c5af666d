"""Search by words, blind to case, accents and apostrophes, over a generated column with an index of trigrams.

`searchable` and `occurs_as` are SQL functions of ours (migration 0002); both sides of a comparison go through them.
"""

from sqlalchemy import ColumnElement, Index, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

_PLAN_EACH = select(func.set_config("plan_cache_mode", "force_custom_plan", True))


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


async def plan_for_these_words(session: AsyncSession) -> None:
    """Plan the transaction's queries for their own values: which index is fast depends on how rare the words are."""
    await session.execute(_PLAN_EACH)
