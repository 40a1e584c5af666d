"""Civil dates in Rome."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import ROME, add_years, rome_day

LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-28T22:59:59+00:00", date(2026, 3, 28)),  # the night in which summer time begins
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T21:59:59+00:00", date(2026, 10, 24)),  # the night in which it ends
        ("2026-10-24T22:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
        ("2026-12-31T18:30:00-05:00", date(2027, 1, 1)),  # whatever zone it is told in
    ],
)
def test_a_day_in_rome_ends_at_its_own_midnight(instant: str, day: date) -> None:
    assert rome_day(datetime.fromisoformat(instant)) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_begins_at_romes_midnight(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ROME).astimezone(UTC)
    assert rome_day(midnight) == day
    assert rome_day(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_a_leap_day_falls_on_the_28th_where_there_is_none() -> None:
    assert add_years(LEAP_DAY, years=1) == date(2029, 2, 28)
    assert add_years(LEAP_DAY, years=4) == date(2032, 2, 29)
    assert add_years(date(2026, 1, 31), years=10) == date(2036, 1, 31)


def test_a_term_that_is_counted_from_the_first_day_never_drifts() -> None:
    assert [add_years(LEAP_DAY, years=years).day for years in range(9)] == [29, 28, 28, 28, 29, 28, 28, 28, 29]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 10))
def test_years_later_it_is_the_same_day_of_the_same_month(start: date, years: int) -> None:
    end = add_years(start, years=years)
    assert (end.year, end.month) == (start.year + years, start.month)
    assert end.day in (start.day, 28)
