"""What happens by itself, every day. Calendars are ours: a schedule only says when to look at them."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)

from workflows.messages import ORDERS
from workflows.renewal_sweep import RenewalSweepWorkflow
from workflows.space_poll import SpacePollWorkflow

DAILY: dict[str, tuple[Any, int]] = {
    "renewals": (RenewalSweepWorkflow.run, 4),
    "space": (SpacePollWorkflow.run, 5),
}
"""By schedule id: the workflow, and the hour in Rome, which is none that comes twice or never once a year."""


async def ensure_schedules(temporal: Client) -> None:
    """Create those that aren't there. One that is there is left alone: operators may have changed or paused it."""
    for schedule_id, (run, hour) in DAILY.items():
        with suppress(ScheduleAlreadyRunningError):
            await temporal.create_schedule(schedule_id, _daily(run, schedule_id=schedule_id, hour=hour))


def _daily(run: Any, *, schedule_id: str, hour: int) -> Schedule:
    """Days that an outage of up to a year has missed are made up for, one after the other."""
    return Schedule(
        action=ScheduleActionStartWorkflow(run, id=schedule_id, task_queue=ORDERS),
        spec=ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(hour)])], time_zone_name="Europe/Rome"),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL, catchup_window=timedelta(days=366)),
    )
