"""What a failing step leaves in a history: a name and facts, and nobody's data."""

from typing import Any, NoReturn
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog.testing import capture_logs
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.errors import ActivityErrors, failure
from domain.errors import (
    DomainError,
    InsufficientCredit,
    MailServerUnavailable,
    NoPriceList,
    OrderNotFound,
    ProviderUnavailable,
)

ORDER = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
SECRET = "RSSMRA85T10A562S"


class Raising(ActivityInboundInterceptor):
    """The last in the chain: a step that fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> NoReturn:  # noqa: ARG002 - the engine's shape
        raise self.error


async def failed(error: BaseException) -> ApplicationError:
    """What Temporal hears of it."""
    step = ExecuteActivityInput(fn=failed, args=[], executor=None, headers={})
    with pytest.raises(ApplicationError) as raised:
        await ActivityErrors().intercept_activity(Raising(error)).execute_activity(step)
    return raised.value


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (OrderNotFound(order_id=ORDER), False),
        (NoPriceList(), False),
        (InsufficientCredit(missing_cents=12), False),
        (ProviderUnavailable(code=503), True),
        (MailServerUnavailable(), True),
    ],
)
async def test_a_domain_error_travels_by_name_and_only_outages_are_tried_again(
    error: DomainError,
    again: bool,  # noqa: FBT001
) -> None:
    told = await failed(error)
    assert (told.type, told.details[0]) == (type(error).__name__, error.facts)
    assert told.non_retryable is not again
    assert told.category is ApplicationErrorCategory.BENIGN
    assert told.__cause__ is None
    assert str(failure(error)) == str(told)


class Lost(Exception):
    sqlstate = "57P01"


class Refused(Exception):
    sqlstate = "23505"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(SECRET),
        PoolTimeout(),
        DBAPIError(SECRET, {}, Lost(SECRET)),
        DBAPIError(SECRET, {}, Exception(SECRET), connection_invalidated=True),
    ],
    ids=repr,
)
async def test_a_database_out_of_reach_is_an_outage(error: Exception) -> None:
    told = await failed(error)
    assert (told.type, told.non_retryable) == ("DatabaseUnavailable", False)
    assert SECRET not in repr(told)


@pytest.mark.parametrize(
    "error",
    [ValueError(SECRET), KeyError(SECRET), AssertionError(SECRET), IntegrityError(SECRET, {}, Refused(SECRET))],
    ids=repr,
)
async def test_a_bug_is_reported_and_tried_again_without_its_words(error: Exception) -> None:
    with capture_logs() as logs:
        told = await failed(error)
    assert (told.type, told.non_retryable, told.__cause__) == (type(error).__name__, False, None)
    (reported,) = logs
    assert reported["log_level"] == "error"
    assert (reported["event"], reported["error"], reported["activity"]) == (
        "activity_failed",
        type(error).__name__,
        "failed",
    )
    assert "test_errors.py:" in reported["where"]
    assert SECRET not in f"{told!r}{told.details}{reported}"


async def test_what_business_expects_is_not_reported() -> None:
    with capture_logs() as logs:
        await failed(OrderNotFound(order_id=ORDER))
        await failed(ConnectionRefusedError())
    assert logs == []


async def test_a_step_that_goes_well_is_left_alone() -> None:
    class Working(ActivityInboundInterceptor):
        def __init__(self) -> None:
            pass

        async def execute_activity(self, input: ExecuteActivityInput) -> Any:
            return input.args

    step = ExecuteActivityInput(fn=failed, args=[ORDER], executor=None, headers={})
    assert await ActivityErrors().intercept_activity(Working()).execute_activity(step) == [ORDER]
