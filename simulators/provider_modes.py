"""How the provider behaves when it is asked to open an account: for everyone, or for one order."""

import sqlite3
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

EVERYONE = "*"


class Mode(StrEnum):
    """What a PUT meets."""

    INSTANT = "instant"  # 200, active
    DELAYED = "delayed"  # 202; after delay_s active, and a callback
    PENDING = "pending"  # 202, then silence until /_control/complete
    REFUSE = "refuse"  # 422 with the reason, for good
    ERROR = "error"  # 503, nothing done
    HANG = "hang"  # no answer, nothing done
    HANG_AFTER = "hang_after"  # no answer, but the account is open


class Behaviour(BaseModel):
    """A mode and its details. `calls="all"`: error and hang strike every call, not PUT alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = Mode.INSTANT
    delay_s: float = Field(default=1, ge=0, le=86_400)
    reason: str = Field(default="refused", min_length=1, max_length=200)
    calls: Literal["put", "all"] = "put"


class Modes:
    """An order's own mode wins over everyone's; instant when nothing was said."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def of(self, order_id: UUID) -> Behaviour:
        """What this order meets now."""
        row = self._database.execute(
            "SELECT behaviour FROM modes WHERE scope IN (?, ?) ORDER BY scope = ? LIMIT 1",
            (str(order_id), EVERYONE, EVERYONE),
        ).fetchone()
        return Behaviour.model_validate_json(row["behaviour"]) if row else Behaviour()

    def set(self, behaviour: Behaviour, *, order_id: UUID | None) -> None:
        """From now on; what was answered before stays."""
        self._database.execute(
            "INSERT OR REPLACE INTO modes VALUES (?, ?)",
            (str(order_id or EVERYONE), behaviour.model_dump_json()),
        )

    def clear(self) -> None:
        """Instant for all again."""
        self._database.execute("DELETE FROM modes")

    def all(self) -> dict[str, Behaviour]:
        """By order id; `*` is everyone."""
        rows = self._database.execute("SELECT scope, behaviour FROM modes").fetchall()
        said = {row["scope"]: Behaviour.model_validate_json(row["behaviour"]) for row in rows}
        return {EVERYONE: Behaviour()} | said
