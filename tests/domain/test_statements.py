"""A statement adds up, and its month is Rome's."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import rome_day
from domain.ledger import Cause
from domain.money_errors import MonthNotBegun
from domain.statements import Movement, Statement, Sum, last_day, span

LATE = datetime(2999, 1, 1, tzinfo=UTC)
MONTHS = st.dates(date(2000, 1, 1), date(2998, 12, 31)).map(lambda day: day.replace(day=1))
MOVED = st.lists(st.tuples(st.sampled_from(Cause), st.integers(-(10**9), 10**9)), max_size=20)


def made(opening_cents: int, moved: list[tuple[Cause, int]]) -> Statement:
    return Statement(
        partner="Studio Bianchi",
        month=date(2026, 11, 1),
        interim_at=None,
        opening_cents=opening_cents,
        movements=tuple(
            Movement(id=uuid4(), at=datetime(2026, 11, 5, tzinfo=UTC), cause=cause, amount_cents=cents)
            for cause, cents in moved
        ),
    )


@given(st.integers(0, 10**9), MOVED)
def test_it_adds_up(opening_cents: int, moved: list[tuple[Cause, int]]) -> None:
    statement = made(opening_cents, moved)
    balances = (opening_cents, *statement.balances_cents)
    assert [after - before for before, after in pairwise(balances)] == [it for _, it in moved]
    assert statement.closing_cents == balances[-1]
    assert sum(one.cents for one in statement.sums) == statement.closing_cents - opening_cents
    assert sum(one.movements for one in statement.sums) == len(moved)


def test_it_sums_each_cause_that_moved_something() -> None:
    statement = made(0, [(Cause.TOP_UP, 500), (Cause.ORDER, -100), (Cause.ORDER, -1)])
    assert statement.sums == (
        Sum(cause=Cause.ORDER, movements=2, cents=-101),
        Sum(cause=Cause.TOP_UP, movements=1, cents=500),
    )


@given(MONTHS)
def test_a_month_is_all_its_days_in_rome_and_no_others(month: date) -> None:
    within, instant = span(month, now=LATE), timedelta(microseconds=1)
    assert rome_day(within.start) == month
    assert rome_day(within.end - instant) == last_day(month)
    assert rome_day(within.start - instant).month != month.month
    assert (rome_day(within.end).day, rome_day(within.end) - last_day(month)) == (1, timedelta(days=1))


def test_it_begins_at_midnight_in_rome() -> None:
    midnight = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert span(date(2026, 4, 1), now=midnight).start == midnight
    with pytest.raises(MonthNotBegun) as refused:
        span(date(2026, 4, 1), now=midnight - timedelta(microseconds=1))
    assert refused.value.begins_on == date(2026, 4, 1)
