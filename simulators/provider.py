"""The provider of the accounts, as a process: `python -m simulators.provider --port N --state FILE`.

Signs its callbacks with DOCFLY_PROVIDER_SECRET (`whsec_…`), or the secret in the file that
DOCFLY_PROVIDER_SECRET_FILE names.
"""

import argparse
import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from standardwebhooks import Webhook

from simulators import provider_control, provider_pages, provider_routes
from simulators.provider_account import UnknownAccountError, WrongStateError
from simulators.provider_accounts import Accounts
from simulators.provider_courier import Courier
from simulators.provider_routes import OutOfOrderError, Provider
from simulators.provider_state import connect
from simulators.serving import LOOPBACK, Server, problem


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="simulators.provider", description="The provider, simulated.")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="the SQLite file")
    options = parser.parse_args()
    app = make_app(connect(options.state), webhook=Webhook(_secret()))
    asyncio.run(Server(app, host=options.host, port=options.port).serve())


def _secret() -> str:
    if secret := os.environ.get("DOCFLY_PROVIDER_SECRET"):
        return secret
    if file := os.environ.get("DOCFLY_PROVIDER_SECRET_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    message = "Set DOCFLY_PROVIDER_SECRET or DOCFLY_PROVIDER_SECRET_FILE."
    raise SystemExit(message)


def make_app(database: sqlite3.Connection, *, webhook: Webhook) -> FastAPI:
    """Protocol, control and password page on one port."""
    accounts = Accounts(database)
    courier = Courier(database, accounts=accounts, webhook=webhook)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            work = group.create_task(courier.run())
            yield
            work.cancel()
        database.close()

    app = FastAPI(title="Provider, simulated", lifespan=lifespan)
    app.state.provider = Provider(database, courier=courier, accounts=accounts)
    for module in (provider_routes, provider_control, provider_pages):
        app.include_router(module.router)
    app.add_exception_handler(UnknownAccountError, _unknown)
    app.add_exception_handler(WrongStateError, _wrong_state)
    app.add_exception_handler(OutOfOrderError, _out_of_order)
    return app


async def _unknown(_request: Request, _error: Exception) -> JSONResponse:
    return problem(404, "No account for this order.")


async def _wrong_state(_request: Request, error: Exception) -> JSONResponse:
    facts = error.account.told() if isinstance(error, WrongStateError) else {}
    return problem(409, "The account's state forbids it.", **facts)


async def _out_of_order(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "Out of order.")


if __name__ == "__main__":
    main()
