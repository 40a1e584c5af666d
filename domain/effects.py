"""What an action will do, told before it is done: the next status, the mails, the lines in the books."""

from typing import NamedTuple

from domain.ledger import Account, Cause
from domain.lifecycle import Actor, Status
from domain.mails import MailKind


class Booking(NamedTuple):
    """A line in the books."""

    debit: Account
    credit: Account
    amount_cents: int

    @property
    def credit_change_cents(self) -> int:
        """What it does to the partner's credit."""
        signs = {self.credit: 1, self.debit: -1}
        return self.amount_cents * signs.get(Account.CREDIT, 0)


class Effect(NamedTuple):
    """All of it; `status` is None where no order is concerned."""

    status: Status | None = None
    mails: tuple[tuple[MailKind, Actor], ...] = ()
    """What is sent, and to whom."""
    bookings: tuple[Booking, ...] = ()

    @property
    def credit_change_cents(self) -> int:
        """What all its bookings do to the partner's credit."""
        return sum(booking.credit_change_cents for booking in self.bookings)


def of_resend() -> Effect:
    """One more contract mail, and the older link is dead."""
    return Effect(Status.AWAITING_DOCUMENTS, ((MailKind.CONTRACT_ACCEPTANCE, Actor.TITOLARE),))


def of_extension() -> Effect:
    """The link that the titolare has lives longer."""
    return Effect(Status.AWAITING_DOCUMENTS)


def of_cancellation(*, charged_cents: int, titolare_was_mailed: bool) -> Effect:
    """The charge goes back whole (the domain, § 3); a titolare who was asked is told."""
    mails = [(MailKind.ORDER_CANCELLED, Actor.PARTNER)]
    if titolare_was_mailed:
        mails.append((MailKind.ORDER_CANCELLED_TITOLARE, Actor.TITOLARE))
    return Effect(Status.CANCELLED, tuple(mails), (Booking(*Cause.REFUND.sides, charged_cents),))


def of_retry() -> Effect:
    """The provider is asked again; what it answers decides the rest."""
    return Effect(Status.ACTIVATING)


def of_release() -> Effect:
    """The titolare's link lives again."""
    return Effect(Status.AWAITING_DOCUMENTS)


def of_top_up(*, amount_cents: int) -> Effect:
    """What was paid in may be spent."""
    return Effect(bookings=(Booking(*Cause.TOP_UP.sides, amount_cents),))
