"""The one door from the web to the workflows. A command returns nothing: whoever wants to know reads the row."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import errors
from domain.errors import (
    DomainError,
    EngineUnavailable,
    NotActivationFailed,
    NotAwaitingDocuments,
    OrderNotCancellable,
    OrderNotHeld,
    ResponsabiliNotAssignable,
)
from domain.lifecycle import Account, Outcome
from domain.orders import (
    Assignment,
    Cancellation,
    Correction,
    CredentialMail,
    Extension,
    Order,
    Release,
    Resend,
    Retry,
    credential_mail_id,
)
from workflows.credentials import CredentialMailWorkflow
from workflows.messages import ORDERS, credential_mail_workflow_id, order_workflow_id
from workflows.order import OrderWorkflow

SECONDS = 15
"""How long people wait for an answer. What they asked for may still happen after that."""
REACHED_WITHIN = timedelta(seconds=1)
"""How long each of two questions waits for the server."""

Orders = WorkflowHandle[OrderWorkflow, Any]


async def place_order(temporal: Client, *, order: Order, request_id: UUID | None = None) -> None:
    """Start the order's workflow, or join it. Raises what refused the order.

    Repeated with the same order id it gives the same answer, also after the workflow's end. An order that was
    refused while nobody waited for the answer, or that another request asks for, is asked for anew: it has left
    nothing behind.
    """
    update_id = str(request_id) if request_id else f"place-{order.order_id}"
    async with answering():
        try:
            await _place(temporal, order, update_id=update_id, reuse=WorkflowIDReusePolicy.REJECT_DUPLICATE)
        except WorkflowAlreadyStartedError:  # it has ended, and nobody waited for this answer
            if await _handle(temporal, order.order_id).result() == Outcome.REFUSED:
                await _place(temporal, order, update_id=update_id, reuse=WorkflowIDReusePolicy.ALLOW_DUPLICATE)


async def _place(temporal: Client, order: Order, *, update_id: str, reuse: WorkflowIDReusePolicy) -> None:
    start = WithStartWorkflowOperation(
        OrderWorkflow.run,
        order,
        id=order_workflow_id(order.order_id),
        task_queue=ORDERS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=reuse,
    )
    await temporal.execute_update_with_start_workflow(OrderWorkflow.place, start_workflow_operation=start, id=update_id)


async def accept_contract(temporal: Client, *, order_id: UUID, decision_id: UUID) -> None:
    """The titolare accepts. Raises NotAwaitingDocuments, OrderHeld, TokenDead."""
    await _update(temporal, order_id, OrderWorkflow.accept, decision_id, ended=NotAwaitingDocuments())


async def decline_contract(temporal: Client, *, order_id: UUID, decision_id: UUID) -> None:
    """The titolare declines. Raises NotAwaitingDocuments, OrderHeld."""
    await _update(temporal, order_id, OrderWorkflow.decline, decision_id, ended=NotAwaitingDocuments())


async def report_order(temporal: Client, *, order_id: UUID, decision_id: UUID) -> None:
    """The titolare doesn't know the partner. Raises NotAwaitingDocuments, OrderHeld."""
    await _update(temporal, order_id, OrderWorkflow.report, decision_id, ended=NotAwaitingDocuments())


async def release_order(temporal: Client, *, order_id: UUID, release: Release) -> None:
    """An operator ends the hold. Raises OrderNotHeld."""
    await _update(temporal, order_id, OrderWorkflow.release, release, ended=OrderNotHeld())


async def resend_contracts(temporal: Client, *, order_id: UUID, wish: Resend, request_id: UUID | None = None) -> None:
    """One more contract mail; a request, however often it comes, is one.

    Raises NotAwaitingDocuments, OrderHeld, TooEarlyToResend, TooManyResends.
    """
    ended = NotAwaitingDocuments()
    await _update(temporal, order_id, OrderWorkflow.resend, wish, ended=ended, request_id=request_id)


async def correct_contacts(temporal: Client, *, order_id: UUID, correction: Correction) -> None:
    """Mend the titolare's addresses, and mail anew.

    Raises NotAwaitingDocuments, OrderHeld, TooManyResends, ContactsChanged.
    """
    await _update(temporal, order_id, OrderWorkflow.correct_contacts, correction, ended=NotAwaitingDocuments())


