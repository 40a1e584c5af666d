"""Civil dates in Rome."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import ROME, add_years, end_of_day, rome_day

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


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 31), "2026-01-31T23:00:00+00:00"),
        (date(2026, 3, 28), "2026-03-28T23:00:00+00:00"),
        (date(2026, 3, 29), "2026-03-29T22:00:00+00:00"),  # summer time begins: 23 hours
        (date(2026, 10, 24), "2026-10-24T22:00:00+00:00"),
        (date(2026, 10, 25), "2026-10-25T23:00:00+00:00"),  # it ends: 25 hours
        (date(2028, 2, 29), "2028-02-29T23:00:00+00:00"),
    ],
)
def test_the_end_of_a_day_is_an_instant(day: date, end: str) -> None:
    assert end_of_day(day).isoformat() == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert rome_day(end_of_day(day)) == day + timedelta(days=1)
    assert rome_day(end_of_day(day) - timedelta(microseconds=1)) == day
    assert end_of_day(day) - end_of_day(day - timedelta(days=1)) in {timedelta(hours=hours) for hours in (23, 24, 25)}


def test_a_leap_day_falls_on_the_28th_where_there_is_none() -> None:
    assert add_years(LEAP_DAY, years=1) == date(2029, 2, 28)
    assert add_years(LEAP_DAY, years=4) == date(2032, 2, 29)
    assert add_years(date(2026, 1, 31), years=10) == date(2036, 1, 31)


def test_a_term_that_is_counted_from_the_first_day_never_drifts() -> None:
    assert [add_years(LEAP_DAY, years=years).day for years in range(9)] == [29, 28, 28, 28, 29, 28, 28, 28, 29]


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        (date(2024, 2, 29), ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]),
        (date(2096, 2, 29), ["2097-02-28", "2098-02-28", "2099-02-28", "2100-02-28", "2101-02-28"]),
        (date(2023, 2, 28), ["2024-02-28", "2025-02-28"]),  # the 28th stays the 28th
        (date(2026, 1, 31), ["2027-01-31", "2028-01-31"]),
        (date(2026, 4, 30), ["2027-04-30", "2028-04-30"]),
    ],
)
def test_a_chain_of_terms_comes_back_to_its_anchor(start: date, ends: list[str]) -> None:
    end = start
    for expected in ends:
        end = add_years(end, years=1, anchor=start)
        assert end.isoformat() == expected


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.lists(st.integers(1, 10), min_size=20, max_size=20))
def test_twenty_terms_end_where_one_as_long_does(start: date, terms: list[int]) -> None:
    end = start
    for n, years in enumerate(terms, start=1):
        end = add_years(end, years=years, anchor=start)
        assert end == add_years(start, years=sum(terms[:n]))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 10))
def test_years_later_it_is_the_same_day_of_the_same_month(start: date, years: int) -> None:
    end = add_years(start, years=years)
    assert (end.year, end.month) == (start.year + years, start.month)
    assert end.day in (start.day, 28)
