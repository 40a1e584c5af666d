"""Errors on their way into a history: the class name, the facts, and nobody's data."""

from typing import Any

import structlog
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from db.connection import is_outage
from domain.errors import DatabaseUnavailable, DomainError, Unavailable
from telemetry import where

log = structlog.get_logger()


def failure(error: DomainError) -> ApplicationError:
    """A domain error as Temporal carries it. Only the Unavailable family is asked again."""
    return ApplicationError(
        str(error),
        error.facts,
        type=type(error).__name__,
        non_retryable=not isinstance(error, Unavailable),
        category=ApplicationErrorCategory.BENIGN,
    )


class ActivityErrors(Interceptor):
    """Maps every failure of an activity, once. An unknown one is a bug: retried, reported, stripped of its words."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Stand before every activity."""
        return _Mapping(next)


class _Mapping(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        try:
            return await super().execute_activity(input)
        except DomainError as error:
            raise failure(error) from None
        except Exception as error:  # noqa: BLE001 - the edge of every activity
            if is_outage(error):
                raise failure(DatabaseUnavailable()) from None
            kind = type(error).__name__
            log.error(  # noqa: TRY400 - a trace would print values
                "activity_failed", activity=input.fn.__name__, error=kind, where=where(error)
            )
            raise ApplicationError("This step failed: see the worker's log.", type=kind) from None
