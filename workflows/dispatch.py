"""What sweeps leave to tell: the provider, how accounts are to be kept; partners, by mail."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.notifications import Notifications
from activities.sweeping import Sweeping
from activities.upkeep import Upkeep
from workflows.options import MANY_MAILS, SWEEP, TELL_LATER

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
"""The pause between two rounds, while mails must be tried again, doubles: perhaps another just has them in hand."""


@workflow.defn
class DispatchWorkflow:
    """Tells what is untold, whoever left it so; neither side waits for the other."""

    @workflow.run
    async def run(self) -> None:
        """Mails until none is left; the provider once: what it didn't take, the next dispatch tells."""
        await asyncio.gather(self._send_mails(), self._tell_provider())
        if workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new()

    async def _send_mails(self) -> None:
        pause = SHORTEST
        while await self._are_mails_delayed() and not workflow.info().is_continue_as_new_suggested():
            await workflow.sleep(pause)
            pause = min(2 * pause, LONGEST)

    async def _are_mails_delayed(self) -> bool:
        """Whether some of a round must be tried again."""
        after: UUID | None = None
        are_delayed = False
        while not workflow.info().is_continue_as_new_suggested():
            sent = await workflow.execute_activity_method(Notifications.deliver_announcements, after, **MANY_MAILS)
            if sent.last is None:
                break
            after, are_delayed = sent.last, are_delayed or sent.are_delayed
        return are_delayed

    async def _tell_provider(self) -> None:
        after: UUID | None = None
        while ids := (await workflow.execute_local_activity_method(Sweeping.find_untold, after, **SWEEP)).ids:
            await asyncio.gather(*map(_tell, ids))
            after = ids[-1]
            if workflow.info().is_continue_as_new_suggested():
                break


async def _tell(service_id: UUID) -> None:
    with suppress(ActivityError):  # refused, or given up: it stays untold
        await workflow.execute_activity_method(Upkeep.tell_provider, service_id, **TELL_LATER)
