"""Money as the API writes it."""

from typing import Literal

from pydantic import BaseModel


class Money(BaseModel):
    """A decimal string and its currency."""

    amount: str
    currency: Literal["EUR"] = "EUR"


def money(cents: int) -> Money:
    """Integer cents, written out: -1250 is "-12.50"."""
    euros, rest = divmod(abs(cents), 100)
    return Money(amount=f"{'-' if cents < 0 else ''}{euros}.{rest:02d}")
