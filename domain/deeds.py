"""What the sweep of a civil day has to do for a service (the domain, section 4)."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.model import Value
from domain.products import RenewalMode
from domain.services import GRACE, Service, ServiceStatus

FIRST_TRY_DAYS = 7
"""How long before the expiry an automatic renewal is tried for the first time."""


class DeedKind(StrEnum):
    """What a sweep does, in the order in which it does it."""

    RENEWAL = "renewal"
    """Try to charge the next period and move the expiry. Where that works, the rest of the day's deeds is void."""
    NOTICE = "notice"
    """Tell the partner that the service expires."""
    SUSPENSION = "suspension"
    """The last day is over: read-only from now on."""
    EXPORT_OFFER = "export_offer"
    """Tell the partner that the data can still be had."""
    TERMINATION = "termination"
    """The grace is over."""


class Rule(NamedTuple):
    """When deeds of a kind are due: days from the expiry, oldest first."""

    kind: DeedKind
    days: Sequence[int]
    statuses: tuple[ServiceStatus, ...] = (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)
    pointless_after: int | None = None
    """The last day on which it is worth doing. Everything else is made up for, however late."""


_ACTIVE = (ServiceStatus.ACTIVE,)

PLAN = (
    Rule(DeedKind.RENEWAL, range(-FIRST_TRY_DAYS, 1), statuses=_ACTIVE, pointless_after=GRACE.days),
    Rule(DeedKind.NOTICE, (-90, -60, -30, -15, -7, -1), statuses=_ACTIVE, pointless_after=0),
    Rule(DeedKind.SUSPENSION, (1,), statuses=_ACTIVE),
    Rule(DeedKind.EXPORT_OFFER, (60, 83), pointless_after=GRACE.days),
    Rule(DeedKind.TERMINATION, (GRACE.days + 1,)),
)
"""What happens at the end of a day is done by the sweep of the next."""

_FIRST_DAY = min(rule.days[0] for rule in PLAN)

BECOMES = {
    DeedKind.SUSPENSION: ServiceStatus.SUSPENDED,
    DeedKind.TERMINATION: ServiceStatus.TERMINATED,
}
"""The status a service has after a deed, where it is another."""


class Deed(Value):
    """One thing to do. `day` is the civil day it belongs to, which may have passed: its identity, with the service."""

    kind: DeedKind
    day: date


def due(service: Service, *, on: date, done: Collection[Deed]) -> tuple[Deed, ...]:
    """What the sweep of a civil day has to do for a service, in this order.

    `done`: the deeds done so far; those of earlier periods do no harm. A deed is done also if it was a renewal that
    the credit didn't cover. Of a kind that was missed on several days, only the latest is left to do: notices collapse
    into one, tries too. A day swept twice, late or after a later one brings nothing that was done already; the
    last try, if no sweep made it in time, is made before the suspension: no outage suspends what the credit covers.

    Whoever renews asks again with the renewed service: what follows the renewal was for the old expiry.
    """
    offset = (on - service.expires_on).days
    if offset < _FIRST_DAY:
        return ()
    latest = ((rule.kind, _latest(rule, service, offset=offset)) for rule in _rules(service))
    return tuple(Deed(kind=kind, day=day) for kind, day in latest if day and day > _last_done(kind, done))


def next_due_on(service: Service, *, done: Collection[Deed]) -> date | None:
    """The first civil day whose sweep has something to do; None once it is terminated. What a sweep may look for."""
    days = ((rule.kind, _day(service, days)) for rule in _rules(service) for days in rule.days)
    return min((day for kind, day in days if day > _last_done(kind, done)), default=None)


def next_try_on(service: Service, *, today: date) -> date | None:
    """The civil day on which an automatic renewal is charged, if one will be and the credit suffices.

    It is tried daily, so that the next sweep with something to do tries it; if that comes after the expiry, the last
    try was made.
    """
    if all(rule.kind is not DeedKind.RENEWAL for rule in _rules(service)):
        return None
    first = max(_day(service, -FIRST_TRY_DAYS), service.next_due_on or date.min)
    if first > service.expires_on or today > service.grace_ends_on:
        return None
    return max(first, today)


def _rules(service: Service) -> list[Rule]:
    """The rules that hold for a service in its status and mode."""
    tacit = service.renewal_mode is RenewalMode.AUTOMATIC
    return [rule for rule in PLAN if service.status in rule.statuses and (tacit or rule.kind is not DeedKind.RENEWAL)]


def _latest(rule: Rule, service: Service, *, offset: int) -> date | None:
    """The latest day of a rule that has begun, if there is a point in it still."""
    begun = bisect_right(rule.days, offset)
    if not begun or (rule.pointless_after is not None and offset > rule.pointless_after):
        return None
    return _day(service, rule.days[begun - 1])


def _day(service: Service, days: int) -> date:
    return service.expires_on + timedelta(days=days)


def _last_done(kind: DeedKind, done: Collection[Deed]) -> date:
    return max((deed.day for deed in done if deed.kind is kind), default=date.min)
