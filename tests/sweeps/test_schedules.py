"""The daily schedules: made once, left alone afterwards, and acting for the day that they were to start on."""

from datetime import datetime, time, timedelta

from temporalio.client import ScheduleBackfill, ScheduleOverlapPolicy

from domain.calendar import ROME
from tests.personas import Partner, Stage, eventually
from tests.services import in_days, service
from tests.simulators.hands import Provider
from tests.sweeps.sweeping import as_it_is
from workflows.schedules import DAILY, ensure_schedules


async def test_one_that_is_there_is_left_as_the_operators_have_it(stage: Stage) -> None:
    await ensure_schedules(stage.temporal)
    for schedule_id, (_, at) in DAILY.items():
        schedule = stage.temporal.get_schedule_handle(schedule_id)
        spec = (await schedule.describe()).schedule.spec
        calendar = spec.calendars[0]
        assert (calendar.hour[0].start, calendar.minute[0].start, spec.time_zone_name) == (
            at.hour, at.minute, "Europe/Rome",
        )  # fmt: skip
        await schedule.pause(note="manutenzione")
        await ensure_schedules(stage.temporal)
        assert (await schedule.describe()).schedule.state.paused
        await schedule.unpause()


async def test_a_day_acts_for_its_own_date(stage: Stage, bianchi: Partner, provider: Provider) -> None:  # noqa: ARG001
    row = await service(stage, bianchi, expires_on=in_days(12))
    await ensure_schedules(stage.temporal)
    midnight = datetime.combine(in_days(5), time(0), ROME)  # the first day on which it is renewed
    day = ScheduleBackfill(
        start_at=midnight, end_at=midnight + timedelta(days=1), overlap=ScheduleOverlapPolicy.BUFFER_ALL
    )
    await stage.temporal.get_schedule_handle("renewals").backfill(day)

    async def is_renewed() -> bool:
        return (await as_it_is(stage, row.id)).expires_on > row.expires_on

    await eventually(is_renewed)
