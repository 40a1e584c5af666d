"""Whether a partner's credit will do."""

from datetime import date

import pytest

from domain.credit import FORECAST_DAYS, Forecast, LowCredit, forecast, low_credit
from domain.errors import NoPriceList
from domain.products import RenewalMode
from domain.services import Service, ServiceStatus
from local.demo import PRICES
from tests.domain.keeping import EXPIRY, a_service, from_expiry

DEARER = PRICES.model_copy(update={"valid_from": date(2027, 3, 1), "vat_percent": 0})
COST = 2900 + 638


def expected(*totals: tuple[int, int]) -> tuple[Forecast, ...]:
    named = zip(FORECAST_DAYS, totals, strict=True)
    return tuple(Forecast(days=days, renewals=renewals, total_cents=cents) for days, (renewals, cents) in named)


@pytest.mark.parametrize(
    ("days", "totals"),
    [
        (-98, [(0, 0), (0, 0), (0, 0)]),
        (-97, [(0, 0), (0, 0), (1, COST)]),
        (-67, [(0, 0), (1, COST), (1, COST)]),
        (-37, [(1, COST), (1, COST), (1, COST)]),
        (3, [(1, COST), (1, COST), (1, COST)]),  # an outage: it is still to be charged
    ],
)
def test_a_renewal_counts_from_the_day_on_which_it_is_first_tried(days: int, totals: list[tuple[int, int]]) -> None:
    assert forecast([a_service()], on=from_expiry(days), lists=[PRICES]) == expected(*totals)


@pytest.mark.parametrize(
    "service",
    [
        a_service(renewal_mode=RenewalMode.ON_REQUEST),
        a_service(status=ServiceStatus.SUSPENDED),
        a_service(status=ServiceStatus.TERMINATED),
    ],
)
def test_only_what_is_renewed_by_itself_counts(service: Service) -> None:
    assert forecast([service], on=EXPIRY, lists=[]) == expected((0, 0), (0, 0), (0, 0))


def test_many_add_up_each_for_its_own_years_under_the_list_of_its_day() -> None:
    services = [
        a_service(),  # 3 March 2027: the new list
        a_service(expires_on=date(2027, 1, 20), renewal_years=2),  # 13 January: the old one
        a_service(expires_on=date(2027, 2, 8), added_gb=1),  # 1 February
    ]
    two_years, more_space, dearer = 2 * 2900 + 1276, 3300 + 726, 2900
    assert forecast(services, on=date(2027, 1, 1), lists=[PRICES, DEARER]) == expected(
        (1, two_years), (2, two_years + more_space), (3, two_years + more_space + dearer)
    )


def test_without_any_list_there_is_no_forecast() -> None:
    with pytest.raises(NoPriceList):
        forecast([a_service()], on=EXPIRY, lists=[])


@pytest.mark.parametrize(
    ("balance", "threshold", "next_30_days", "low"),
    [
        (5_000, 5_000, 5_000, ()),
        (4_999, 5_000, 0, (LowCredit.THRESHOLD,)),
        (4_999, 5_000, 9_000, (LowCredit.THRESHOLD, LowCredit.FORECAST)),
        (5_000, 5_000, 5_001, (LowCredit.FORECAST,)),
        (0, None, 0, ()),
        (0, None, 1, (LowCredit.FORECAST,)),
        (0, 0, 0, ()),
    ],
)
def test_credit_is_low_below_the_threshold_or_the_forecast(
    balance: int, threshold: int | None, next_30_days: int, low: tuple[LowCredit, ...]
) -> None:
    assert low_credit(balance, threshold_cents=threshold, next_30_days_cents=next_30_days) == low
