"""What more space costs, how full a service is, and when it will be."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.space import GB, SpaceLevel, Usage, full_on, level, space_price, warning
from local.demo import PRICES
from tests.domain.keeping import EXPIRY, START, a_service, from_expiry

FREE, NEARLY_FULL, FULL = SpaceLevel


@pytest.mark.parametrize(
    ("years", "on", "begun"),
    [
        (1, START, 1),
        (1, EXPIRY - timedelta(days=1), 1),
        (1, EXPIRY, 1),
        (1, START - timedelta(days=1), 2),  # renewed early: its expiry is more than a year away
        (3, START, 3),
        (3, START + timedelta(days=1), 3),
        (3, date(2027, 3, 9), 3),
        (3, date(2027, 3, 10), 2),
        (10, START, 10),
    ],
)
def test_each_year_begun_until_the_expiry_is_paid_for(years: int, on: date, begun: int) -> None:
    (line,) = space_price(a_service(years=years), gb=5, on=on, under=PRICES).lines
    assert (line.quantity, line.years, line.net_cents) == (5, begun, 5 * begun * 400)


@given(st.integers(1, 10), st.integers(0, 364))
def test_a_leap_day_is_no_reason_for_another_year(years: int, after: int) -> None:
    service = a_service(starts_on=date(2024, 2, 29), years=years)
    (line,) = space_price(service, gb=1, on=date(2024, 2, 29) + timedelta(days=after), under=PRICES).lines
    assert line.years == years


@pytest.mark.parametrize(
    ("used_bytes", "gb", "how_full"),
    [
        (0, 1, FREE),
        (7 * GB // 10 - 1, 1, FREE),
        (7 * GB // 10, 1, NEARLY_FULL),
        (GB - 1, 1, NEARLY_FULL),
        (GB, 1, FULL),
        (3 * GB, 1, FULL),
        (3 * GB, 5, FREE),
    ],
)
def test_seventy_percent_are_nearly_full_and_a_hundred_are_full(used_bytes: int, gb: int, how_full: SpaceLevel) -> None:
    assert level(used_bytes, gb=gb) is how_full


def warned(percents: list[int], *, bought_before: int | None = None) -> list[tuple[int, SpaceLevel]]:
    """What a partner is told of a service that is so full on the days that follow one another."""
    before, told = FREE, []
    for day, percent in enumerate(percents):
        now = level(percent * GB // 100, gb=1)
        if (words := warning(now, before=FREE if day == bought_before else before)) is not None:
            told.append((day, words))
        before = now
    return told


@pytest.mark.parametrize(
    ("percents", "told"),
    [
        ([10, 69, 69], []),
        ([10, 70, 80, 99], [(1, NEARLY_FULL)]),
        ([70, 100, 120], [(0, NEARLY_FULL), (1, FULL)]),
        ([10, 100, 100], [(1, FULL)]),  # one mail, not two
        ([71, 69, 71], [(0, NEARLY_FULL), (2, NEARLY_FULL)]),
        ([100, 90, 100], [(0, FULL), (2, FULL)]),
        ([100, 69, 100], [(0, FULL), (2, FULL)]),
    ],
)
def test_each_crossing_is_told_once(percents: list[int], told: list[tuple[int, SpaceLevel]]) -> None:
    assert warned(percents) == told


def test_who_bought_too_little_is_told_again() -> None:
    assert warned([100, 80, 80], bought_before=1) == [(0, FULL), (1, NEARLY_FULL)]
    assert warned([100, 100, 100], bought_before=1) == [(0, FULL), (1, FULL)]


@given(st.lists(st.integers(0, 150), max_size=30))
def test_as_many_warnings_as_rises(percents: list[int]) -> None:
    levels = [FREE, *(level(percent * GB // 100, gb=1) for percent in percents)]
    assert len(warned(percents)) == sum(now.percent > before.percent for before, now in pairwise(levels))


def usages(*used: float) -> list[Usage]:
    """What was used on the days up to the expiry, in GB."""
    days = range(1 - len(used), 1)
    return [Usage(day=from_expiry(day), used_bytes=int(gb * GB)) for day, gb in zip(days, used, strict=True)]


@pytest.mark.parametrize(
    ("used", "days"),
    [
        ((), None),
        ((0.5,), None),
        ((0.5, 0.5, 0.5), None),
        ((0.5, 0.4, 0.3), None),
        ((0.1, 0.2, 0.3), 7),
        ((0.3, 0.4, 0.55), 4),  # 0.125 a day: the part of a day counts as one
        ((0.1, 0.3, 0.2, 0.4), 8),  # ups and downs: 0.08 a day
        ((0.1, 0.2, 1.0), 0),
        ((1.2, 1.1, 1.1), 0),  # full, though it shrinks
    ],
)
def test_it_will_be_full_at_the_pace_of_the_days_that_are_known(used: tuple[float, ...], days: int | None) -> None:
    expected = None if days is None else from_expiry(days)
    assert full_on(usages(*used), gb=1) == expected
    assert full_on(usages(*used)[::-1], gb=1) == expected


def test_a_day_beyond_all_planning_is_none() -> None:
    slow = [Usage(day=from_expiry(day), used_bytes=day) for day in range(2)]
    assert full_on(slow, gb=10_000) is None
    assert full_on(slow * 2, gb=10_000) is None


@given(st.integers(1, 50), st.integers(1, GB // 100), st.integers(2, 60), st.integers(0, GB // 10))
def test_steady_growth_is_told_to_the_day(gb: int, daily: int, known: int, first: int) -> None:
    grown = [Usage(day=from_expiry(day), used_bytes=first + day * daily) for day in range(known)]
    day = full_on(grown, gb=gb)
    if day is None:
        assert gb * GB - grown[-1].used_bytes > 36_500 * daily
    else:
        ahead = max((day - EXPIRY).days, known - 1)
        assert first + ahead * daily >= gb * GB
        assert ahead == known - 1 or first + (ahead - 1) * daily < gb * GB
