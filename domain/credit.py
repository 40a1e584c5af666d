"""Whether a partner's credit will do: the automatic renewals to come, and when it is low."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from domain.deeds import next_try_on
from domain.model import Value
from domain.prices import PriceList, in_force
from domain.renewals import renewal_price
from domain.services import Service

FORECAST_DAYS = (30, 60, 90)


class Forecast(Value):
    """The automatic renewals from a civil day to so many days later, both included."""

    days: int
    renewals: int
    total_cents: int


class LowCredit(StrEnum):
    """Why a partner's credit is low."""

    THRESHOLD = "threshold"
    """It is below what they have set."""
    FORECAST = "forecast"
    """It doesn't cover the automatic renewals of the next 30 days."""


def forecast(services: Iterable[Service], *, on: date, lists: Sequence[PriceList]) -> tuple[Forecast, ...]:
    """What automatic renewals will take from the credit in 30, 60 and 90 days.

    Each is counted on the day of its next try, under the list that is in force then as far as `lists` tell. A term
    lasts a year at least, so none comes twice. Raises NoPriceList.
    """
    last = on + timedelta(days=max(FORECAST_DAYS))
    tries = [(day, service) for service in services if (day := next_try_on(service, today=on)) and day <= last]
    costs = [(day, _total_cents(service, day=day, lists=lists)) for day, service in tries]
    return tuple(_within(days, costs=costs, on=on) for days in FORECAST_DAYS)


def low_credit(balance_cents: int, *, threshold_cents: int | None, next_30_days_cents: int) -> tuple[LowCredit, ...]:
    """Why the credit is low, if it is; what is named of both is first. Without a threshold only the forecast tells."""
    low = {
        LowCredit.THRESHOLD: threshold_cents is not None and balance_cents < threshold_cents,
        LowCredit.FORECAST: next_30_days_cents > balance_cents,
    }
    return tuple(why for why, is_so in low.items() if is_so)


def _total_cents(service: Service, *, day: date, lists: Sequence[PriceList]) -> int:
    return renewal_price(service, years=service.renewal_years, under=in_force(lists, on=day)).total_cents


def _within(days: int, *, costs: Sequence[tuple[date, int]], on: date) -> Forecast:
    within = [cents for day, cents in costs if day <= on + timedelta(days=days)]
    return Forecast(days=days, renewals=len(within), total_cents=sum(within))
