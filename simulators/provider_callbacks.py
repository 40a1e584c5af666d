"""Callbacks waiting to be delivered: written down with the change they tell."""

import json
import sqlite3
from enum import StrEnum

from pydantic import BaseModel

from simulators.provider_account import Account


class Delivery(StrEnum):
    """How a callback ended; none yet: still being tried."""

    TAKEN = "taken"  # 2xx
    REJECTED = "rejected"  # 4xx: trying again won't help
    GIVEN_UP = "given_up"  # nobody took it for ten minutes


class Callback(BaseModel):
    """One delivery to be made; `event_id` is shared by repeats of the same event."""

    id: int
    event_id: str
    url: str
    body: str


def announce(database: sqlite3.Connection, *, account: Account, times: int, told: dict[str, str]) -> None:
    """Write down, inside the caller's transaction, that `account` came to an end, and what is told of it."""
    event_id = f"evt_{account.order_id.hex}_{account.answers}"
    body = json.dumps({"order_id": str(account.order_id), **told})
    database.executemany(
        "INSERT INTO callbacks (event_id, order_id, url, body) VALUES (?, ?, ?, ?)",
        [(event_id, str(account.order_id), account.callback_url, body)] * times,
    )


def undelivered(database: sqlite3.Connection, *, after: int) -> list[Callback]:
    """What nobody took yet, oldest first, from the one after `after`."""
    rows = database.execute("SELECT * FROM callbacks WHERE id > ? AND outcome IS NULL ORDER BY id", (after,))
    return [Callback.model_validate(dict(row)) for row in rows]


def tally(database: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """By order id: how many were sent (and taken), how many still wait."""
    rows = database.execute(
        """
        SELECT order_id, sum(outcome IS 'taken') AS callbacks_sent,
            sum(outcome IS NULL) AS callbacks_waiting
        FROM callbacks GROUP BY order_id
        """
    )
    return {row["order_id"]: {key: row[key] for key in row.keys()[1:]} for row in rows}


def close(database: sqlite3.Connection, callback: Callback, *, delivery: Delivery) -> None:
    """Nothing more to do for this one."""
    database.execute("UPDATE callbacks SET outcome = ? WHERE id = ?", (delivery, callback.id))
