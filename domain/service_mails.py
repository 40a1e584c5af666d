"""What the mails of a service's life say: frozen when they are queued, put into words when they leave.

They stand in rows: ids, days, amounts and enums, nobody's data. A field may be added with a default, none may get
stricter.
"""

from datetime import date
from uuid import UUID

from domain.credit import LowCredit
from domain.lifecycle import Actor
from domain.mails import MailKind
from domain.model import Value
from domain.products import RenewalMode
from domain.space import SpaceLevel


class ExpiryNotice(Value):
    """The service expires soon."""

    expires_on: date
    days_left: int
    """On the day it is queued; 0 is today."""
    renewal_mode: RenewalMode
    renews_on: date | None
    """The next try of an automatic renewal; None if the partner has to ask for it, also as the last was in vain."""
    years: int
    price_cents: int
    """The total of the next renewal, for so many years."""
    renewable_until: date
    """The last day of the grace."""


class Renewed(Value):
    """The next period is paid for."""

    expires_on: date
    """The new one."""
    years: int
    price_cents: int
    asked_by: Actor


class Suspended(Value):
    """The last day is over: read-only."""

    expires_on: date
    renewable_until: date
    """The last day of the grace."""


class ExportOffer(Value):
    """The data can still be had."""

    expires_on: date
    ends_on: date
    """The last day on which they can: that of the grace."""


class Terminated(Value):
    """The grace is over."""

    expires_on: date
    ended_on: date
    """The last day of the grace."""


class SpaceWarning(Value):
    """The space is nearly or wholly used."""

    level: SpaceLevel
    gb: int
    """What there is in all."""
    used_bytes: int
    full_on: date | None
    """The forecast, if it grows."""


class LeftOut(Value):
    """A renewal that the credit didn't cover."""

    order_id: UUID
    expires_on: date
    price_cents: int
    renewable_until: date | None = None
    """The last day of the grace, if this was the last try; None if tomorrow's sweep tries again."""


class RenewalFailed(Value):
    """A sweep's renewals of one partner that the credit didn't cover."""

    missing_cents: int
    """How much more would cover them all."""
    balance_cents: int
    """What is left after the renewals that it did cover."""
    left_out: tuple[LeftOut, ...]


class LowCreditNotice(Value):
    """The credit is low."""

    why: LowCredit
    balance_cents: int
    threshold_cents: int | None
    """The partner's own, if they have set one."""
    next_30_days_cents: int
    """What the automatic renewals of the next 30 days take."""


ServiceWords = ExpiryNotice | Renewed | Suspended | ExportOffer | Terminated | SpaceWarning
"""To the partner, about one service."""

PartnerWords = RenewalFailed | LowCreditNotice
"""To the partner, about several services or none."""

SERVICE_WORDS: dict[MailKind, type[ServiceWords]] = {
    MailKind.EXPIRY_NOTICE: ExpiryNotice,
    MailKind.RENEWED: Renewed,
    MailKind.SUSPENDED: Suspended,
    MailKind.EXPORT_OFFER: ExportOffer,
    MailKind.TERMINATED: Terminated,
    MailKind.SPACE_WARNING: SpaceWarning,
}

PARTNER_WORDS: dict[MailKind, type[PartnerWords]] = {
    MailKind.RENEWAL_FAILED: RenewalFailed,
    MailKind.LOW_CREDIT: LowCreditNotice,
}
