"""One-time links to set a password: looking at one (mail scanners do) does not use it up."""

import secrets
import sqlite3
import time
from hashlib import sha256
from uuid import UUID

VALID_S = 7 * 24 * 3600


def make_link(database: sqlite3.Connection, *, order_id: UUID) -> tuple[str, float]:
    """A new token and when it expires, in seconds since the epoch; only its hash is kept."""
    token, expires_at = secrets.token_urlsafe(32), time.time() + VALID_S
    database.execute(
        "INSERT INTO password_links (token_sha256, order_id, expires_at) VALUES (?, ?, ?)",
        (_hash(token), str(order_id), expires_at),
    )
    return token, expires_at


def is_good(database: sqlite3.Connection, *, token: str) -> bool:
    """Whether the link would still work."""
    found = database.execute(
        "SELECT 1 FROM password_links WHERE token_sha256 = ? AND NOT used AND expires_at > ?",
        (_hash(token), time.time()),
    )
    return found.fetchone() is not None


def use(database: sqlite3.Connection, *, token: str) -> bool:
    """Use it up; False when it was, or never existed."""
    used = database.execute(
        """
        UPDATE password_links SET used = 1
        WHERE token_sha256 = ? AND NOT used AND expires_at > ?
        """,
        (_hash(token), time.time()),
    )
    return used.rowcount > 0


def tally(database: sqlite3.Connection) -> dict[str, int]:
    """By order id: how many links were made."""
    rows = database.execute("SELECT order_id, count(*) FROM password_links GROUP BY order_id")
    return dict(rows.fetchall())


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
