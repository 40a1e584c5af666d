"""Connections to PostgreSQL."""

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import retry, retry_if_exception_type, wait_fixed

Sessions = async_sessionmaker[AsyncSession]

CONNECT_SECONDS = 5
COMMAND_SECONDS = 30
KEPT, IN_A_RUSH = 20, 10
"""Connections of one pool, and how many more there may be: those are closed again, and each costs a dozen queries."""


class NotMigratedError(Exception):
    """The schema isn't the one this code was written for."""


def engine(url: str) -> AsyncEngine:
    """A pool that outlives a restart of the server and never puts values into error messages."""
    made = create_async_engine(
        url,
        pool_size=KEPT,
        max_overflow=IN_A_RUSH,
        hide_parameters=True,
        connect_args={"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS},
    )
    event.listen(made.sync_engine, "checkout", _renew_when_closed)
    return made


def _renew_when_closed(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """After a restart of the server, connect anew. The socket tells of it; `pool_pre_ping` would take three trips.

    Who vanishes without a word is noticed by the first question, which fails as in any outage: it is asked again.
    """
    if record.driver_connection is not None and record.driver_connection.is_closed():
        raise InvalidatePoolError


def sessions(on: AsyncEngine) -> Sessions:
    """Sessions whose rows stay readable after the commit."""
    return async_sessionmaker(on, expire_on_commit=False)


_OUTAGES = ("08", "40", "53", "57", "58")
"""SQLSTATE classes: connection, a deadlock's victim, resources (a full disk), operator's intervention, system."""


def is_outage(error: BaseException) -> bool:
    """Whether the database was out of reach or out of room, as opposed to having refused something."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state.startswith(_OUTAGES)
    return isinstance(error, PoolTimeout | OSError)


@retry(retry=retry_if_exception_type((OSError, DBAPIError, NotMigratedError)), wait=wait_fixed(0.2))
async def wait_until_migrated(on: AsyncEngine, *, revision: str) -> None:
    """Return when the server answers and its schema is at `revision`."""
    async with on.connect() as connection:
        if await connection.scalar(text("select to_regclass('alembic_version')")) is None:
            raise NotMigratedError
        if await connection.scalar(text("select version_num from alembic_version")) != revision:
            raise NotMigratedError
