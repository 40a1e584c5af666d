"""When contract mails and reminders go out."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import ExtensionTooLong, TooEarlyToResend, TooManyResends
from domain.resends import MAX_MAILS, REMINDER_DAYS, WAITS, days_left, wake_ups, why_no_extension, why_no_resend

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
MINUTES = [15, 15, 15, 60, 60, 60, 1440, 1440, 1440]


def sent(mails: int) -> list[datetime]:
    return [START + timedelta(minutes=sum(MINUTES[:before])) for before in range(mails)]


@pytest.mark.parametrize("mails", range(1, 10))
def test_it_waits_as_long_as_the_domain_says(mails: int) -> None:
    due = sent(mails)[-1] + timedelta(minutes=MINUTES[mails - 1])
    early = why_no_resend(sent(mails), now=due - timedelta(microseconds=1))
    assert isinstance(early, TooEarlyToResend)
    assert early.can_resend_at == due
    assert why_no_resend(sent(mails), now=due) is None


def test_ten_mails_are_all() -> None:
    assert (len(WAITS), MAX_MAILS) == (9, 10)
    for unhurried in (True, False):
        refusal = why_no_resend(sent(10), now=START + timedelta(days=30), unhurried=unhurried)
        assert isinstance(refusal, TooManyResends)


def test_an_operator_need_not_wait() -> None:
    assert why_no_resend(sent(3), now=sent(3)[-1], unhurried=False) is None


def test_it_waits_from_the_last_mail_however_late_that_was() -> None:
    late = [START, START + timedelta(days=5)]
    early = why_no_resend(late, now=late[1])
    assert isinstance(early, TooEarlyToResend)
    assert early.can_resend_at == late[1] + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("days", "time", "due"),
    [
        (REMINDER_DAYS, 90, [3, 8, 13, 18, 83, 90]),
        ((), 90, [83, 90]),
        ((1, 83), 90, [1, 83, 90]),
        ((5, 90, 120), 90, [5, 83, 90]),
        (REMINDER_DAYS, 180, [3, 8, 13, 18, 173, 180]),
    ],
)
def test_reminders_and_the_time_out(days: tuple[int, ...], time: int, due: list[int]) -> None:
    wakes = wake_ups(placed_at=START, accept_by=START + timedelta(days=time), reminder_days=days)
    assert [(at - START).days for at in wakes] == due


def test_nobody_has_more_than_180_days() -> None:
    latest = START + timedelta(days=180)
    assert why_no_extension(placed_at=START, accept_by=latest) is None
    assert days_left(placed_at=START, accept_by=latest - timedelta(days=10)) == 10
    assert days_left(placed_at=START, accept_by=latest - timedelta(hours=23)) == 0
    refusal = why_no_extension(placed_at=START, accept_by=latest + timedelta(microseconds=1))
    assert isinstance(refusal, ExtensionTooLong)
    assert refusal.latest == latest
