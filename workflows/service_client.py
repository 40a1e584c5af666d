"""The one door from the web to the workflows of services. Commands return nothing, as in `workflows/client.py`."""

from contextlib import suppress
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.service_orders import Renewal, SpaceOrder
from workflows.client import answering
from workflows.messages import ORDERS, renewal_workflow_id, space_workflow_id
from workflows.renewal import RenewalWorkflow
from workflows.space import SpaceWorkflow


async def renew_service(temporal: Client, *, renewal: Renewal) -> None:
    """Renew a service for a period, or join who is at it. A period that is renewed already needs no renewing.

    Raises ServiceTerminated, ExpiryChanged, RenewalTooEarly, TermOutOfRange, NoPriceList, PriceChanged,
    InsufficientCredit; EngineUnavailable also if it was another wish that was refused.
    """
    start = WithStartWorkflowOperation(
        RenewalWorkflow.run,
        renewal,
        id=renewal_workflow_id(renewal.service_id, period_start=renewal.period_start),
        task_queue=ORDERS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    )
    await _knock(temporal, RenewalWorkflow.renewed, start, str(renewal.request_id))


async def buy_space(temporal: Client, *, purchase: SpaceOrder) -> None:
    """Buy GB for a service; a repeat is the same purchase.

    Raises ServiceTerminated, ServiceSuspended, NoPriceList, PriceChanged, InsufficientCredit.
    """
    start = WithStartWorkflowOperation(
        SpaceWorkflow.run,
        purchase,
        id=space_workflow_id(purchase.purchase_id),
        task_queue=ORDERS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    await _knock(temporal, SpaceWorkflow.bought, start)


async def _knock(temporal: Client, update: Any, start: WithStartWorkflowOperation[Any, Any], *given: Any) -> None:
    async with answering():
        with suppress(WorkflowAlreadyStartedError):  # it has succeeded before
            await temporal.execute_update_with_start_workflow(update, args=given, start_workflow_operation=start)
