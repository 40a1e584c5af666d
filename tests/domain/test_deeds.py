"""What the sweep of a day has to do for a service: each deed on its day, once, and after an outage too."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import add_years
from domain.deeds import BECOMES, PLAN, Deed, DeedKind, due, next_due_on, next_try_on
from domain.products import RenewalMode
from domain.services import Service, ServiceStatus, next_period, renewed
from tests.domain.keeping import EXPIRY, a_service, from_expiry

AUTOMATIC, ON_REQUEST = RenewalMode
RENEWAL, NOTICE, SUSPENSION, EXPORT_OFFER, TERMINATION = DeedKind
SUSPENDED, TERMINATED = ServiceStatus.SUSPENDED, ServiceStatus.TERMINATED


def told(service: Service, *, days: int, done: tuple[Deed, ...] = ()) -> list[tuple[DeedKind, int]]:
    """What is due some days from the expiry: kinds, and the days from the expiry they belong to."""
    return [(deed.kind, (deed.day - EXPIRY).days) for deed in due(service, on=from_expiry(days), done=done)]


def did(*deeds: tuple[DeedKind, int]) -> tuple[Deed, ...]:
    return tuple(Deed(kind=kind, day=from_expiry(days)) for kind, days in deeds)


def played(service: Service, *, days: range) -> list[tuple[int, DeedKind]]:
    """A life without credit, swept daily."""
    done: set[Deed] = set()
    log = []
    for day in days:
        for deed in due(service, on=from_expiry(day), done=done):
            done.add(deed)
            log.append((day, deed.kind))
            service = service.model_copy(update={"status": BECOMES.get(deed.kind, service.status)})
    return log


NOTICES = [(day, NOTICE) for day in (-90, -60, -30, -15, -7, -1)]
END = [(1, SUSPENSION), (60, EXPORT_OFFER), (83, EXPORT_OFFER), (91, TERMINATION)]


def test_a_life_without_a_renewal_on_request() -> None:
    assert played(a_service(renewal_mode=ON_REQUEST), days=range(-365, 365)) == NOTICES + END


def test_a_life_without_the_credit_for_an_automatic_renewal() -> None:
    log = played(a_service(), days=range(-365, 365))
    assert [(day, kind) for day, kind in log if kind is RENEWAL] == [(day, RENEWAL) for day in range(-7, 1)]
    assert [entry for entry in log if entry[1] is not RENEWAL] == NOTICES + END


def test_a_renewal_is_tried_before_anything_else_is_done() -> None:
    assert told(a_service(), days=-7) == [(RENEWAL, -7), (NOTICE, -7)]
    assert told(a_service(), days=5) == [(RENEWAL, 0), (SUSPENSION, 1)]


@pytest.mark.parametrize(
    ("days", "done", "left"),
    [
        (-8, (), [(NOTICE, -15)]),  # those of 90, 60 and 30 days collapse into it
        (-8, [(NOTICE, -15)], []),
        (-20, [(NOTICE, -15)], []),  # an older day, swept late
        (0, [(NOTICE, -7)], [(NOTICE, -1)]),
        (1, [(NOTICE, -7)], [(SUSPENSION, 1)]),  # no notice of what has happened
        (70, (), [(SUSPENSION, 1), (EXPORT_OFFER, 60)]),
        (90, (), [(SUSPENSION, 1), (EXPORT_OFFER, 83)]),
        (91, (), [(SUSPENSION, 1), (TERMINATION, 91)]),
    ],
)
def test_what_was_missed_is_made_up_for_once(
    days: int, done: list[tuple[DeedKind, int]], left: list[tuple[DeedKind, int]]
) -> None:
    assert told(a_service(renewal_mode=ON_REQUEST), days=days, done=did(*done)) == left


@pytest.mark.parametrize(
    ("days", "tried", "left"),
    [
        (-8, None, []),
        (-7, None, [-7]),
        (-7, -7, []),
        (-3, -7, [-3]),  # four days were missed: one try
        (-5, -3, []),
        (0, -1, [0]),
        (4, 0, []),  # the last try was made in time
        (4, -1, [0]),  # it wasn't: once more before the suspension
        (90, None, [0]),
        (91, None, []),  # nobody may renew it any more
    ],
)
def test_a_renewal_is_tried_daily_and_no_outage_takes_the_last_try_away(
    days: int, tried: int | None, left: list[int]
) -> None:
    done = did(*([] if tried is None else [(RENEWAL, tried)]), (NOTICE, 0))
    assert [day for kind, day in told(a_service(), days=days, done=done) if kind is RENEWAL] == left


@pytest.mark.parametrize(
    ("days", "done", "left"),
    [
        (59, (), []),
        (60, (), [(EXPORT_OFFER, 60)]),
        (85, [(EXPORT_OFFER, 60)], [(EXPORT_OFFER, 83)]),
        (90, [(EXPORT_OFFER, 83)], []),
        (91, (), [(TERMINATION, 91)]),
        (5_000, [(SUSPENSION, 1)], [(TERMINATION, 91)]),
    ],
)
def test_who_is_suspended_is_offered_an_export_and_then_terminated(
    days: int, done: list[tuple[DeedKind, int]], left: list[tuple[DeedKind, int]]
) -> None:
    assert told(a_service(status=SUSPENDED), days=days, done=did(*done)) == left


def test_a_sweep_that_was_broken_off_goes_on_where_it_was() -> None:
    whole = told(a_service(), days=-1)
    assert whole == [(RENEWAL, -1), (NOTICE, -1)]
    assert told(a_service(), days=-1, done=did(*whole[:1])) == whole[1:]
    assert told(a_service(), days=95, done=did((RENEWAL, 0))) == [(SUSPENSION, 1), (TERMINATION, 91)]
    assert told(a_service(status=SUSPENDED), days=95, done=did((RENEWAL, 0), (SUSPENSION, 1))) == [(TERMINATION, 91)]


@given(st.integers(-400, 4_000))
def test_nothing_is_done_to_what_has_ended(days: int) -> None:
    assert told(a_service(status=TERMINATED), days=days) == []
    assert next_due_on(a_service(status=TERMINATED), done=()) is None


def test_deeds_of_an_earlier_period_do_no_harm() -> None:
    earlier = did(*((rule.kind, day) for rule in PLAN for day in rule.days))
    service = renewed(a_service(), period=next_period(a_service(), years=1))
    for day in (service.expires_on + timedelta(days=days) for days in range(-100, 101)):
        assert due(service, on=day, done=earlier) == due(service, on=day, done=())


@pytest.mark.parametrize(
    ("changes", "days", "tried_on"),
    [
        ({}, -300, -7),
        ({}, -7, -7),
        ({}, -2, -2),
        ({}, 3, 3),
        ({}, 91, None),  # nobody may renew it any more
        ({"renewal_mode": ON_REQUEST}, -300, None),
        ({"status": SUSPENDED}, 3, None),
        ({"status": TERMINATED}, 300, None),
    ],
)
def test_the_day_of_the_next_try(changes: dict[str, Any], days: int, tried_on: int | None) -> None:
    expected = None if tried_on is None else from_expiry(tried_on)
    assert next_try_on(a_service(**changes), today=from_expiry(days)) == expected


@pytest.mark.parametrize("first_sweep", [*range(-100, 92)])
def test_the_day_of_the_next_try_knows_what_was_tried_in_vain(first_sweep: int) -> None:
    service, done = a_service(), set[Deed]()
    for day in range(first_sweep, 92):
        deeds = due(service, on=from_expiry(day), done=done)
        known = service.model_copy(update={"next_due_on": next_due_on(service, done=done)})
        if any(deed.kind is RENEWAL for deed in deeds):
            assert next_try_on(known, today=from_expiry(day)) == from_expiry(day)
        else:
            assert next_try_on(known, today=from_expiry(day)) != from_expiry(day)
        for deed in deeds:
            done.add(deed)
            service = service.model_copy(update={"status": BECOMES.get(deed.kind, service.status)})


SERVICES = st.builds(
    lambda mode, status: a_service(renewal_mode=mode, status=status),
    st.sampled_from(RenewalMode),
    st.sampled_from(ServiceStatus),
)
DONE = st.lists(
    st.builds(
        lambda rule, pick: Deed(kind=rule.kind, day=from_expiry(rule.days[pick % len(rule.days)])),
        st.sampled_from(PLAN),
        st.integers(0, 100),
    ),
    max_size=5,
)


@given(SERVICES, DONE)
def test_the_next_day_with_something_due_is_known_beforehand(service: Service, done: list[Deed]) -> None:
    if service.status is ServiceStatus.ACTIVE:
        done = [deed for deed in done if deed.kind is not SUSPENSION]
    done = [deed for deed in done if deed.kind is not TERMINATION]
    first = next_due_on(service, done=done)
    for days in range(-100, 120):
        on = from_expiry(days)
        assert bool(due(service, on=on, done=done)) is (first is not None and on >= first)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)) | st.just(date(2024, 2, 29)), st.integers(1, 10))
def test_from_one_due_day_to_the_next_twenty_periods_are_renewed_without_drift(start: date, years: int) -> None:
    service, done = a_service(starts_on=start, years=years), set[Deed]()
    for n in range(2, 22):
        while service.expires_on == add_years(start, years=years * (n - 1)):
            on = next_due_on(service, done=done)
            assert on is not None
            deed, *_ = due(service, on=on, done=done)
            done.add(deed)
            if deed.kind is RENEWAL:
                service = renewed(service, period=next_period(service, years=years))
        assert service.expires_on == add_years(start, years=years * n)
