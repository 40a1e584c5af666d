"""The mails of a service's life, all to the partner: one function each, named as their templates."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import NamedTuple
from uuid import UUID

from domain.products import Product
from domain.service_mails import (
    ExpiryNotice,
    ExportOffer,
    LowCreditNotice,
    RenewalFailed,
    Renewed,
    SpaceWarning,
    Suspended,
    Terminated,
)
from domain.services import GRACE
from emails.compose import Envelope, compose


class About(NamedTuple):
    """The service that a mail is about: its order's number, whose it is, what it is."""

    number: str
    holder: str
    product: Product


def expiry_notice(envelope: Envelope, about: About, said: ExpiryNotice) -> EmailMessage:
    """When it expires, whether it renews itself, at what price, and what happens otherwise."""
    return compose("expiry_notice", envelope, **about._asdict(), **dict(said))


def renewed(envelope: Envelope, about: About, said: Renewed) -> EmailMessage:
    """The new expiry and what it cost."""
    return compose("renewed", envelope, **about._asdict(), **dict(said))


def suspended(envelope: Envelope, about: About, said: Suspended) -> EmailMessage:
    """It is read-only, and until when it can be renewed."""
    return compose("suspended", envelope, **about._asdict(), **dict(said))


def export_offer(envelope: Envelope, about: About, said: ExportOffer) -> EmailMessage:
    """Renew it or take the data along, until when."""
    return compose("export_offer", envelope, **about._asdict(), **dict(said))


def terminated(envelope: Envelope, about: About, said: Terminated) -> EmailMessage:
    """It has ended for good."""
    return compose("terminated", envelope, **about._asdict(), **dict(said))


def space_warning(envelope: Envelope, about: About, said: SpaceWarning) -> EmailMessage:
    """How much is used, when it will be full, or that it is and read-only."""
    return compose("space_warning", envelope, **about._asdict(), **dict(said))


def renewal_failed(
    envelope: Envelope, said: RenewalFailed, *, partner: str, orders: Mapping[UUID, About]
) -> EmailMessage:
    """Which renewals the credit didn't cover, how much is missing, what happens now. `orders`: at least those."""
    return compose("renewal_failed", envelope, partner=partner, orders=orders, grace_days=GRACE.days, **dict(said))


def low_credit(envelope: Envelope, said: LowCreditNotice, *, partner: str) -> EmailMessage:
    """What the credit is, and what it falls short of."""
    return compose("low_credit", envelope, partner=partner, **dict(said))
