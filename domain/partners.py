"""What a partner may set for itself."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.resends import ACCEPTANCE_TIME


class RenewalPriority(StrEnum):
    """Which renewals come first where the credit doesn't cover them all."""

    SOONEST_FIRST = "soonest_first"
    CHEAPEST_FIRST = "cheapest_first"


ReminderDay = Annotated[int, Field(ge=1, lt=ACCEPTANCE_TIME.days, strict=True)]
"""A day after placing, on which a titolare who hasn't decided is reminded."""
