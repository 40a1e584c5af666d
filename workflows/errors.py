"""Domain errors on their way out of a workflow: answered, never the end of the order."""

from collections.abc import Sequence
from inspect import signature
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from activities.errors import failure
from domain.errors import DomainError


class WorkflowErrors(Interceptor):
    """Maps what validators and updates raise, once; and lets no ill-shaped message block an order."""

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: ARG002 - the engine's shape
        """Stand before every workflow."""
        return _Mapping


class _Mapping(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:
        if _fits(input.signal, input.args):
            await super().handle_signal(input)
        else:  # dropped, as one that can't be read is
            workflow.logger.warning("signal_dropped", extra={"signal": input.signal})

    def handle_update_validator(self, input: HandleUpdateInput) -> None:
        try:
            super().handle_update_validator(input)
        except DomainError as error:
            raise failure(error) from None

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        if not _fits(input.update, input.args):
            raise ApplicationError("The arguments don't fit.", category=ApplicationErrorCategory.BENIGN)
        try:
            return await super().handle_update_handler(input)
        except DomainError as error:
            raise failure(error) from None


def _fits(name: str, given: Sequence[Any]) -> bool:
    """Whether the handler can take these: as many as it wants, and each of them read from JSON, as its type says.

    A null stands for what may be left out, if None is what it is then.
    """
    shape = signature(getattr(workflow.instance(), name))
    try:
        arguments = shape.bind(*given).arguments
    except TypeError:
        return False
    return all(
        not isinstance(one, bytes) and (one is not None or shape.parameters[what].default is None)
        for what, one in arguments.items()
    )
