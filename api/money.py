"""Money as the API writes it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel


class Money(BaseModel):
    """A decimal string and its currency."""

    amount: str
    currency: Literal["EUR"] = "EUR"


def money(cents: int) -> Money:
    """Integer cents, written out: -1250 is "-12.50"."""
    euros, rest = divmod(abs(cents), 100)
    return Money(amount=f"{'-' if cents < 0 else ''}{euros}.{rest:02d}")


def with_money(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, those in cents as money: `missing_cents` becomes `missing`."""
    return dict(_fact(name, value) for name, value in facts.items())


def _fact(name: str, value: Any) -> tuple[str, Any]:
    return (name.removesuffix("_cents"), money(value).model_dump()) if name.endswith("_cents") else (name, value)
