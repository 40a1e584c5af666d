"""What people type into the panel, made fit for the database."""

import re
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator


def visible(words: str) -> str:
    """Without what no eye sees: control characters, and surrogates that belong to no letter."""
    return "".join(letter if letter.isprintable() else " " for letter in words).strip()


Sought = Annotated[str, Query(max_length=200), AfterValidator(visible)]
"""Words to look for; none if empty."""


def _absent(chosen: Any) -> Any:
    return None if chosen == "" else chosen


ABSENT_IF_EMPTY = BeforeValidator(_absent)
"""Of a choice: the entry without a value is no choice."""

_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3}){1,2}|[0-9]{1,9})(?:,[0-9]{1,2})?", re.ASCII)


def cents_of(amount: str) -> int | None:
    """An amount above zero as Italians write it, 1.234,50; None if it isn't one."""
    written = amount.strip()
    if not _AMOUNT.fullmatch(written):
        return None
    return int(Decimal(written.replace(".", "").replace(",", ".")) * 100) or None
