"""Alembic's entry: one transaction per migration, on an async engine."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from db.base import Named, Stored
from db.connection import engine
from db.tables import metadata


def _plain(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Migrations speak of the database's own types."""
    if kind == "type" and isinstance(item, Stored | Named):
        return "postgresql.JSONB()" if isinstance(item, Stored) else "sa.Text()"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=_plain,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect() -> None:
    on = engine(context.config.attributes["url"])
    async with on.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await on.dispose()


asyncio.run(_connect())
