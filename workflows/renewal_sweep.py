"""The daily sweep: what is due for every service, partner by partner."""

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
from workflows.dispatch import DispatchWorkflow
from workflows.messages import dispatch_workflow_id, renewal_workflow_id
from workflows.nominal import begun
from workflows.options import PARTNER, SWEEP
from workflows.renewal import RenewalWorkflow

PATIENCE = timedelta(hours=1)
"""How long one renewal may hold up the rest of the day."""


@workflow.defn
class RenewalSweepWorkflow:
    """Acts for the civil day of its nominal time. Twice, late or beside another one, it does nothing twice."""

    @workflow.run
    async def run(self, sweep: Sweep | None = None) -> None:
        """Renew what the credit covers, then do the rest of the day; what is to be told, others tell."""
        sweep = sweep or begun()
        while some := await self._find_partners(sweep):
            for partner_id in some:
                await self._act(PartnerDay(partner_id=partner_id, at=sweep.at))
                sweep = sweep.later(after=partner_id)
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(sweep)
        await workflow.execute_local_activity_method(CreditWatch.watch_credit, sweep, **SWEEP)
        await self._dispatch()

    async def _find_partners(self, sweep: Sweep) -> tuple[UUID, ...]:
        return (await workflow.execute_local_activity_method(Sweeping.find_partners, sweep, **SWEEP)).ids

    async def _act(self, whose: PartnerDay) -> None:
        try:
            while await self._renew(whose):
                pass  # a partner may have more of them than are begun at once
            await workflow.execute_local_activity_method(Sweeping.finish_day, whose, **PARTNER)
        except FailureError:  # it is logged where it failed; the others come first, and tomorrow tries again
            workflow.logger.warning("partner_left_out", extra={"partner_id": str(whose.partner_id)})

    async def _renew(self, whose: PartnerDay) -> bool:
        """Whether any was renewed: then there may be others."""
        chosen = await workflow.execute_local_activity_method(Sweeping.choose_renewals, whose, **PARTNER)
        return any(await asyncio.gather(*(_try(wish) for wish in chosen.wishes)))

    async def _dispatch(self) -> None:
        """Mails and provider take their time: the sweep of tomorrow doesn't wait for them."""
        await workflow.start_child_workflow(
            DispatchWorkflow.run,
            id=dispatch_workflow_id(workflow.info().run_id),
            parent_close_policy=ParentClosePolicy.ABANDON,
        )


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
