"""Calendar, ledger ids, tokens, words, and how errors travel."""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import words
from domain.calendar import add_years, rome_day
from domain.errors import ActionRequired, Rejected, TooEarlyToResend, Unavailable, by_name
from domain.ledger import SIDES, Account, Cause, transfer_id
from domain.lifecycle import CancelReason, Status
from domain.orders import MAX_WORDS, Recipient, clean_words, contract_mail_id, mail_id
from domain.prices import Item
from domain.products import Product, RenewalMode
from domain.tokens import acceptance_token, fingerprint

ORDER = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-28T22:59:59+00:00", date(2026, 3, 28)),
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-25T21:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
    ],
)
def test_a_day_in_rome_ends_at_its_own_midnight(instant: str, day: date) -> None:
    assert rome_day(datetime.fromisoformat(instant)) == day


def test_a_leap_day_falls_on_the_28th_where_there_is_none() -> None:
    assert add_years(date(2028, 2, 29), years=1) == date(2029, 2, 28)
    assert add_years(date(2028, 2, 29), years=4) == date(2032, 2, 29)
    assert add_years(date(2026, 1, 31), years=10) == date(2036, 1, 31)


@given(st.sampled_from(Cause), st.sampled_from(Cause), st.uuids(), st.uuids())
def test_same_cause_same_id_and_no_other(one: Cause, other: Cause, subject: UUID, another: UUID) -> None:
    same = (one, subject) == (other, another)
    assert (transfer_id(one, subject) == transfer_id(other, another)) is same


def test_a_refund_is_a_charge_the_other_way_round() -> None:
    assert Cause.REFUND.sides == Cause.ORDER.sides[::-1]
    assert set(SIDES) == set(Cause)
    assert Cause.TOP_UP.sides[1] is Account.CREDIT


def test_a_mail_sent_twice_carries_the_same_link_and_no_other_mail_does() -> None:
    first, second = (contract_mail_id(ORDER, number=number, to=Recipient.PEC) for number in (1, 2))
    assert acceptance_token(first, secret="s") == acceptance_token(first, secret="s")
    tokens = {acceptance_token(first, secret="s"), acceptance_token(second, secret="s")}
    tokens.add(acceptance_token(first, secret="t"))
    assert len(tokens) == len({fingerprint(token) for token in tokens}) == 3
    assert all(len(token) == 43 for token in tokens)  # 256 bits
    assert mail_id(ORDER, cause="a") != mail_id(ORDER, cause="b")


@given(st.text(max_size=2_000))
def test_words_from_a_terminal_are_fit_to_be_kept(text: str) -> None:
    kept = clean_words(text)
    if kept is None:
        assert not "".join(c for c in text[:MAX_WORDS] if c.isprintable()).strip() or len(text) > MAX_WORDS
    else:
        assert kept.isprintable()
        assert 0 < len(kept) <= MAX_WORDS
        kept.encode()


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


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0,00 €"), (5, "0,05 €"), (123450, "1.234,50 €"), (-100000000, "-1.000.000,00 €")]
)
def test_euros_as_italians_write_them(cents: int, text: str) -> None:
    assert words.euro(cents) == text
    assert words.giorno(date(2026, 3, 1)) == "01/03/2026"


def test_an_error_survives_the_journey() -> None:
    error = TooEarlyToResend(can_resend_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    told = by_name()["TooEarlyToResend"].from_facts(error.facts)
    assert isinstance(told, TooEarlyToResend)
    assert told.can_resend_at == error.can_resend_at
    assert str(told) == told.title == "The last contract mail is too recent."


def test_every_error_has_a_family_and_a_title() -> None:
    for name, error in by_name().items():
        assert issubclass(error, Rejected | Unavailable | ActionRequired)
        assert name == error.__name__
        assert (error.__doc__ or "").endswith(".")
