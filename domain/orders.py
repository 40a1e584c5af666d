"""What travels through an order's workflow: ids, amounts, instants and enums, nobody's data.

These values live in histories for weeks: a field may be added with a default, none may get stricter.
"""

from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import AwareDatetime, StrictBool

from domain.lifecycle import Actor, CancelReason, Status
from domain.model import Value
from domain.products import Options
from domain.resends import REMINDER_DAYS


class Order(Value):
    """An order as it was asked for. `external_id` is the partner's own text, so it is kept as a note."""

    order_id: UUID
    partner_id: UUID
    titolare_id: UUID
    options: Options
    expected_total_cents: int | None = None
    external_id_note: UUID | None = None
    reminder_days: tuple[int, ...] = REMINDER_DAYS
    """The partner's, as they were then: days after placing."""


class Recipient(StrEnum):
    """Which of the titolare's addresses a contract mail goes to."""

    PEC = "pec"
    EMAIL = "email"


class Resend(Value):
    """A wish for one more contract mail. An operator need not wait between two."""

    to: Recipient = Recipient.PEC
    actor: Actor = Actor.PARTNER
    words: str | None = None
    """An operator's own, from a terminal."""
    note_id: UUID | None = None
    """An operator's own, from the panel."""


class Extension(Value):
    """More time for the titolare."""

    days: int
    actor: Actor = Actor.PARTNER
    note_id: UUID | None = None
    """An operator's reason."""


class Correction(Value):
    """Other addresses of the titolare's, kept as a note: they are somebody's data."""

    contacts_note: UUID
    actor: Actor = Actor.PARTNER
    note_id: UUID | None = None
    """An operator's reason."""
    seen_mail_id: UUID | None = None
    """The living contract mail when the addresses were read that this is to mend."""


class CredentialMail(Value):
    """A wish for one more mail of credentials (the one of the activation is the first)."""

    order_id: UUID
    number: int | None = None
    """Which one it would be, as a program sees it: of those that ask at once, all ask for the same."""
    request_id: UUID | None = None
    """Of the panel's form, instead: sent twice, it is one mail; another one is judged anew."""
    actor: Actor = Actor.PARTNER
    note_id: UUID | None = None
    """An operator's own words, from the panel."""


class Role(StrEnum):
    """The two responsabili every order needs; both may be the same person."""

    CONSERVAZIONE = "conservazione"
    PRODUZIONE = "produzione"


class Responsabili(Value):
    """The titolari chosen for the two roles."""

    conservazione: UUID
    produzione: UUID
    internal: StrictBool = False
    """Both are the titolare's own people, the partner declares: a public body may have no others (the domain, § 1)."""

    def by_role(self) -> dict[Role, UUID]:
        """The same, for going through."""
        return {Role.CONSERVAZIONE: self.conservazione, Role.PRODUZIONE: self.produzione}


class Assignment(Responsabili):
    """The same, and who has chosen."""

    actor: Actor = Actor.PARTNER
    note_id: UUID | None = None
    """An operator's reason."""


class Cancellation(Value):
    """A proposal to end the order. The words that explain it are a note, or an operator's own."""

    reason: CancelReason
    actor: Actor
    note_id: UUID | None = None
    words: str | None = None
    decision_id: UUID | None = None
    """The titolare's, when they declined."""


class Release(Value):
    """An operator ends a hold."""

    note_id: UUID | None = None


class Retry(Value):
    """An operator has the provider asked again."""

    note_id: UUID | None = None


class Step(Value):
    """One step of an order's life, at the workflow's own time."""

    order_id: UUID
    at: AwareDatetime


class Standing(Value):
    """How the order's row stands, which has the last word."""

    status: Status
    accept_by: AwareDatetime
    is_held: bool


class Placing(Step):
    """Create the order and charge it."""

    order: Order


class Mailing(Step):
    """Queue the n-th contract mail (the one of placing is the first)."""

    to: Recipient
    number: int
    actor: Actor
    words: str | None = None
    note_id: UUID | None = None


class Correcting(Step):
    """Mend the order's addresses, and queue the n-th contract mail."""

    contacts_note: UUID
    number: int
    actor: Actor
    note_id: UUID | None = None
    seen_mail_id: UUID | None = None


class Extending(Step):
    """Move the time-out."""

    accept_by: AwareDatetime
    actor: Actor
    note_id: UUID | None = None


class Reminding(Step):
    """Queue a reminder; `number` is the day after placing on which it was due."""

    number: int


class Deciding(Step):
    """The titolare's decision, kept by the page that heard it."""

    decision_id: UUID


class Releasing(Step):
    """End a hold."""

    note_id: UUID | None


class Assigning(Step):
    """Fill the two roles."""

    responsabili: Assignment


class Failing(Step):
    """The provider refused; `number` counts the refusals."""

    number: int


class Retrying(Step):
    """The provider is asked again."""

    note_id: UUID | None = None


class CredentialMailing(CredentialMail, Step):
    """Queue a mail of credentials."""


class Cancelling(Step):
    """Give the charge back and end the order."""

    cancellation: Cancellation


def mail_id(order_id: UUID, *, cause: str) -> UUID:
    """One id for one mail, derived from what caused it: a repeat is recognisable."""
    return uuid5(order_id, cause)


def contract_mail_id(order_id: UUID, *, number: int, to: Recipient) -> UUID:
    """The id of the n-th contract mail."""
    return mail_id(order_id, cause=f"contract_acceptance:{number}:{to}")


def corrected_mail_id(order_id: UUID, *, number: int, note_id: UUID) -> UUID:
    """The id of the contract mail to addresses that a note has corrected: no earlier mail's, whatever was counted."""
    return mail_id(order_id, cause=f"contract_acceptance:{number}:{note_id}")


def credential_mail_id(wish: CredentialMail) -> UUID:
    """The id of the mail of credentials that is wished for."""
    return mail_id(wish.order_id, cause=f"credentials:{wish.request_id or wish.number}")


MAX_WORDS = 500


def clean_words(text: str | None) -> str | None:
    """Words from a terminal, fit to be kept: no control characters or surrogates, bounded; None if empty."""
    return "".join(c for c in text or "" if c.isprintable())[:MAX_WORDS].strip() or None
