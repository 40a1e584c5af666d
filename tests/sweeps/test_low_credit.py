"""Low credit: told when a charge brings it below the threshold, and when the renewals to come aren't covered."""

import pytest
from sqlalchemy import text

from tests.personas import Partner, Stage, eventually
from tests.services import in_days, open_account, service
from tests.sweeps.sweeping import subjects, sweep

pytestmark = pytest.mark.usefixtures("provider")


async def warn_below(stage: Stage, partner: Partner, *, cents: int) -> None:
    async with stage.sessions.begin() as session:
        wish = {"cents": cents, "id": partner.partner_id}
        await session.execute(text("update partners set low_credit_threshold_cents = :cents where id = :id"), wish)


async def warnings(partner: Partner) -> list[str]:
    return [subject for subject in await subjects(partner) if "redito" in subject]


async def test_the_charge_that_crosses_the_threshold_tells(stage: Stage, bianchi: Partner) -> None:
    await warn_below(stage, bianchi, cents=97_000)
    await bianchi.placed()
    assert await warnings(bianchi) == []
    await bianchi.placed()
    (only,) = await eventually(lambda: warnings(bianchi))
    await bianchi.placed()
    await sweep(stage, on=in_days(0))
    assert await warnings(bianchi) == [only]


async def test_the_sweep_tells_once_that_renewals_are_not_covered(stage: Stage, bianchi: Partner) -> None:
    for _ in range(2):
        row = await service(stage, bianchi, expires_on=in_days(20))
        await open_account(stage, row)
    await stage.spend(bianchi, cents=100_000 - 3_000)
    for day in range(3):
        await sweep(stage, on=in_days(day))
    assert len(await warnings(bianchi)) == 1
    await stage.top_up(bianchi, cents=10_000)
    await sweep(stage, on=in_days(3))
    await stage.spend(bianchi, cents=10_000)
    await sweep(stage, on=in_days(4))
    assert len(await warnings(bianchi)) == 2
