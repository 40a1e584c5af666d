"""The daily question how full the services are."""

from temporalio import workflow
from temporalio.workflow import ParentClosePolicy

from activities.upkeep import Upkeep
from domain.service_orders import Sweep
from workflows.dispatch import DispatchWorkflow
from workflows.messages import dispatch_workflow_id
from workflows.options import POLL


@workflow.defn
class SpacePollWorkflow:
    """Acts for today, whenever it was to start: nobody knows how full a service was, or will be."""

    @workflow.run
    async def run(self, sweep: Sweep | None = None) -> None:
        """Ask for some at a time; warnings and read-only accounts are told by others."""
        sweep = sweep or Sweep(at=workflow.now())
        while some := (await workflow.execute_activity_method(Upkeep.measure_space, sweep, **POLL)).ids:
            sweep = sweep.later(after=some[-1])
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(sweep)
        await workflow.start_child_workflow(
            DispatchWorkflow.run,
            id=dispatch_workflow_id(workflow.info().run_id),
            parent_close_policy=ParentClosePolicy.ABANDON,
        )
