"""The space of a service: what more of it costs, how full it is, and when it will be (the domain, section 4)."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from pydantic import NonNegativeInt

from domain.calendar import add_years
from domain.model import Value
from domain.prices import Price, PriceList, quote_space
from domain.services import Service

GB = 10**9
HORIZON = timedelta(days=36_500)
"""A day beyond it isn't worth a forecast."""


class SpaceLevel(StrEnum):
    """How full a service is."""

    FREE = "free"
    NEARLY_FULL = "nearly_full"
    """The partner is warned."""
    FULL = "full"
    """Read-only until more is bought."""

    @property
    def percent(self) -> int:
        """From which part of its space on."""
        return PERCENT[self]


PERCENT = {SpaceLevel.FREE: 0, SpaceLevel.NEARLY_FULL: 70, SpaceLevel.FULL: 100}


class Usage(Value):
    """What the provider said on a civil day."""

    day: date
    used_bytes: NonNegativeInt


def space_price(service: Service, *, gb: int, on: date, under: PriceList) -> Price:
    """What more GB cost under the list of the day: whole years, each one begun until the expiry.

    So the expiry stays where it is, and the next renewal pays for them with the rest.
    """
    return quote_space(gb=gb, years=_years_begun(service, on=on), under=under)


def level(used_bytes: int, *, gb: int) -> SpaceLevel:
    """How full so many GB are."""
    reached = [level for level in SpaceLevel if used_bytes * 100 >= level.percent * gb * GB]
    return reached[-1]


def warning(now: SpaceLevel, *, before: SpaceLevel) -> SpaceLevel | None:
    """What to warn the partner of, if anything: a level is told once, until the service has been below it.

    `before`: the level last measured, or FREE if space was bought since: then what is still nearly full is told anew.
    """
    return now if now.percent > before.percent else None


def full_on(usages: Sequence[Usage], *, gb: int) -> date | None:
    """The civil day on which a service will be full, if it grows: from its last usage on, at the pace of them all.

    The pace is that of the straight line nearest to the points (least squares, in whole numbers). What is full
    already has been so on the last day at the latest.
    """
    if not usages:
        return None
    last = max(usages, key=lambda usage: usage.day)
    if (free_bytes := gb * GB - last.used_bytes) <= 0:
        return last.day
    rise, run = _pace(usages, until=last.day)
    if rise <= 0 or (days := -(-free_bytes * run // rise)) > HORIZON.days:
        return None
    return last.day + timedelta(days=days)


def _pace(usages: Sequence[Usage], *, until: date) -> tuple[int, int]:
    """Bytes and days: the quotient is the daily growth."""
    points = [((usage.day - until).days, usage.used_bytes) for usage in usages]
    n, days, total = len(points), sum(x for x, _ in points), sum(y for _, y in points)
    rise = n * sum(x * y for x, y in points) - days * total
    return rise, n * sum(x * x for x, _ in points) - days**2


def _years_begun(service: Service, *, on: date) -> int:
    years = count(1)
    return next(y for y in years if add_years(service.expires_on, years=-y, anchor=service.starts_on) <= on)
