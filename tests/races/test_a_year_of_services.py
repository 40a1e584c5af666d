"""A year in the life of 1,000 services, swept day by day by the schedule's own backfill: nothing lost or twice."""

import asyncio
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import ScheduleBackfill, ScheduleOverlapPolicy

from domain.calendar import ROME
from tests.personas import Partner, Stage, eventually
from tests.services import PA, in_days, many_services, open_account
from tests.workflows.processes import annexe, worker_process

pytestmark = pytest.mark.usefixtures("provider")

RICH, POOR, DAYS = 900, 100, 365
TERM_YEARS = 2
"""Of the rich one's services, so that half of them expire within the year, on every day some."""
MOST_SECONDS = 1_200

BOOKS = """
select
  (select count(*) from renewals where partner_id = :p and outcome = 'renewed') as renewed,
  (select count(*) from transfers where partner_id = :p and cause = 'renewal') as charges,
  (select sum((price->>'net_cents')::int + (price->>'vat_cents')::int) from renewals
     where partner_id = :p and outcome = 'renewed') as spent,
  (select balance_cents from accounts where partner_id = :p and kind = 'credit') as balance,
  (select sum(balance_cents) from accounts where partner_id = :p) as all_accounts
"""
STATUSES = "select status, count(*) from services where partner_id = :p group by 1"
# A notice that leaves only after the renewal it announces has nothing to say any more, and is dropped.
MAILS = """
select m.kind, count(*) from mails m left join orders o on o.id = m.order_id
where coalesce(m.partner_id, o.partner_id) = :p and m.state in ('sent', 'dropped') group by 1
"""
UNSENT = """
select count(*) from mails m left join orders o on o.id = m.order_id
where coalesce(m.partner_id, o.partner_id) = :p and m.state not in ('sent', 'dropped')
"""
CAUSES = """
select kind, count(*) from (
  select case d.kind when 'notice' then 'expiry_notice' when 'suspension' then 'suspended'
    when 'termination' then 'terminated' else d.kind end as kind
  from deeds d join services s on s.id = d.service_id where s.partner_id = :p and d.kind <> 'renewal'
  union all select 'renewed' from renewals where partner_id = :p and outcome = 'renewed'
  union all select 'renewal_failed' from (
    select distinct at from renewals where partner_id = :p and outcome = 'failed') days
) caused group by 1
"""


async def test_a_year_leaves_the_books_balanced_and_every_mail_told(stage: Stage) -> None:
    async with annexe(stage, namespace="year") as house, asyncio.timeout(MOST_SECONDS):
        rich, poor = await house.partner("Studio Bianchi"), await house.partner("Studio Verdi")
        await house.top_up(rich, cents=10_000_000)
        terms = PA.model_copy(update={"renewal_years": TERM_YEARS})
        spread = DAYS * TERM_YEARS
        await many_services(
            house, rich, number=RICH, expires_on=lambda n: in_days(1 + n * spread // RICH), options=terms
        )
        for row in await many_services(house, poor, number=POOR, expires_on=lambda n: in_days(1 + n * DAYS // POOR)):
            await open_account(house, row)  # the provider hears of their suspension
        async with worker_process(house.settings):
            await live(house, days=DAYS)
            await eventually(partial(is_told, house, rich), within=300)
            await eventually(partial(is_told, house, poor), within=300)
        for partner in (rich, poor):
            await partner.http.aclose()
        await check(house, rich, paid=10_100_000, active=RICH)
        await check(house, poor, paid=100_000, active=None)


async def live(house: Stage, *, days: int) -> None:
    """Every day after the other, as fast as it goes."""
    schedule, first = house.temporal.get_schedule_handle("renewals"), datetime.combine(in_days(1), time(0), ROME)
    lived = ScheduleBackfill(
        start_at=first, end_at=first + timedelta(days=days), overlap=ScheduleOverlapPolicy.BUFFER_ALL
    )
    await schedule.backfill(lived)

    async def is_over() -> bool:
        info = (await schedule.describe()).info
        return info.num_actions >= days and not info.running_actions

    await eventually(is_over, within=MOST_SECONDS)


async def is_told(house: Stage, partner: Partner) -> bool:
    async with house.sessions() as session:
        return bool(await session.scalar(text(UNSENT), {"p": partner.partner_id}) == 0)


async def check(house: Stage, partner: Partner, *, paid: int, active: int | None) -> None:
    whose = {"p": partner.partner_id}
    async with house.sessions() as session:
        books = (await session.execute(text(BOOKS), whose)).one()
        statuses, mails, causes = [await counted(session, what, whose) for what in (STATUSES, MAILS, CAUSES)]
    assert books.renewed == books.charges > 0
    assert books.balance == paid - books.spent
    assert books.all_accounts == 0
    if active is not None:
        assert statuses == {"active": active}
        assert books.renewed >= active // TERM_YEARS
    else:
        assert set(statuses) == {"active", "suspended", "terminated"}
        assert books.balance < 2_318
    mails.pop("low_credit", 0)
    assert mails == causes


async def counted(session: AsyncSession, what: str, whose: dict[str, UUID]) -> dict[str, int]:
    return {kind: count for kind, count in await session.execute(text(what), whose)}  # noqa: C416 - rows are no pairs
