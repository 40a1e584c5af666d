"""What people type into the panel, made fit for the database."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator


def visible(words: str) -> str:
    """Without what no eye sees: control characters, and surrogates that belong to no letter."""
    return "".join(letter if letter.isprintable() else " " for letter in words).strip()


Sought = Annotated[str, Query(max_length=200), AfterValidator(visible)]
"""Words to look for; none if empty."""
