"""What sweeps leave to tell: the provider, how accounts are to be kept; partners, by mail."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from activities.notifications import Notifications
from activities.sweeping import Sweeping
from activities.upkeep import Upkeep
from workflows.messages import DISPATCH
from workflows.options import MAIL, SWEEP, TELL_LATER

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
"""The pause between two rounds, while mails must be tried again, doubles: perhaps another just has them in hand."""


async def dispatch() -> None:
    """Have somebody tell what is untold: who is at it already looks again, or begins anew if they have just ended."""
    while True:
        with suppress(WorkflowAlreadyStartedError):
            await workflow.start_child_workflow(
                DispatchWorkflow.run, None, id=DISPATCH, parent_close_policy=ParentClosePolicy.ABANDON
            )
            return
        with suppress(FailureError):
            await workflow.get_external_workflow_handle_for(DispatchWorkflow.run, DISPATCH).signal(
                DispatchWorkflow.look_again
            )
            return


@workflow.defn
class DispatchWorkflow:
    """Tells what is untold, whoever left it so; neither side waits for the other. There is one of it at a time."""

    @workflow.init
    def __init__(self, told_until: UUID | None = None) -> None:
        self._told_until = told_until
        self._told_for = 0
        self._asked = 1
        self._at_work = 0
        self._is_cut_short = False

    @workflow.run
    async def run(self, told_until: UUID | None = None) -> None:  # noqa: ARG002 - `workflow.init` keeps it
        """Mails until none is left; the provider once each time: what it didn't take, the next dispatch tells.

        `told_until`: the last service, by id, that an earlier history has told of.
        """
        await asyncio.gather(self._work(self._send_mails), self._work(self._tell_provider))
        if self._is_cut_short:  # who was asked again in the middle begins anew: it may be behind where it has looked
            workflow.continue_as_new(self._told_until if self._told_for == self._asked else None)

    async def _work(self, tell: Callable[[], Awaitable[None]]) -> None:
        """One side, again whenever somebody asks, as long as the other is at work."""
        done = 0
        while done < self._asked and not self._is_cut_short:
            done = self._asked
            self._at_work += 1
            await tell()
            self._at_work -= 1
            await workflow.wait_condition(partial(self._has_news, done))

    def _has_news(self, done: int) -> bool:
        """There is more to do, or nobody left to wait for."""
        return self._asked > done or not self._at_work

    @workflow.signal
    def look_again(self) -> None:
        """More was queued, perhaps behind where it has looked."""
        self._asked += 1

    async def _send_mails(self) -> None:
        pause = SHORTEST
        while await self._are_mails_delayed() and not self._cut_short():
            await workflow.sleep(pause)
            pause = min(2 * pause, LONGEST)

    async def _are_mails_delayed(self) -> bool:
        """Whether some of a round must be tried again, or a new history has to go on with it."""
        after: UUID | None = None
        are_delayed = False
        while not self._cut_short():
            sent = await workflow.execute_activity_method(Notifications.deliver_announcements, after, **MAIL)
            if sent.last is None:
                return are_delayed
            after, are_delayed = sent.last, are_delayed or sent.are_delayed
        return True

    async def _tell_provider(self) -> None:
        self._told_for = self._asked
        while ids := await self._find_untold():
            await asyncio.gather(*map(_tell, ids))
            self._told_until = ids[-1]
            if self._cut_short():
                return
        self._told_until = None

    async def _find_untold(self) -> tuple[UUID, ...]:
        found = await workflow.execute_local_activity_method(Sweeping.find_untold, self._told_until, **SWEEP)
        return found.ids

    def _cut_short(self) -> bool:
        """Whether the history is long, so that what is left is left to a new one."""
        self._is_cut_short = self._is_cut_short or workflow.info().is_continue_as_new_suggested()
        return self._is_cut_short


async def _tell(service_id: UUID) -> None:
    with suppress(ActivityError):  # refused, or given up: it stays untold
        await workflow.execute_activity_method(Upkeep.tell_provider, service_id, **TELL_LATER)
