"""What can go wrong with a service by design. Like `domain/errors.py`, of which it is a part."""

from dataclasses import dataclass
from datetime import date

from domain.errors import ActionRequired, DomainError, Rejected


def refuse(refusal: DomainError | None) -> None:
    """Raise what a rule has answered, if it has."""
    if refusal is not None:
        raise refusal


class ServiceTerminated(Rejected):
    """The service has ended."""


@dataclass(eq=False, kw_only=True)
class ServiceSuspended(ActionRequired):
    """The service is suspended: it must be renewed first."""

    renewable_until: date


@dataclass(eq=False, kw_only=True)
class RenewalTooEarly(Rejected):
    """The service can't be renewed yet."""

    renewable_from: date


@dataclass(eq=False, kw_only=True)
class ExpiryChanged(Rejected):
    """The service doesn't expire on the day you expected."""

    expires_on: date


class RenewalNotAutomatic(Rejected):
    """The service isn't renewed by itself any more, or for another term."""


@dataclass(eq=False, kw_only=True)
class TermOutOfRange(Rejected):
    """The product can't be renewed for so many years."""

    longest_years: int


@dataclass(eq=False, kw_only=True)
class ProviderRefused(ActionRequired):
    """The provider won't have it, of an account that ought to be live: an operator must clear it up with them first.

    `code` is HTTP's: 404, they know no such account; 409, it isn't live; another, they don't understand us.
    """

    code: int
