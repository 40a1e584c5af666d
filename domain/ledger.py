"""Double entry: every movement of money has a debit, a credit, a cause, and an id derived from it."""

from enum import StrEnum
from uuid import UUID, uuid5

_TRANSFERS = UUID("5c0d7f9e-3f0b-4a53-9c0e-6d9d5b1f7a01")


class Account(StrEnum):
    """The accounts each partner has in our books."""

    CREDIT = "credit"
    """What we owe the partner: their prepaid credit. Never below zero."""
    SALES = "sales"
    """What the partner has spent, net of refunds."""
    FUNDS = "funds"
    """What the partner has paid in."""


class Cause(StrEnum):
    """Why money moved: with a subject's id, the whole identity of a transfer."""

    ORDER = "order"
    RENEWAL = "renewal"
    SPACE = "space"
    REFUND = "refund"
    """An order's charge, given back whole. Nothing else is refunded."""
    TOP_UP = "top_up"
    CORRECTION = "correction"
    """An entry that was wrong, undone in part or whole."""

    @property
    def sides(self) -> tuple[Account, Account]:
        """The account debited and the account credited; a correction's are its entry's, swapped."""
        return SIDES[self]


SIDES = {
    Cause.ORDER: (Account.CREDIT, Account.SALES),
    Cause.RENEWAL: (Account.CREDIT, Account.SALES),
    Cause.SPACE: (Account.CREDIT, Account.SALES),
    Cause.REFUND: (Account.SALES, Account.CREDIT),
    Cause.TOP_UP: (Account.FUNDS, Account.CREDIT),
}

CHARGES = frozenset({Cause.ORDER, Cause.RENEWAL, Cause.SPACE})
CORRECTABLE = CHARGES | {Cause.TOP_UP}
"""What was booked for a reason of its own. A refund and a correction say already what was wrong before."""


def transfer_id(cause: Cause, subject: object) -> UUID:
    """Same cause, same id: a second booking of one cause is no booking."""
    return uuid5(_TRANSFERS, f"{cause}:{subject}")
