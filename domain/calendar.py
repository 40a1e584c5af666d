"""Civil dates in Europe/Rome."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def rome_day(instant: datetime) -> date:
    """The civil day in Rome at an instant."""
    return instant.astimezone(ROME).date()


def rfc3339(instant: datetime) -> str:
    """An instant as programs are told it: in UTC, with a Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def end_of_day(day: date) -> datetime:
    """The instant (UTC) at which a civil day in Rome is over: it belongs to the next day already."""
    return datetime.combine(day + timedelta(days=1), time.min, ROME).astimezone(UTC)


def add_years(start: date, *, years: int, anchor: date | None = None) -> date:
    """The same day some years on; 29 February falls on the 28th where there is none.

    `anchor`: where the chain of terms began. Its day of the month is taken again wherever the month has it,
    so 29 Feb 2024 → 28 Feb 2025 → … → 29 Feb 2028: the end after n terms is counted from the first day.
    """
    year = start.year + years
    day = min((anchor or start).day, monthrange(year, start.month)[1])
    return date(year, start.month, day)
