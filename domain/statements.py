"""A partner's statement (*estratto conto*): what moved the credit in a civil month, in Rome."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate
from uuid import UUID

from pydantic import AwareDatetime

from domain.calendar import end_of_day
from domain.ledger import Cause
from domain.model import Value
from domain.money_errors import MonthNotBegun


class Movement(Value):
    """One line: negative when credit was spent. A correction has the order of what it corrects."""

    id: UUID
    at: AwareDatetime
    cause: Cause
    amount_cents: int
    order_number: str | None = None
    reference: str | None = None
    reason: str | None = None


class Sum(Value):
    """All of one cause."""

    cause: Cause
    movements: int
    cents: int


class Statement(Value):
    """What was there, what moved, what is left."""

    partner: str
    month: date
    """Its first day."""
    interim_at: AwareDatetime | None
    """When it was read, if the month wasn't over."""
    opening_cents: int
    movements: tuple[Movement, ...]
    """Oldest first."""

    @property
    def balances_cents(self) -> tuple[int, ...]:
        """What each movement left."""
        amounts = (movement.amount_cents for movement in self.movements)
        return tuple(accumulate(amounts, initial=self.opening_cents))[1:]

    @property
    def closing_cents(self) -> int:
        """What the last one left."""
        return self.opening_cents + sum(movement.amount_cents for movement in self.movements)

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The causes that moved something, in their own order."""
        return tuple(self._sums())

    def _sums(self) -> Iterator[Sum]:
        for cause in Cause:
            if amounts := [movement.amount_cents for movement in self.movements if movement.cause is cause]:
                yield Sum(cause=cause, movements=len(amounts), cents=sum(amounts))


class Span(Value):
    """A civil month as instants: from its start until before its end."""

    start: AwareDatetime
    end: AwareDatetime


def span(month: date, *, now: datetime) -> Span:
    """The month that begins on a civil day. Raises MonthNotBegun."""
    start = end_of_day(month - timedelta(days=1))
    if now < start:
        raise MonthNotBegun(begins_on=month)
    return Span(start=start, end=end_of_day(last_day(month)))


def last_day(month: date) -> date:
    """The last day of the month of a civil day."""
    return month.replace(day=monthrange(month.year, month.month)[1])