async def extend_acceptance(
    temporal: Client, *, order_id: UUID, extension: Extension, request_id: UUID | None = None
) -> None:
    """Give the titolare more time; a request, however often it comes, is one.

    Raises NotAwaitingDocuments, ExtensionTooLong.
    """
    ended = NotAwaitingDocuments()
    await _update(temporal, order_id, OrderWorkflow.extend, extension, ended=ended, request_id=request_id)


async def assign_responsabili(temporal: Client, *, order_id: UUID, assignment: Assignment) -> None:
    """Fill the roles. Raises ResponsabiliNotAssignable, TitolareNotFound, ResponsabileNotEligible."""
    await _update(temporal, order_id, OrderWorkflow.assign_responsabili, assignment, ended=ResponsabiliNotAssignable())


async def cancel_order(temporal: Client, *, order_id: UUID, cancellation: Cancellation) -> None:
    """Ask for the order's end. Raises OrderNotCancellable.

    Returns when the order has ended; or, if the provider takes its time to revoke, once the order has heard of it.
    """
    async with answering(ended=OrderNotCancellable()):
        heard = await _handle(temporal, order_id).start_update(
            OrderWorkflow.cancel, cancellation, wait_for_stage=WorkflowUpdateStage.ACCEPTED
        )
    with suppress(EngineUnavailable):
        async with answering():
            await heard.result()


async def retry_activation(temporal: Client, *, order_id: UUID, retry: Retry) -> None:
    """Ask the provider again. Raises NotActivationFailed."""
    await _update(temporal, order_id, OrderWorkflow.retry_activation, retry, ended=NotActivationFailed())


async def mail_credentials(temporal: Client, *, wish: CredentialMail) -> None:
    """A new one-time link for the responsabile. Raises TooEarlyToResend, TooManyResends."""
    start = WithStartWorkflowOperation(
        CredentialMailWorkflow.run,
        wish,
        id=credential_mail_workflow_id(credential_mail_id(wish)),
        task_queue=ORDERS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    async with answering():
        await temporal.execute_update_with_start_workflow(CredentialMailWorkflow.queued, start_workflow_operation=start)


async def report_account(temporal: Client, *, order_id: UUID, account: Account) -> None:
    """Tell the order what the provider reported. An order that has ended needs no telling."""
    with suppress(OrderNotCancellable):
        async with answering(ended=OrderNotCancellable()):
            await _handle(temporal, order_id).signal(OrderWorkflow.provider_reported, account)


async def _update(
    temporal: Client, order_id: UUID, update: Any, given: Any, *, ended: DomainError, request_id: UUID | None = None
) -> None:
    """Knock and wait. `ended` is what a workflow that is over would have answered."""
    async with answering(ended=ended):
        await _handle(temporal, order_id).execute_update(update, given, id=str(request_id) if request_id else None)


def _handle(temporal: Client, order_id: UUID) -> Orders:
    return temporal.get_workflow_handle_for(OrderWorkflow.run, order_workflow_id(order_id))


@asynccontextmanager
async def answering(*, ended: DomainError | None = None) -> AsyncIterator[None]:
    """Turn what Temporal raises into domain errors; no answer in time is EngineUnavailable."""
    try:
        async with asyncio.timeout(SECONDS):
            yield
    except WorkflowUpdateFailedError as error:
        _raise_domain_error(error)
    except RPCError as error:
        if ended is not None and error.status is RPCStatusCode.NOT_FOUND:
            raise ended from None
        raise EngineUnavailable from error
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError, RuntimeError) as error:
        raise EngineUnavailable from error


def _raise_domain_error(error: BaseException) -> NoReturn:
    """The domain error inside, as the step raised it; anything else is a bug, and stays what it is."""
    known = errors.by_name()
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ApplicationError) and cause.type in known:
            raise known[cause.type].from_facts(cause.details[0])
        cause = cause.__cause__
    raise error


async def is_reachable(temporal: Client) -> bool:
    """Whether the server answers in time. The call itself keeps the time: a busy process isn't a late server.

    Every five minutes the server renews a connection. While older calls still wait on the old one, whoever asks next
    is told "canceled" and must ask again (`frontend.keepAliveMaxConnectionAge`). `retry=True` does so as well, but
    goes on for six seconds and more with a server that is gone.
    """
    return await _answers(temporal) or await _answers(temporal)


async def _answers(temporal: Client) -> bool:
    try:
        return await temporal.service_client.check_health(timeout=REACHED_WITHIN)
    except RPCError:
        return False
