"""The web process: the API, the panel and the acceptance page, one ASGI app."""

import asyncio
import os

import uvicorn
from fastapi import FastAPI

import telemetry
from api.app import api
from context import Context
from db import connection
from db.migrate import head
from gateways import documents
from panel import acceptance, order_tabs
from panel import app as panel
from settings import Settings
from workflows.connection import connect

KEEP_ALIVE_SECONDS = 130
"""How long a connection may idle: longer than clients (5) and proxies (60 to 120) keep it. They close it first."""


def app(context: Context) -> FastAPI:
    """Everything that is served."""
    whole = api(context, streamed=order_tabs.STREAMED)
    panel.install(whole, context)
    acceptance.install(whole)
    return whole


def config(context: Context, settings: Settings) -> uvicorn.Config:
    """How it is served."""
    return uvicorn.Config(
        app(context),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=10,
        forwarded_allow_ips=settings.trusted_proxies,
    )


async def main() -> None:
    """Wait for what is needed, then serve until SIGTERM or SIGINT."""
    telemetry.start()
    settings = Settings.read_or_exit(os.environ)
    engine = connection.engine(settings.sqlalchemy_url)
    await connection.wait_until_migrated(engine, revision=head())
    temporal = await connect(
        settings.temporal_address, namespace=settings.temporal_namespace, access=settings.temporal_access
    )
    context = Context(
        sessions=connection.sessions(engine),
        temporal=temporal,
        public_url=settings.public_url,
        secret=settings.secret.get_secret_value(),
        provider_secret=settings.provider_secret.get_secret_value(),
        documents=documents.connect(settings.documents_url),
        one_docfly_per_partita_iva=settings.one_docfly_per_partita_iva,
    )
    await uvicorn.Server(config(context, settings)).serve()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
