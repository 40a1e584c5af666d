"""The daily question how full the services are."""

from temporalio import workflow

from activities.upkeep import Upkeep
from domain.service_orders import Batch, Sweep
from workflows.dispatch import dispatch
from workflows.options import POLL


@workflow.defn
class SpacePollWorkflow:
    """Acts for today, whenever it was to start: nobody knows how full a service was, or will be."""

    @workflow.run
    async def run(self, sweep: Sweep | None = None) -> None:
        """Ask for some at a time; warnings and read-only accounts are told by others."""
        sweep = sweep or Sweep(at=workflow.now())
        while some := (await self._measure(sweep)).ids:
            sweep = sweep.later(after=some[-1])
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(sweep)
        await dispatch()

    async def _measure(self, sweep: Sweep) -> Batch:
        return await workflow.execute_activity_method(Upkeep.measure_space, sweep, **POLL)
