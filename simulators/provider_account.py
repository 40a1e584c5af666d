"""One account at the provider: what is asked for, what is held, what is said about it."""

from enum import StrEnum
from typing import Literal, assert_never
from uuid import UUID

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Json, JsonValue, NonNegativeInt

Quotas = dict[str, NonNegativeInt]


class State(StrEnum):
    """Where an account stands."""

    PENDING = "pending"  # asked for, undecided
    ACTIVE = "active"  # open for good
    SUSPENDED = "suspended"  # open, read-only
    REFUSED = "refused"  # not opened; a new PUT tries again
    REVOKED = "revoked"  # never opened, and never will be


LIVE = frozenset({State.ACTIVE, State.SUSPENDED})


class OpeningRequest(BaseModel):
    """The body of `PUT /accounts/{order_id}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["docfly", "docfly_pa"]
    quotas: Quotas
    titolare: dict[str, JsonValue]
    responsabile: dict[str, JsonValue]
    callback_url: AnyHttpUrl


class Account(BaseModel):
    """A row. `opens` never passes 1; `answers` counts the ends a pending account came to."""

    model_config = ConfigDict(frozen=True)

    order_id: UUID
    state: State
    reason: str | None
    product: str | None
    quotas: Json[Quotas]
    titolare: Json[dict[str, JsonValue]]
    responsabile: Json[dict[str, JsonValue]]
    callback_url: str | None
    due_at: float | None
    used_bytes: int
    puts: int
    opens: int
    revokes: int
    answers: int

    def told(self) -> dict[str, str]:
        """What callers and callbacks hear. Names come from the order id: nobody's data."""
        match self.state:
            case State.ACTIVE | State.SUSPENDED:
                names = {"account": f"acc-{self.order_id.hex[:12]}", "username": f"df-{self.order_id.hex}"}
                return {"state": self.state, **names}
            case State.REFUSED:
                return {"state": self.state, "reason": self.reason or ""}
            case State.PENDING | State.REVOKED:
                return {"state": self.state}
            case _:
                assert_never(self.state)


class UnknownAccountError(Exception):
    """No account was ever asked for with this order id."""


class WrongStateError(Exception):
    """The account's state forbids it."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.state)
        self.account = account
