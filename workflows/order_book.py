"""What an order's workflow knows of its row, what it writes there, and the mail that goes out with it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.notifications import Notifications
from activities.records import Records
from domain.lifecycle import Status
from domain.orders import Order, Step
from workflows.options import MAIL, RECORD

S = TypeVar("S", bound=Step)


class OrderBook:
    """The status is what the row says: each step that is recorded brings it back."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._status: Status | None = None
        self._held = False
        self._accept_by = workflow.now()
        self._recording = asyncio.Lock()
        self._courier: asyncio.Task[None] | None = None
        self._mail_waiting = False

    async def _record(self, step: Callable[[Any, S], Awaitable[Status]], kind: type[S], **facts: Any) -> datetime:
        """One write at a time; then the workflow knows what the row says. The time that was written."""
        async with self._recording:
            value = kind(order_id=self._order.order_id, at=workflow.now(), **facts)
            try:
                self._status = await workflow.execute_local_activity_method(step, value, **RECORD)
            except FailureError:
                if self._status is not None and workflow.patched("a-refusal-is-looked-into"):
                    await self._look()  # perhaps a step was done whose answer was lost on the way
                raise
            return value.at

    async def _look(self) -> None:
        step = Step(order_id=self._order.order_id, at=workflow.now())
        standing = await workflow.execute_local_activity_method(Records.look, step, **RECORD)
        if (standing.status, standing.is_held) != (self._status, self._held):
            self._post()  # what was queued with it
        self._status, self._held = standing.status, standing.is_held
        self._accept_by = max(self._accept_by, standing.accept_by)

    def _post(self) -> None:
        """Have the queued mails delivered, without waiting for it."""
        self._mail_waiting = True
        if self._courier is None:
            self._courier = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        while self._mail_waiting:
            self._mail_waiting = False
            with suppress(ActivityError):  # an operator gave it up: what is still queued goes with the next mail
                await workflow.execute_activity_method(Notifications.deliver_mails, self._order.order_id, **MAIL)
        self._courier = None
