"""The mails of an order's life, one function each, named as their templates."""

from datetime import date, datetime
from email.message import EmailMessage

from domain.lifecycle import CancelReason
from domain.products import Product
from emails.compose import Attachment, Envelope, compose


def contract_acceptance(
    envelope: Envelope,
    *contracts: Attachment,
    number: str,
    holder: str,
    partner: str,
    product: Product,
    link: str,
    accept_by: datetime,
) -> EmailMessage:
    """To the titolare: what the partner ordered for them, the contracts, and the link to accept them by."""
    words = {"number": number, "holder": holder, "partner": partner, "product": product, "link": link}
    return compose("contract_acceptance", envelope, *contracts, accept_by=accept_by, **words)


def acceptance_reminder(
    envelope: Envelope, *, number: str, holder: str, partner: str, product: Product, link: str, accept_by: datetime
) -> EmailMessage:
    """To the titolare: we are still waiting, until when."""
    words = {"number": number, "holder": holder, "partner": partner, "product": product, "link": link}
    return compose("acceptance_reminder", envelope, accept_by=accept_by, **words)


def acceptance_receipt(
    envelope: Envelope, *, receipt: Attachment, number: str, holder: str, partner: str, product: Product, link: str
) -> EmailMessage:
    """To titolare and partner: the contracts were accepted; the sealed receipt is attached; where the order is now."""
    words = {"number": number, "holder": holder, "partner": partner, "product": product, "link": link}
    return compose("acceptance_receipt", envelope, receipt, **words)


def order_held(envelope: Envelope, *, number: str, partner: str) -> EmailMessage:
    """To the operators: a titolare doesn't know the partner."""
    return compose("order_held", envelope, number=number, partner=partner)


def order_activated(
    envelope: Envelope, *, number: str, holder: str, product: Product, expires_on: date
) -> EmailMessage:
    """To the partner: the service is active, until when."""
    return compose("order_activated", envelope, number=number, holder=holder, product=product, expires_on=expires_on)


def credentials(
    envelope: Envelope, *, number: str, holder: str, product: Product, username: str, link: str
) -> EmailMessage:
    """To the responsabile della conservazione: the user name, and a one-time link; never a password."""
    words = {"number": number, "holder": holder, "product": product, "username": username, "link": link}
    return compose("credentials", envelope, **words)


def activation_failed(
    envelope: Envelope, *, number: str, holder: str, product: Product, reason: str | None
) -> EmailMessage:
    """To partner and operators: the provider has refused, in its words."""
    return compose("activation_failed", envelope, number=number, holder=holder, product=product, reason=reason)


def order_cancelled(
    envelope: Envelope, *, number: str, holder: str, product: Product, reason: CancelReason, refunded_cents: int
) -> EmailMessage:
    """To the partner: the order is off and the credit is back."""
    words = {"number": number, "holder": holder, "product": product, "reason": reason}
    return compose("order_cancelled", envelope, refunded_cents=refunded_cents, **words)


def order_cancelled_titolare(
    envelope: Envelope, *, number: str, partner: str, product: Product, reason: CancelReason
) -> EmailMessage:
    """To the titolare who had been asked to accept: nothing is left to do."""
    return compose("order_cancelled_titolare", envelope, number=number, partner=partner, product=product, reason=reason)
