"""What happens by itself, every day. Calendars are ours: a schedule only says when to look at them."""

from contextlib import suppress
from datetime import time, timedelta
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

DAILY: dict[str, tuple[Any, time]] = {
    "renewals": (RenewalSweepWorkflow.run, time(0, 10)),
    "space": (SpacePollWorkflow.run, time(5)),
}
"""By schedule id: the workflow, and when in Rome: no time that comes twice or never once a year.

What a day has ended is ended soon after it."""


async def ensure_schedules(temporal: Client) -> None:
    """Create those that aren't there. One that is there is left alone: operators may have changed or paused it."""
    for schedule_id, (run, at) in DAILY.items():
        with suppress(ScheduleAlreadyRunningError):
            await temporal.create_schedule(schedule_id, _daily(run, schedule_id=schedule_id, at=at))


def _daily(run: Any, *, schedule_id: str, at: time) -> Schedule:
    """Days that an outage of up to a year has missed are made up for, one after the other."""
    when = ScheduleCalendarSpec(hour=[ScheduleRange(at.hour)], minute=[ScheduleRange(at.minute)])
    return Schedule(
        action=ScheduleActionStartWorkflow(run, id=schedule_id, task_queue=ORDERS),
        spec=ScheduleSpec(calendars=[when], time_zone_name="Europe/Rome"),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL, catchup_window=timedelta(days=366)),
    )
