"""Databases of the suite's server: the shared one, and empty ones for tests that act on all there is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db import connection
from db.connection import Sessions
from db.prices import PriceListRow
from local.demo import PRICES
from local.postgres import Cluster
from settings import Settings

TEMPLATE = "migrated"


def keep_as_template(cluster: Cluster) -> None:
    """Keep the schema, while nobody is connected, for databases that cost a copy and no migration."""
    name = urlsplit(cluster.url).path.strip("/")
    asyncio.run(_create(cluster.sqlalchemy_url, TEMPLATE, of=name))


async def another(settings: Settings, name: str) -> Settings:
    """With a database of its own, empty but for its schema, on the same server."""
    await _create(settings.sqlalchemy_url, name, of=TEMPLATE)
    url = urlsplit(settings.database_url.get_secret_value())._replace(path=f"/{name}").geturl()
    return settings.model_copy(update={"database_url": SecretStr(url)})


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Sessions]:
    """Sessions on a database that has its first price list."""
    engine = connection.engine(settings.sqlalchemy_url)
    sessions = connection.sessions(engine)
    async with sessions.begin() as session:
        session.add(PriceListRow(valid_from=PRICES.valid_from, price_list=PRICES))
    yield sessions
    await engine.dispose()


async def _create(url: str, name: str, *, of: str) -> None:
    somewhere = urlsplit(url)._replace(path="/postgres").geturl()
    engine = create_async_engine(somewhere, isolation_level="AUTOCOMMIT")
    async with engine.connect() as session:
        await session.execute(text(f'create database "{name}" template "{of}"'))
    await engine.dispose()
