"""A year around an expiry, with outages, repeats and delays: one renewal a period, and the same end as without them."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.calendar import add_years
from domain.deeds import BECOMES, Deed, DeedKind, due
from domain.products import RenewalMode
from domain.services import GRACE, ServiceStatus, next_period, renewed, why_no_renewal
from tests.domain.keeping import a_service

FIRST, LAST = -100, 265  # days from the expiry: a year in all
NOTICE_DAYS = (-90, -60, -30, -15, -7, -1)
NEVER = 10**6


class Recovery(Enum):
    """What is swept when an outage is over."""

    TODAY_ONLY = "today only"
    BACKFILL = "every missed day, then today"
    BACKWARDS = "today, then every missed day, the newest first"


class Case(NamedTuple):
    start: date
    years: int
    mode: RenewalMode
    outages: list[tuple[int, int]]
    """First day and length."""
    recovery: Recovery
    credit_from: int
    """The day from which on the credit suffices for automatic renewals."""
    asked_on: int
    """The day on which the partner asks for a renewal, after the sweep. Their credit suffices."""
    end: int


class Life:
    """What a sweep's caller does, in memory."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.service = a_service(starts_on=case.start, years=case.years, renewal_mode=case.mode)
        self.expiry = self.service.expires_on
        self.done: set[Deed] = set()
        self.charged: list[date] = []
        self.tries: list[int] = []
        self.notices: list[int] = []

    def day(self, day: int) -> date:
        return self.expiry + timedelta(days=day)

    def sweep(self, nominal: int, *, today: int) -> None:
        on = self.day(max(nominal, today))  # what was missed is done as of today
        deeds = due(self.service, on=on, done=self.done)
        for deed in deeds:
            assert deed not in self.done
            self.done.add(deed)
            self.service = self.service.model_copy(update={"status": BECOMES.get(deed.kind, self.service.status)})
            if deed.kind is DeedKind.NOTICE:
                self.notices.append(today)
            if deed.kind is DeedKind.RENEWAL:
                self.tries.append(today)
                if today >= self.case.credit_from:
                    self.charge(self.expiry)
                    break
        assert not deeds or due(self.service, on=on, done=self.done) == ()

    def ask(self, today: int) -> None:
        on = self.day(today)
        if why_no_renewal(self.service, years=self.case.years, expires_on=self.expiry, on=on) is None:
            self.charge(self.expiry)
            assert why_no_renewal(self.service, years=self.case.years, expires_on=self.expiry, on=on) is not None

    def charge(self, start: date) -> None:
        period = next_period(self.service, years=self.case.years)
        assert period.start == start
        assert start not in self.charged
        self.charged.append(start)
        self.service = renewed(self.service, period=period)


def swept_days(case: Case) -> list[int]:
    """The days on which something sweeps; the last one is always among them."""
    down = {day for first, length in case.outages for day in range(first, first + length)}
    return [day for day in range(FIRST, case.end + 1) if day not in down or day == case.end]


def play(case: Case) -> Life:
    life, before = Life(case), FIRST - 1
    swept = set(swept_days(case))
    for today in range(FIRST, case.end + 1):
        if today in swept:
            for nominal in _nominal_days(case.recovery, missed=range(before + 1, today), today=today):
                life.sweep(nominal, today=today)
            before = today
        if today == case.asked_on:
            life.ask(today)
    return life


def _nominal_days(recovery: Recovery, *, missed: Sequence[int], today: int) -> list[int]:
    match recovery:
        case Recovery.TODAY_ONLY:
            return [today]
        case Recovery.BACKFILL:
            return [*missed, today]
        case Recovery.BACKWARDS:
            return [today, *reversed(missed)]


def tries_of(case: Case, *, swept: list[int]) -> list[int]:
    """The days on which an automatic renewal is tried if none works: the window's, and one more if its end was lost."""
    if case.mode is not RenewalMode.AUTOMATIC:
        return []
    late = [day for day in swept if day > 0][:1] if 0 not in swept else []
    late = [day for day in late if day <= GRACE.days]  # then nobody may renew it any more
    return [day for day in swept if -7 <= day <= 0] + late


def _paid(case: Case, tries: list[int]) -> list[int]:
    """The tries that the credit covers."""
    return [day for day in tries if day >= case.credit_from]


def renewed_on(case: Case, *, tries: list[int]) -> int:
    """The day on which the period is charged."""
    by_sweep = min(_paid(case, tries), default=NEVER)
    by_request = case.asked_on if -90 <= case.asked_on <= min(90, case.end) else NEVER
    return min(by_sweep, by_request)


DAYS = st.integers(FIRST, 100)
CASES = st.builds(
    Case,
    start=st.integers(0, 80 * 365).map(lambda days: date(2000, 1, 1) + timedelta(days=days)),
    years=st.integers(1, 10),
    mode=st.sampled_from(RenewalMode),
    outages=st.lists(st.tuples(DAYS, st.integers(1, 130)), max_size=2),
    recovery=st.sampled_from(Recovery),
    credit_from=st.sampled_from([FIRST, *range(-8, 20), NEVER]),
    asked_on=st.sampled_from([*range(-100, 100), *[NEVER] * 200]),
    end=st.sampled_from([*range(-10, 100), *[LAST] * 100]),
)
THE_WHOLE_WINDOW = Case(
    date(2024, 2, 29), 1, RenewalMode.AUTOMATIC, [(-8, 130)], Recovery.TODAY_ONLY, FIRST, NEVER, LAST
)


@settings(max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(CASES)
@example(THE_WHOLE_WINDOW)
def test_a_year_with_outages_ends_as_one_without(case: Case) -> None:
    life, swept = play(case), swept_days(case)
    tries = tries_of(case, swept=swept)
    day = renewed_on(case, tries=tries)
    # one renewal, its expiry counted from the old one; or none, and the status of the day
    assert life.charged == [life.expiry] * (day != NEVER)
    if day != NEVER:
        assert life.service.status is ServiceStatus.ACTIVE
        assert life.service.expires_on == add_years(case.start, years=2 * case.years)
    else:
        assert life.service.status is _status(case.end)
        assert life.service.expires_on == life.expiry
    # tried as often as there were days for it, and each notice once
    if case.recovery is not Recovery.BACKFILL:
        assert life.tries == [one for one in tries if one <= day]
        assert life.notices == _notices([one for one in swept if one < day or (one == day not in _paid(case, tries))])


def _status(day: int) -> ServiceStatus:
    if day <= 0:
        return ServiceStatus.ACTIVE
    return ServiceStatus.SUSPENDED if day <= 90 else ServiceStatus.TERMINATED


def _notices(swept: list[int]) -> list[int]:
    """The first swept day since each day of notice, if it came before the next such day."""
    told: dict[int, int] = {}
    for day in swept:
        if -90 <= day <= 0:
            told.setdefault(max(notice for notice in NOTICE_DAYS if notice <= day), day)
    return list(told.values())
