"""The mails of a service's life, from the words that were frozen when they were queued."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any, assert_never
from uuid import UUID

from domain.mails import MailKind
from domain.products import Product
from domain.service_mails import (
    PARTNER_WORDS,
    SERVICE_WORDS,
    ExpiryNotice,
    ExportOffer,
    LowCreditNotice,
    RenewalFailed,
    Renewed,
    SpaceWarning,
    Suspended,
    Terminated,
)
from emails import services as letters
from emails.compose import Envelope
from emails.services import About


def about_service(
    kind: MailKind, envelope: Envelope, *, words: Mapping[str, Any] | None, number: str, holder: str, product: Product
) -> EmailMessage:
    """A mail about one service: a kind of `SERVICE_WORDS`."""
    about = About(number=number, holder=holder, product=product)
    match said := SERVICE_WORDS[kind].model_validate(words):
        case ExpiryNotice():
            return letters.expiry_notice(envelope, about, said)
        case Renewed():
            return letters.renewed(envelope, about, said)
        case Suspended():
            return letters.suspended(envelope, about, said)
        case ExportOffer():
            return letters.export_offer(envelope, about, said)
        case Terminated():
            return letters.terminated(envelope, about, said)
        case SpaceWarning():
            return letters.space_warning(envelope, about, said)
        case _:
            assert_never(said)


def about_partner(
    kind: MailKind, envelope: Envelope, *, words: Mapping[str, Any] | None, partner: str, orders: Mapping[UUID, About]
) -> EmailMessage:
    """A mail about several services or none: a kind of `PARTNER_WORDS`. `orders`: at least those it tells of."""
    match said := PARTNER_WORDS[kind].model_validate(words):
        case RenewalFailed():
            return letters.renewal_failed(envelope, said, partner=partner, orders=orders)
        case LowCreditNotice():
            return letters.low_credit(envelope, said, partner=partner)
        case _:
            assert_never(said)


def told_of(kind: MailKind, words: Mapping[str, Any] | None) -> list[UUID]:
    """The orders that a mail about a partner tells of, whose names it needs."""
    said = PARTNER_WORDS[kind].model_validate(words)
    return [one.order_id for one in said.left_out] if isinstance(said, RenewalFailed) else []
