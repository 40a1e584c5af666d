"""Domain errors on their way out of a workflow: answered, never the end of the order."""

from typing import Any

from temporalio.worker import (
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from activities.errors import failure
from domain.errors import DomainError


class WorkflowErrors(Interceptor):
    """Maps what validators and updates raise, once."""

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002, ARG002
        """Stand before every workflow."""
        return _Mapping


class _Mapping(WorkflowInboundInterceptor):
    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002
        try:
            super().handle_update_validator(input)
        except DomainError as error:
            raise failure(error) from None

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002
        try:
            return await super().handle_update_handler(input)
        except DomainError as error:
            raise failure(error) from None
