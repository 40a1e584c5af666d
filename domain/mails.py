"""The mails we send (the domain, section 8)."""

from enum import StrEnum


class Box(StrEnum):
    """Which of our boxes a mail leaves from: a PEC address refuses ordinary mail."""

    ORDINARY = "ordinary"
    PEC = "pec"


class MailKind(StrEnum):
    """The name of a mail is the name of its template."""

    CONTRACT_ACCEPTANCE = "contract_acceptance"
    ACCEPTANCE_REMINDER = "acceptance_reminder"
    ACCEPTANCE_RECEIPT = "acceptance_receipt"
    ORDER_HELD = "order_held"
    ORDER_ACTIVATED = "order_activated"
    CREDENTIALS = "credentials"
    ACTIVATION_FAILED = "activation_failed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_CANCELLED_TITOLARE = "order_cancelled_titolare"
    EXPIRY_NOTICE = "expiry_notice"
    RENEWED = "renewed"
    RENEWAL_FAILED = "renewal_failed"
    SUSPENDED = "suspended"
    EXPORT_OFFER = "export_offer"
    TERMINATED = "terminated"
    SPACE_WARNING = "space_warning"
    LOW_CREDIT = "low_credit"
