"""Connections that PostgreSQL has ended aren't handed out again: after a restart, nobody is told to come back."""

import asyncio
from typing import Any

from sqlalchemy import text

from db import connection
from db.connection import Sessions
from settings import Settings
from tests.personas import eventually

AT_ONCE = 5
END = "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid = any(:pids)"


async def test_who_comes_after_a_restart_meets_no_dead_connection(settings: Settings, sessions: Sessions) -> None:
    engine = connection.engine(settings.sqlalchemy_url)
    pool = connection.sessions(engine)
    before = await at_once(pool)
    async with sessions() as session:
        ended = await session.scalar(text(END), {"pids": [one.get_server_pid() for one in before]})
    assert ended == AT_ONCE

    async def are_closed() -> bool:
        return all(one.is_closed() for one in before)

    await eventually(are_closed)
    assert not {*map(id, await at_once(pool))} & {*map(id, before)}
    await engine.dispose()


async def at_once(pool: Sessions) -> list[Any]:
    """The driver's connections behind some sessions that are open together."""
    together = asyncio.Barrier(AT_ONCE)

    async def one() -> Any:
        async with pool() as session:
            driven = (await (await session.connection()).get_raw_connection()).driver_connection
            await together.wait()
        return driven

    return await asyncio.gather(*(one() for _ in range(AT_ONCE)))
