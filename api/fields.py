"""Fields of requests that belong to no domain value."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from domain.identifiers import LongText, Text
from domain.model import Value

_AMOUNT = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)

Words = LongText
"""A reason or a note."""

ExternalId = Text
"""The partner's own name for an order."""


def _amount(text: str) -> str:
    if not _AMOUNT.fullmatch(text) or not Decimal(text):
        raise PydanticCustomError("amount", "Not an amount: a positive decimal string such as 12.50")
    return text


class Euros(Value):
    """A positive amount: {"amount": "12.50", "currency": "EUR"}."""

    amount: Annotated[str, Field(max_length=12), AfterValidator(_amount)]
    currency: Literal["EUR"]

    @property
    def cents(self) -> int:
        """The same in integer cents."""
        return int(Decimal(self.amount) * 100)
