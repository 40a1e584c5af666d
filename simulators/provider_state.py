"""The provider's memory: one SQLite file, so that a restart forgets nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    order_id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    reason TEXT,
    product TEXT,
    quotas TEXT NOT NULL DEFAULT '{}',
    titolare TEXT NOT NULL DEFAULT '{}',
    responsabile TEXT NOT NULL DEFAULT '{}',
    callback_url TEXT,
    due_at REAL,
    used_bytes INTEGER NOT NULL DEFAULT 0,
    puts INTEGER NOT NULL DEFAULT 0,
    opens INTEGER NOT NULL DEFAULT 0,
    revokes INTEGER NOT NULL DEFAULT 0,
    answers INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS accounts_due ON accounts (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS modes (scope TEXT PRIMARY KEY, behaviour TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    outcome TEXT
);
CREATE INDEX IF NOT EXISTS callbacks_order ON callbacks (order_id);
CREATE TABLE IF NOT EXISTS password_links (
    token_sha256 TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    expires_at REAL NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS password_links_order ON password_links (order_id);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made when missing. WAL: what is committed survives a killed process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(SCHEMA)
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of it or nothing. Never awaits inside, so callers of one process take turns."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
