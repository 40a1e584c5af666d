"""Civil dates in Europe/Rome."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def rome_day(instant: datetime) -> date:
    """The civil day in Rome at an instant."""
    return instant.astimezone(ROME).date()


def add_years(start: date, *, years: int) -> date:
    """The same day some years on; 29 February falls on the 28th where there is none."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)
