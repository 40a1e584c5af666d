"""Italian words that mails, pages and answers share."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import words
from domain.lifecycle import CancelReason, Status
from domain.prices import Item
from domain.products import Product, RenewalMode


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Product, words.PRODUCT_NAMES),
        (Status, words.STATUS_LABELS),
        (CancelReason, words.CANCEL_REASONS),
        (Item, words.ITEM_NAMES),
        (RenewalMode, words.RENEWAL_MODES),
    ],
)
def test_everything_has_its_word(kind: type[StrEnum], names: dict[StrEnum, str]) -> None:
    assert set(names) == set(kind)
    assert all(names.values())
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (99, "0,99 €"),
        (100, "1,00 €"),
        (99_999, "999,99 €"),
        (123_450, "1.234,50 €"),
        (-5, "-0,05 €"),
        (-100_000_000, "-1.000.000,00 €"),
    ],
)
def test_euros_are_as_italians_write_them(cents: int, text: str) -> None:
    assert words.euro(cents) == text


@given(st.integers(-(10**15), 10**15))
def test_no_cent_is_lost_on_the_way(cents: int) -> None:
    text = words.euro(cents)
    assert re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d{2} €", text)
    assert int(re.sub(r"[.,€ ]", "", text)) == cents


def test_a_day_is_as_italians_write_it() -> None:
    assert words.giorno(date(2026, 3, 1)) == "01/03/2026"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 5, 30, 7, 12, 59, tzinfo=UTC), "ore 09:12 del 30/05/2026"),
        (datetime(2026, 12, 31, 23, 5, tzinfo=UTC), "ore 00:05 del 01/01/2027"),
    ],
)
def test_a_time_ends_at_an_hour_in_rome(at: datetime, text: str) -> None:
    assert words.termine(at) == text


def test_years_agree_with_their_number() -> None:
    assert [words.anni(years) for years in (1, 2, 10)] == ["1 anno", "2 anni", "10 anni"]


@pytest.mark.parametrize(
    ("used_bytes", "text"),
    [
        (0, "0,0 GB"),
        (99_999_999, "0,0 GB"),
        (3_500_000_000, "3,5 GB"),
        (4_999_999_999, "4,9 GB"),
        (5_000_000_000, "5,0 GB"),
        (1_234_560_000_000, "1.234,5 GB"),
    ],
)
def test_what_is_not_full_never_looks_full(used_bytes: int, text: str) -> None:
    assert words.gigabyte(used_bytes) == text


def test_a_month_is_named_with_its_year() -> None:
    assert [words.mese(date(2026, month, 1)) for month in (1, 11)] == ["gennaio 2026", "novembre 2026"]
