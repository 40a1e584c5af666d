"""When contract mails and reminders go out (the domain, section 3.2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import DomainError, ExtensionTooLong, TooEarlyToResend, TooManyResends

WAITS = (*[timedelta(minutes=15)] * 3, *[timedelta(hours=1)] * 3, *[timedelta(hours=24)] * 3)
"""What must lie between one contract mail and the next: ten mails in all, the first one included."""

MAX_MAILS = len(WAITS) + 1
ACCEPTANCE_TIME = timedelta(days=90)
LONGEST_ACCEPTANCE_TIME = timedelta(days=180)
"""After placing, whatever was added."""
REMINDER_DAYS = (3, 8, 13, 18)
LAST_REMINDER = timedelta(days=7)
"""How long before the time-out the last reminder goes out."""


def why_no_resend(sent_at: Sequence[datetime], *, now: datetime, unhurried: bool = True) -> DomainError | None:
    """The error that says why no contract mail may go out now, if so.

    `sent_at`: when the contract mails so far were ordered, oldest first, the one of placing included.
    `unhurried=False` is an operator's privilege: the waits protect the titolare from an insistent partner.
    """
    if len(sent_at) >= MAX_MAILS:
        return TooManyResends()
    if unhurried and now < (can_resend_at := sent_at[-1] + WAITS[len(sent_at) - 1]):
        return TooEarlyToResend(can_resend_at=can_resend_at)
    return None


def why_no_extension(*, placed_at: datetime, accept_by: datetime) -> DomainError | None:
    """The error that says why the time-out may not be moved to `accept_by`, if so."""
    if accept_by > (latest := placed_at + LONGEST_ACCEPTANCE_TIME):
        return ExtensionTooLong(latest=latest)
    return None


def days_left(*, placed_at: datetime, accept_by: datetime) -> int:
    """How many whole days the time-out may still be moved by."""
    return (placed_at + LONGEST_ACCEPTANCE_TIME - accept_by).days


def wake_ups(*, placed_at: datetime, accept_by: datetime, reminder_days: Sequence[int]) -> tuple[datetime, ...]:
    """The instants of the reminders, oldest first, and then of the time-out."""
    reminders = {*(placed_at + timedelta(days=day) for day in reminder_days), accept_by - LAST_REMINDER}
    return (*sorted(due for due in reminders if placed_at < due < accept_by), accept_by)
