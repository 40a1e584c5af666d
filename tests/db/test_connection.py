"""Connections that PostgreSQL has ended are never handed out again: after a restart, nobody is told to come back."""

import asyncio

from sqlalchemy import text

from db import connection
from db.connection import Sessions
from settings import Settings
from tests.personas import eventually

AT_ONCE = 5
END = "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid = any(:pids)"
ALIVE = "select count(*) from pg_stat_activity where pid = any(:pids)"


async def test_who_comes_after_a_restart_meets_no_dead_connection(settings: Settings, sessions: Sessions) -> None:
    engine = connection.engine(settings.sqlalchemy_url)
    pool = connection.sessions(engine)
    before = {"pids": await at_once(pool)}
    async with sessions() as session:
        assert await session.scalar(text(END), before) == AT_ONCE

    async def are_gone() -> bool:
        async with sessions() as session:
            return bool(await session.scalar(text(ALIVE), before) == 0)

    await eventually(are_gone)
    assert not set(await at_once(pool)) & set(before["pids"])
    await engine.dispose()


async def at_once(pool: Sessions) -> list[int]:
    """The server's processes behind some sessions that are open together."""
    together = asyncio.Barrier(AT_ONCE)

    async def one() -> int:
        async with pool() as session:
            pid = await session.scalar(text("select pg_backend_pid()"))
            await together.wait()
        return int(pid or 0)

    return await asyncio.gather(*(one() for _ in range(AT_ONCE)))
