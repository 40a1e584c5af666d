"""Timeouts and retries, by kind of work."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType, ActivityConfig, LocalActivityConfig

from workflows.messages import MAIL_QUEUE, PROVIDER_QUEUE

RECORD = LocalActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    local_retry_threshold=timedelta(seconds=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(minutes=2)),
)
"""One transaction in the database. It must happen, so there is no end to trying; but each try that waits longer than
the threshold leaves some six events in the history, so in an outage of days the tries must be rare."""

MAIL = ActivityConfig(
    task_queue=MAIL_QUEUE,
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
"""Mail waits for its server as long as it takes."""

ASK_PROVIDER = ActivityConfig(
    task_queue=PROVIDER_QUEUE,
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10)),
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
"""A question that a cancellation may overtake: but no request may be on its way when the account is revoked."""

TELL_PROVIDER = ActivityConfig(
    task_queue=PROVIDER_QUEUE,
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
"""A compensation: repeated until the provider has answered."""
