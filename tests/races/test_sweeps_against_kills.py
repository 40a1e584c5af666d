"""A sweep whose worker is killed again and again, as the kernel would: it ends as one that nobody disturbed."""

import asyncio
import random
from functools import partial

import pytest
from sqlalchemy import text

from domain.calendar import add_years
from tests.personas import Partner, Stage, eventually
from tests.services import in_days, many_services
from tests.sweeps.sweeping import as_it_is, charges, subjects, sweep
from tests.workflows.processes import WorkerProcess, annexe

pytestmark = pytest.mark.usefixtures("provider")

DUE, NOTICES = 30, 10
MOST_SECONDS = 600
DONE = """
select (select count(*) from transfers where partner_id = :partner and cause = 'renewal')
  + (select count(*) from mails m join orders o on o.id = m.order_id where o.partner_id = :partner and m.state = 'sent')
"""
CHANCE = random.Random(20_261_125)


async def test_it_renews_each_once_and_tells_of_each_once(stage: Stage) -> None:
    async with annexe(stage, namespace="killed-sweeps") as house:
        partner = await house.partner("Studio Bianchi")
        due = await many_services(house, partner, number=DUE, expires_on=lambda n: in_days(n % 8))
        await many_services(house, partner, number=NOTICES, expires_on=lambda _: in_days(30))
        killing = asyncio.create_task(keep_killing(WorkerProcess(house.settings), house, partner))
        async with asyncio.timeout(MOST_SECONDS):
            await asyncio.gather(sweep(house, on=in_days(0)), sweep(house, on=in_days(0)))
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        await partner.http.aclose()
        assert await charges(house, partner) == DUE
        for row in due:
            renewed = await as_it_is(house, row.id)
            assert renewed.expires_on == add_years(row.expires_on, years=1, anchor=row.starts_on)
        told = await eventually(lambda: subjects(partner))
        assert len(set(told)) == DUE + NOTICES
        assert len(told) <= len(set(told)) + 5  # the one on the wire when it was killed


async def keep_killing(process: WorkerProcess, house: Stage, partner: Partner) -> None:
    """Each time after some more was done: too much of it, and nothing would ever end."""
    try:
        while True:
            await process.start()
            enough = await progress(house, partner) + CHANCE.randint(10, 30)
            await eventually(partial(has_come, house, partner, so_far=enough), within=MOST_SECONDS)
            await process.kill()
    finally:
        await process.kill()


async def has_come(house: Stage, partner: Partner, *, so_far: int) -> bool:
    return await progress(house, partner) >= so_far


async def progress(house: Stage, partner: Partner) -> int:
    """Periods that were charged, and mails that have left."""
    async with house.sessions() as session:
        return int(await session.scalar(text(DONE), {"partner": partner.partner_id}) or 0)
