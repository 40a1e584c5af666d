"""The way of a callback to its receiver: signed per Standard Webhooks, tried until it is heard."""

import asyncio
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook
from tenacity import (
    AsyncRetrying,
    RetryError,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from simulators.provider_callbacks import Callback, Delivery

PATIENCE_S = 600
LONGEST_PAUSE_S = 5
AT_ONCE = 20


class NotTakenError(Exception):
    """The receiver answered neither 2xx nor 4xx."""


class Postman:
    """Carries AT_ONCE callbacks at a time; who waits for the next try holds nobody up."""

    def __init__(self, http: httpx.AsyncClient, *, webhook: Webhook) -> None:
        self._http = http
        self._webhook = webhook
        self._hands = asyncio.Semaphore(AT_ONCE)

    async def deliver(self, callback: Callback) -> Delivery:
        """Until 2xx or 4xx, with growing pauses, for ten minutes since this process first tried."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type((httpx.RequestError, NotTakenError)),
            wait=wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_S),
            stop=stop_after_delay(PATIENCE_S),
        )
        try:
            delivery: Delivery = await retrying(self._try, callback)
        except (RetryError, httpx.InvalidURL):
            return Delivery.GIVEN_UP
        return delivery

    async def _try(self, callback: Callback) -> Delivery:
        """One attempt, signed anew: the id stays, the time is now."""
        async with self._hands:
            headers = self._headers(callback)
            answer = await self._http.post(callback.url, content=callback.body, headers=headers)
        if answer.is_success:
            return Delivery.TAKEN
        if answer.is_client_error:
            return Delivery.REJECTED
        raise NotTakenError

    def _headers(self, callback: Callback) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "content-type": "application/json",
            "webhook-id": callback.event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(callback.event_id, now, callback.body),
        }
