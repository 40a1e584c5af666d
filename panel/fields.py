"""What people type into the panel, made fit for the database."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator


def _visible(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words).strip()


Sought = Annotated[str, Query(max_length=200), AfterValidator(_visible)]
"""Words to look for; none if empty."""
