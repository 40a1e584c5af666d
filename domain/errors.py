"""Everything that can go wrong by design; with services, books and documents, in files of their own beside this one.

The class name is the Temporal failure type and the end of the API's `type`; the docstring is the
title; the fields are the facts. Words for people are added at the edge, in `front/problems.py`.
Facts are ids, amounts, instants and enums: they travel through workflow histories.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import TypeAdapter


@dataclass(eq=False, kw_only=True)
class DomainError(Exception):
    """Something the business expects to go wrong."""

    @property
    def facts(self) -> dict[str, Any]:
        """The fields, as plain JSON values."""
        facts: dict[str, Any] = TypeAdapter(dict[str, Any]).dump_python(asdict(self), mode="json")
        return facts

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Self:
        """The error whose `facts` these are."""
        return TypeAdapter(cls).validate_python(facts)

    @property
    def title(self) -> str:
        """The first line of the class's docstring."""
        return (type(self).__doc__ or "").split("\n", 1)[0]

    def __str__(self) -> str:
        return self.title


class Rejected(DomainError):
    """Asking again won't help."""


class Unavailable(DomainError):
    """Something is out of reach just now: the only family worth asking again."""


class ActionRequired(DomainError):
    """Someone must act first."""


# Who asks


class Unauthenticated(Rejected):
    """The API key is missing, unknown or revoked."""


class OnlyOperators(Rejected):
    """Only an operator may do this."""


class OnlyPartners(Rejected):
    """Only a partner may do this."""


# What is asked for


@dataclass(eq=False, kw_only=True)
class TitolareNotFound(Rejected):
    """There is no such titolare."""

    titolare_id: UUID


@dataclass(eq=False, kw_only=True)
class TitolareInUse(ActionRequired):
    """An order of the titolare's must end first, and its service too."""

    order_id: UUID
    number: str


@dataclass(eq=False, kw_only=True)
class OrderNotFound(Rejected):
    """There is no such order."""

    order_id: UUID


@dataclass(eq=False, kw_only=True)
class ServiceNotFound(Rejected):
    """There is no such service."""

    service_id: UUID


@dataclass(eq=False, kw_only=True)
class PartnerNotFound(Rejected):
    """There is no such partner."""

    partner_id: UUID


class TokenDead(Rejected):
    """The acceptance link is no longer valid."""


# Placing an order


@dataclass(eq=False, kw_only=True)
class TitolareMayNotOrder(Rejected):
    """The titolare can't hold the product that was ordered."""

    titolare_id: UUID
    missing: str


@dataclass(eq=False, kw_only=True)
class InsufficientCredit(ActionRequired):
    """The partner's credit doesn't cover the price."""

    missing_cents: int


@dataclass(eq=False, kw_only=True)
class DuplicateOpenOrder(Rejected):
    """The holder already has a live order for this product."""

    order_id: UUID | None
    """Absent when the other order is another partner's."""


@dataclass(eq=False, kw_only=True)
class PriceChanged(Rejected):
    """The price isn't the one you expected."""

    total_cents: int


class NoPriceList(ActionRequired):
    """No price list is in force."""


@dataclass(eq=False, kw_only=True)
class PriceListInForce(Rejected):
    """A price list may only take effect on a day to come: what is in force has priced orders."""

    today: date


class IdempotencyKeyMissing(Rejected):
    """The Idempotency-Key header is missing or malformed."""


class IdempotencyKeyReused(Rejected):
    """The Idempotency-Key was used with another request."""


# An order's life


class NotAwaitingDocuments(Rejected):
    """The order isn't waiting for the contract to be accepted."""


class OrderHeld(ActionRequired):
    """The titolare doesn't know the partner: an operator must release the order first."""


class OrderNotHeld(Rejected):
    """The order isn't held."""


class ContactsChanged(Rejected):
    """Somebody else has mended the addresses, or mailed them, since they were read."""


@dataclass(eq=False, kw_only=True)
class TooEarlyToResend(Rejected):
    """The last mail is too recent."""

    can_resend_at: datetime


class TooManyResends(Rejected):
    """The ten mails that are allowed are used up."""


class NotAccepted(Rejected):
    """The titolare hasn't accepted the order."""


@dataclass(eq=False, kw_only=True)
class ExtensionTooLong(Rejected):
    """The titolare would have more time than anybody may have."""

    latest: datetime


@dataclass(eq=False, kw_only=True)
class ResponsabileNotEligible(Rejected):
    """A chosen titolare can't be a responsabile."""

    titolare_id: UUID
    role: str
    missing: str


class ResponsabiliNotAssignable(Rejected):
    """The responsabili can no longer be changed."""


class DocumentsClosed(Rejected):
    """No more documents can be added to this order."""


class OrderNotCancellable(Rejected):
    """The order can no longer be cancelled."""


class NotActivationFailed(Rejected):
    """There is no failed activation to retry."""


# Money


class ReferenceAlreadyUsed(Rejected):
    """A top-up with this reference exists already."""


# What is out of reach


class DatabaseUnavailable(Unavailable):
    """The database is out of reach."""


class EngineUnavailable(Unavailable):
    """The order engine didn't answer in time."""


@dataclass(eq=False, kw_only=True)
class MailServerUnavailable(Unavailable):
    """The mail server is out of reach, or asks to try later."""

    code: int | None = None


@dataclass(eq=False, kw_only=True)
class ProviderUnavailable(Unavailable):
    """The provider is out of reach, or fails."""

    code: int | None = None


@dataclass(eq=False, kw_only=True)
class TimestampUnavailable(Unavailable):
    """The time-stamping authority is out of reach, or gives no stamp."""

    code: int | None = None


class SealNotValid(Unavailable):
    """The certificate in DOCFLY_SEAL_KEY isn't valid now: put a valid one in its place, and start the worker anew."""


class ReceiptPending(Unavailable):
    """The receipt isn't sealed yet."""


class AccountPending(Unavailable):
    """The provider hasn't opened the account yet."""


def by_name() -> dict[str, type[DomainError]]:
    """Every concrete error by its wire name."""
    from domain import document_errors, money_errors, service_errors  # noqa: F401 # their errors are among them

    families = (Rejected, Unavailable, ActionRequired)
    return {error.__name__: error for family in families for error in family.__subclasses__()}
