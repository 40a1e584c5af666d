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
    start_to_close_timeout=timedelta(hours=4),
    heartbeat_timeout=timedelta(seconds=30),  # a worker that is killed is soon missed
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
"""Some mails, each of which may meet a slow server; those wait for it as long as it takes."""

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

SWEEP = LocalActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    local_retry_threshold=timedelta(seconds=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2)),
)
"""Many rows in one transaction; it waits for the database as long as it takes."""

PARTNER = LocalActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    local_retry_threshold=timedelta(seconds=5),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2), maximum_attempts=10
    ),
)
"""One partner's part of it: what is amiss with one doesn't hold up the others, and tomorrow's sweep tries again."""

TELL_LATER = ActivityConfig(
    task_queue=PROVIDER_QUEUE,
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1), maximum_attempts=8
    ),
)
"""One of many things to tell the provider: what it doesn't take now waits for the next day's."""

POLL = ActivityConfig(
    task_queue=PROVIDER_QUEUE,
    start_to_close_timeout=timedelta(minutes=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10)),
)
"""Many questions to the provider, each of which may take its time."""
