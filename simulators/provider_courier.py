"""The provider's own initiative: what is due gets opened, what is written down gets delivered."""

import asyncio
import sqlite3
from contextlib import suppress

import httpx
from standardwebhooks import Webhook

from simulators import provider_callbacks
from simulators.provider_accounts import Accounts
from simulators.provider_callbacks import Callback
from simulators.provider_postman import Postman

TIMEOUT_S = 10


class Courier:
    """Works from the database alone, so that a restart goes on where it was."""

    def __init__(self, database: sqlite3.Connection, *, accounts: Accounts, webhook: Webhook) -> None:
        self._database = database
        self._accounts = accounts
        self._webhook = webhook
        self._news = asyncio.Event()

    def nudge(self) -> None:
        """Something changed: look again."""
        self._news.set()

    async def run(self) -> None:
        """For as long as the process lives."""
        seen = 0
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http,
            asyncio.TaskGroup() as deliveries,
        ):
            postman = Postman(http, webhook=self._webhook)
            while True:
                self._accounts.complete_due()
                for callback in provider_callbacks.undelivered(self._database, after=seen):
                    seen = callback.id
                    deliveries.create_task(self._deliver(callback, postman=postman))
                await self._wait()

    async def _deliver(self, callback: Callback, *, postman: Postman) -> None:
        delivery = await postman.deliver(callback)
        provider_callbacks.close(self._database, callback, delivery=delivery)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), self._accounts.seconds_to_next())
        self._news.clear()
