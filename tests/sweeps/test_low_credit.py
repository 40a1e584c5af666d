"""Low credit: told when a charge brings it below the threshold, and when the renewals to come aren't covered."""

import pytest
from sqlalchemy import text

from tests.personas import Partner, Stage, eventually
from tests.services import in_days, open_account, service
from tests.sweeps.sweeping import subjects, sweep

pytestmark = pytest.mark.usefixtures("provider")


async def warn_below(stage: Stage, partner: Partner, *, cents: int | None) -> None:
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


async def test_who_is_below_the_threshold_is_told_of_renewals_that_are_not_covered_too(
    stage: Stage, bianchi: Partner
) -> None:
    """Each reason once, while it lasts; also if the second comes on the day of the first."""
    await warn_below(stage, bianchi, cents=50_000)
    await stage.spend(bianchi, cents=100_000 - 3_000)
    await sweep(stage, on=in_days(0))
    assert ["soglia" in text for text in await told(stage, bianchi)] == [True]
    for _ in range(2):
        await open_account(stage, await service(stage, bianchi, expires_on=in_days(20)))
    for day in (0, 1):
        await sweep(stage, on=in_days(day))
    assert "ma i rinnovi taciti dei prossimi 30 giorni" in (await told(stage, bianchi))[0]
    await warn_below(stage, bianchi, cents=None)
    await sweep(stage, on=in_days(2))
    assert len(await told(stage, bianchi)) == 2
    await warn_below(stage, bianchi, cents=50_000)
    await sweep(stage, on=in_days(3))
    assert len(await told(stage, bianchi)) == 3


async def test_both_reasons_at_once_are_one_mail(stage: Stage, bianchi: Partner) -> None:
    await warn_below(stage, bianchi, cents=50_000)
    await open_account(stage, await service(stage, bianchi, expires_on=in_days(20)))
    await stage.spend(bianchi, cents=100_000 - 2_000)
    for day in range(2):
        await sweep(stage, on=in_days(day))
    (only,) = await told(stage, bianchi)
    assert "sotto la soglia scelta di 500,00 €" in only
    assert "i rinnovi taciti ne richiedono 23,18 €: mancano 3,18 €." in only


async def told(stage: Stage, partner: Partner) -> list[str]:
    """What the warnings say, newest first."""
    return [mail["text"] for mail in await stage.mails(partner.address) if "redito" in mail["subject"]]
