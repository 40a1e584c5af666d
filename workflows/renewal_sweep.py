"""The daily sweep: what is due for every service, some partners at a time."""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ChildWorkflowError, FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from activities.credit_watch import CreditWatch
from activities.sweeping import Sweeping
from domain.service_orders import PartnerDay, Renewal, Sweep
from workflows.dispatch import dispatch
from workflows.messages import renewal_workflow_id
from workflows.nominal import begun
from workflows.options import PARTNER, SWEEP
from workflows.renewal import RenewalWorkflow

PATIENCE = timedelta(hours=1)
"""How long one renewal may hold up the rest of the day."""

AT_ONCE = 8
"""Partners: with the most renewals of each, fewer than the 2,000 children that the server lets one workflow have."""


@workflow.defn
class RenewalSweepWorkflow:
    """Acts for the civil day of its nominal time, or for today if that has passed, also meanwhile.

    Twice, late or beside another one, it does nothing twice.
    """

    @workflow.run
    async def run(self, sweep: Sweep | None = None) -> None:
        """Renew what the credit covers, then do the rest of the day; what is to be told, others tell."""
        sweep = sweep or begun()
        at_once = AT_ONCE if workflow.patched("partners-at-once") else 1  # as sweeps have begun that still run
        while some := await self._find_partners(sweep):
            for first in range(0, len(some), at_once):
                together = some[first : first + at_once]
                if all(await asyncio.gather(*(self._act(sweep, partner_id) for partner_id in together))):
                    sweep = sweep.later(after=together[-1])
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(sweep)
        await dispatch()  # mails and provider take their time: the sweep of tomorrow doesn't wait for them

    async def _find_partners(self, sweep: Sweep) -> tuple[UUID, ...]:
        today = sweep.as_of(workflow.now())
        return (await workflow.execute_local_activity_method(Sweeping.find_partners, today, **SWEEP)).ids

    async def _act(self, sweep: Sweep, partner_id: UUID) -> bool:
        """Whether it is done; or else the history has become long, and a new one goes on with this partner."""
        try:
            while await self._renew(_today(sweep, partner_id)):
                if workflow.info().is_continue_as_new_suggested():
                    return False
            await workflow.execute_local_activity_method(Sweeping.finish_day, _today(sweep, partner_id), **PARTNER)
            await workflow.execute_local_activity_method(CreditWatch.watch_credit, _today(sweep, partner_id), **PARTNER)
        except FailureError:  # it is logged where it failed; the others come first, and tomorrow tries again
            workflow.logger.warning("partner_left_out", extra={"partner_id": str(partner_id)})
        return True

    async def _renew(self, whose: PartnerDay) -> bool:
        """Whether any was renewed: then there may be others."""
        chosen = await workflow.execute_local_activity_method(Sweeping.choose_renewals, whose, **PARTNER)
        return any(await asyncio.gather(*(_try(wish) for wish in chosen.wishes)))


def _today(sweep: Sweep, partner_id: UUID) -> PartnerDay:
    return PartnerDay(partner_id=partner_id, at=sweep.as_of(workflow.now()).at)


async def _try(wish: Renewal) -> bool:
    """Whether it was renewed by this sweep: what is being renewed at this moment, or can't be, isn't."""
    try:
        await workflow.execute_child_workflow(
            RenewalWorkflow.run,
            wish,
            id=renewal_workflow_id(wish.service_id, period_start=wish.period_start),
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            parent_close_policy=ParentClosePolicy.ABANDON,
            execution_timeout=PATIENCE,
        )
    except (ChildWorkflowError, WorkflowAlreadyStartedError):
        return False
    return True
