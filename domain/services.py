"""The life of a service: whose move it is, its periods, and what may be done when (the domain, section 4)."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import NonNegativeInt, PositiveInt

from domain.calendar import add_years
from domain.errors import DomainError
from domain.model import Value
from domain.products import LONGEST_TERM_YEARS, Options, Quotas, RenewalMode
from domain.service_errors import (
    ExpiryChanged,
    RenewalTooEarly,
    ServiceSuspended,
    ServiceTerminated,
    TermOutOfRange,
)

RENEWABLE = timedelta(days=90)
"""How long before the expiry a renewal may be asked for."""
GRACE = timedelta(days=90)
"""How long after the expiry it may still be, and the data are kept."""


class ServiceStatus(StrEnum):
    """Where a service stands."""

    ACTIVE = "active"
    """Nobody's move until the expiry is near; then ours (*tacito*) or the partner's (*a scadenza*): renew."""
    SUSPENDED = "suspended"
    """The partner's move: renew before the grace is over. Read-only until then."""
    TERMINATED = "terminated"
    """Nobody's move: final."""


class StatusReason(StrEnum):
    """Why a service is not, or not wholly, at work."""

    EXPIRED = "expired"
    """Suspended: its last day passed without a renewal."""
    GRACE_ENDED = "grace_ended"
    """Terminated: so did the grace."""
    SPACE_FULL = "space_full"
    """Active, but read-only until more space is bought."""


class Service(Value):
    """What an activated order left, as far as time and money go. Dates are civil dates in Rome."""

    id: UUID
    status: ServiceStatus = ServiceStatus.ACTIVE
    starts_on: date
    """The first day: every expiry is anchored to it."""
    expires_on: date
    """The last day that is paid for."""
    renewal_mode: RenewalMode
    renewal_years: PositiveInt
    """How long the next automatic renewal lasts."""
    options: Options
    """As ordered; their mode and years were those of the first term."""
    added_gb: NonNegativeInt = 0
    """Bought since."""
    next_due_on: date | None = None
    """The first day whose sweep has something to do for it, as far as that was written down."""

    @property
    def renewable_from(self) -> date:
        """The first day on which a renewal may be asked for."""
        return self.expires_on - RENEWABLE

    @property
    def grace_ends_on(self) -> date:
        """The last day on which it may be."""
        return self.expires_on + GRACE

    @property
    def quotas(self) -> Quotas:
        """What the provider is to grant."""
        ordered = self.options.quotas
        return ordered.model_copy(update={"gb": ordered.gb + self.added_gb})


class AccountState(StrEnum):
    """How the provider keeps a live account."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Read-only."""


class AccountWish(Value):
    """How the provider is to keep a service's account: whatever of it changed, it is told the whole."""

    state: AccountState
    quotas: Quotas

    @classmethod
    def of(cls, service: Service, *, is_full: bool) -> "AccountWish":
        """Read-only while it isn't paid for, and while it is full."""
        works = service.status is ServiceStatus.ACTIVE and not is_full
        return cls(state=AccountState.ACTIVE if works else AccountState.SUSPENDED, quotas=service.quotas)


class Period(Value):
    """What one renewal pays for: from the old expiry to the new one. A service has one renewal per start."""

    start: date
    end: date


def next_period(service: Service, *, years: int) -> Period:
    """The period of the next renewal, however early or late it is charged."""
    end = add_years(service.expires_on, years=years, anchor=service.starts_on)
    return Period(start=service.expires_on, end=end)


def renewal_id(service_id: UUID, *, period_start: date) -> UUID:
    """One id for one renewal, derived from service and period: a second charge of it is no charge."""
    return uuid5(service_id, f"renewal:{period_start}")


def renewed(service: Service, *, period: Period) -> Service:
    """The service after a renewal: also one that was suspended is active again."""
    return service.model_copy(update={"expires_on": period.end, "status": ServiceStatus.ACTIVE})


class ServiceAction(StrEnum):
    """What people may do with a service."""

    RENEW = "renew"
    BUY_SPACE = "buy_space"
    CHANGE_RENEWAL = "change_renewal"
    """Mode and years."""
    MAIL_CREDENTIALS = "mail_credentials"


ALLOWED: dict[ServiceAction, frozenset[ServiceStatus]] = {
    ServiceAction.RENEW: frozenset({ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED}),
    ServiceAction.BUY_SPACE: frozenset({ServiceStatus.ACTIVE}),
    ServiceAction.CHANGE_RENEWAL: frozenset({ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED}),
    ServiceAction.MAIL_CREDENTIALS: frozenset({ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED}),
}


def status_on(service: Service, *, on: date) -> ServiceStatus:
    """The status that the dates give on a civil day, which the sweep of that day may still have to write down."""
    if service.status is ServiceStatus.TERMINATED or on > service.grace_ends_on:
        return ServiceStatus.TERMINATED
    return ServiceStatus.SUSPENDED if on > service.expires_on else service.status


def status_reason(status: ServiceStatus, *, is_full: bool) -> StatusReason | None:
    """Why a service is not wholly at work, if so."""
    if status is ServiceStatus.ACTIVE:
        return StatusReason.SPACE_FULL if is_full else None
    return StatusReason.EXPIRED if status is ServiceStatus.SUSPENDED else StatusReason.GRACE_ENDED


def why_not(action: ServiceAction, service: Service, *, on: date) -> DomainError | None:
    """The error that says why the status forbids an action on a civil day, if it does."""
    status = status_on(service, on=on)
    if status in ALLOWED[action]:
        return None
    if status is ServiceStatus.TERMINATED:
        return ServiceTerminated()
    return ServiceSuspended(renewable_until=service.grace_ends_on)


def why_no_term(service: Service, *, years: int) -> DomainError | None:
    """The error that says why a term can't last some years, if it can't."""
    longest = LONGEST_TERM_YEARS[service.options.product]
    return None if 1 <= years <= longest else TermOutOfRange(longest_years=longest)


def why_no_renewal(service: Service, *, years: int, expires_on: date, on: date) -> DomainError | None:
    """The error that says why a renewal can't be asked for on a civil day, if it can't.

    `expires_on`: the expiry that whoever asks has seen. A second click meets another one. What a sweep of a day to
    come has suspended is never too early.
    """
    if (ended := why_not(ServiceAction.RENEW, service, on=on)) is not None:
        return ended
    if expires_on != service.expires_on:
        return ExpiryChanged(expires_on=service.expires_on)
    if service.status is ServiceStatus.ACTIVE and on < service.renewable_from:
        return RenewalTooEarly(renewable_from=service.renewable_from)
    return why_no_term(service, years=years)
