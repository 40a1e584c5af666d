"""The credit to come: what automatic renewals will take, and whether it is there."""

import pytest

from api.forecast import HorizonAnswer
from domain.credit import Forecast
from tests.api.checks import eur


@pytest.mark.parametrize(("balance_cents", "covered"), [(2_317, False), (2_318, True), (2_319, True)])
def test_it_tells_whether_the_credit_covers_it(balance_cents: int, covered: bool) -> None:  # noqa: FBT001
    within = Forecast(days=30, renewals=1, total_cents=2_318)
    answer = HorizonAnswer.of(within, balance_cents=balance_cents)
    assert answer.model_dump() == {"days": 30, "renewals": 1, "total": eur("23.18"), "covered": covered}


def test_no_renewals_are_covered_by_no_credit() -> None:
    assert HorizonAnswer.of(Forecast(days=90, renewals=0, total_cents=0), balance_cents=0).covered
