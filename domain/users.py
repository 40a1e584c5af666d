"""Who may do what at the panel, of a partner's own people."""

import re
from enum import StrEnum


class Right(StrEnum):
    """What a role may grant. To look at everything of the partner's, none is needed."""

    ORDERS = "orders"
    """Titolari, orders, and the services that come of them: with what they cost."""
    MONEY = "money"
    """Where the partner is told of things, and from which credit on."""
    PEOPLE = "people"
    """Users and API keys."""


class UserRole(StrEnum):
    """What a partner's user is there for. Operators have none."""

    OWNER = "owner"
    ORDERS = "orders"
    FINANCE = "finance"
    READ_ONLY = "read_only"

    @property
    def rights(self) -> frozenset[Right]:
        """What it grants."""
        return GRANTED[self]


GRANTED = {
    UserRole.OWNER: frozenset(Right),
    UserRole.ORDERS: frozenset({Right.ORDERS}),
    UserRole.FINANCE: frozenset({Right.MONEY}),
    UserRole.READ_ONLY: frozenset[Right](),
}

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")
"""What people sign in by."""
BAD_LOGIN = "Da 3 a 64 lettere minuscole, cifre, punti, trattini o @; il primo è una lettera o una cifra."
