"""A service's renewals and its end, by sweeps and by partners: one charge a period, and every deed once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.services import ServiceRow
from domain.calendar import add_years
from domain.errors import InsufficientCredit
from domain.lifecycle import Actor
from domain.partners import RenewalPriority
from domain.products import RenewalMode
from domain.service_orders import Renewal
from tests.personas import Partner, Stage
from tests.services import DOCFLY, PA, in_days, open_account, service
from tests.simulators.hands import Catcher, Provider
from tests.sweeps.sweeping import as_it_is, begin_sweep, charges, subjects, sweep, until_account_is, until_told
from workflows import service_client

RENEWAL_CENTS = 2318  # EUR 19.00 and 22 %
pytestmark = pytest.mark.usefixtures("provider")


def wish(row: ServiceRow, *, asked_by: Actor = Actor.PARTNER) -> Renewal:
    return Renewal(
        service_id=row.id,
        order_id=row.order_id,
        period_start=row.expires_on,
        years=1,
        asked_by=asked_by,
        request_id=uuid4(),
    )


async def test_the_sweep_renews_from_the_old_expiry_and_tells_the_partner(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(7))
    await sweep(stage, on=in_days(0))
    renewed = await as_it_is(stage, row.id)
    assert renewed.expires_on == add_years(row.expires_on, years=1, anchor=row.starts_on)
    assert await bianchi.balance() == "976.82"
    assert len(await subjects(bianchi)) == 1


async def test_a_day_swept_again_or_by_five_at_once_is_swept_once(stage: Stage, bianchi: Partner) -> None:
    rows = [await service(stage, bianchi, expires_on=in_days(days)) for days in (7, 30, 5, 1, 200)]
    await asyncio.gather(*(sweep(stage, on=in_days(0)) for _ in range(5)))
    first = [((await as_it_is(stage, row.id)).expires_on) for row in rows], await subjects(bianchi)
    await sweep(stage, on=in_days(0))
    assert ([((await as_it_is(stage, row.id)).expires_on) for row in rows], await subjects(bianchi)) == first
    assert await charges(stage, bianchi) == 3
    assert len(first[1]) == 4  # three renewed, one notice


async def test_the_partner_and_the_sweep_at_once_renew_once(stage: Stage, bianchi: Partner) -> None:
    rows = [await service(stage, bianchi, expires_on=in_days(3)) for _ in range(8)]
    wishes = [service_client.renew_service(stage.temporal, renewal=wish(row)) for row in rows]
    await asyncio.gather(sweep(stage, on=in_days(0)), *wishes, return_exceptions=True)
    assert await charges(stage, bianchi) == len(rows)
    for row in rows:
        assert (await as_it_is(stage, row.id)).expires_on == add_years(row.expires_on, years=1, anchor=row.starts_on)


async def test_credit_for_some_goes_by_the_partners_priority(stage: Stage, bianchi: Partner) -> None:
    dear_and_soon = await service(stage, bianchi, expires_on=in_days(2), options=DOCFLY)
    cheap_and_late = await service(stage, bianchi, expires_on=in_days(6))
    await stage.spend(bianchi, cents=96_400)  # for either, not for both
    async with stage.sessions.begin() as session:
        await session.execute(
            text("update partners set renewal_priority = :wish where id = :id"),
            {"wish": RenewalPriority.CHEAPEST_FIRST, "id": bianchi.partner_id},
        )
    await sweep(stage, on=in_days(0))
    assert (await as_it_is(stage, cheap_and_late.id)).expires_on > in_days(300)
    left_out = await as_it_is(stage, dear_and_soon.id)
    assert left_out.expires_on == in_days(2)
    failed = (await bianchi.get(f"/v1/services/{dear_and_soon.id}/renewals")).json()["items"]
    assert [(one["outcome"], one["reason"]) for one in failed] == [("failed", "InsufficientCredit")]
    told = [mail for mail in await stage.mails(bianchi.address) if "non riuscit" in mail["subject"]]
    assert [left_out.order.number in mail["text"] for mail in told] == [True]


async def test_what_was_left_out_is_tried_again_tomorrow(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(4))
    await stage.spend(bianchi, cents=99_900)
    await sweep(stage, on=in_days(0))
    await sweep(stage, on=in_days(1))
    assert await charges(stage, bianchi) == 0
    await stage.top_up(bianchi, cents=RENEWAL_CENTS)
    await sweep(stage, on=in_days(2))
    assert await charges(stage, bianchi) == 1
    outcomes = [one["outcome"] for one in (await bianchi.get(f"/v1/services/{row.id}/renewals")).json()["items"]]
    assert outcomes == ["renewed", "failed", "failed"]


@pytest.mark.parametrize(("paid_for", "mails"), [(1, 2), (2, 0)])
async def test_no_mail_leaves_of_what_was_left_out_once_all_of_it_is_renewed(
    stage: Stage, bianchi: Partner, catcher: Catcher, *, paid_for: int, mails: int
) -> None:
    """Of two, left out while the mail server was away; if one is again, there is a mail for it alone, too."""
    catcher.mode("defer", to=bianchi.address)
    for days in (4, 5):
        await service(stage, bianchi, expires_on=in_days(days))
    await stage.spend(bianchi, cents=100_000)
    await begin_sweep(stage, on=in_days(0))
    await stage.top_up(bianchi, cents=paid_for * RENEWAL_CENTS)
    await begin_sweep(stage, on=in_days(1))
    assert await subjects(bianchi) == []
    catcher.mode("accept")
    await until_told(stage)
    told = await subjects(bianchi)
    assert len([subject for subject in told if "non riuscit" in subject]) == mails
    assert len([subject for subject in told if "innovat" in subject]) == paid_for


async def test_after_the_last_try_the_partner_is_told_to_ask(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(1))
    await stage.spend(bianchi, cents=99_900)
    await sweep(stage, on=in_days(0))
    assert (await coming(bianchi, row))["on"] == str(in_days(1))
    await sweep(stage, on=in_days(1))
    assert await coming(bianchi, row) is None
    last, first = [mail["text"] for mail in await stage.mails(bianchi.address) if "non riuscit" in mail["subject"]]
    assert "da domani ritentiamo" in first
    assert f"chieda il rinnovo entro il {row.service.grace_ends_on:%d/%m/%Y}" in last
    assert "domani" not in last


async def test_a_notice_speaks_of_the_tries_that_are_left(stage: Stage, bianchi: Partner) -> None:
    """It goes out after the day's try, which was in vain: it names tomorrow's, or tells that it was the last."""
    for days in (7, 0):
        await service(stage, bianchi, expires_on=in_days(days))
    await stage.spend(bianchi, cents=99_900)
    await sweep(stage, on=in_days(0))
    notices = [mail["text"] for mail in await stage.mails(bianchi.address) if "in scadenza" in mail["subject"]]
    (week,) = [text for text in notices if "scade fra 7 giorni" in text]
    (late,) = [text for text in notices if "scade oggi" in text]
    assert f"dal {in_days(1):%d/%m/%Y} lo tentiamo ogni giorno" in week
    assert "tentato per l'ultima volta" in late
    assert "tentiamo ogni giorno" not in late


async def coming(partner: Partner, row: ServiceRow) -> Any:
    return (await partner.get(f"/v1/services/{row.id}")).json()["next_renewal"]


async def test_one_that_nobody_renews_is_suspended_told_and_ends(stage: Stage, bianchi: Partner) -> None:
    by_hand = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
    row = await service(stage, bianchi, expires_on=in_days(0), options=by_hand)
    await open_account(stage, row)
    await sweep(stage, on=in_days(0))
    assert (await as_it_is(stage, row.id)).status == "active"  # until the day is over
    await sweep(stage, on=in_days(1))
    assert (await as_it_is(stage, row.id)).status == "suspended"
    assert stage.provider.held(row.order_id)["state"] == "suspended"
    for days in (60, 83, 90):
        await sweep(stage, on=in_days(days))
    assert (await as_it_is(stage, row.id)).status == "suspended"
    await sweep(stage, on=in_days(91))
    ended = await as_it_is(stage, row.id)
    assert (ended.status, ended.next_due_on, ended.order.live_key) == ("terminated", None, None)
    assert await charges(stage, bianchi) == 0
    assert len(await subjects(bianchi)) == 5  # the last notice, suspended, two offers, the end


async def test_reactivation_wakes_it_up_at_the_provider(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-1))
    await stage.spend(bianchi, cents=100_000)
    await open_account(stage, row)
    await sweep(stage, on=in_days(0))
    assert stage.provider.held(row.order_id)["state"] == "suspended"
    with pytest.raises(InsufficientCredit):
        await service_client.renew_service(stage.temporal, renewal=wish(row))
    await stage.top_up(bianchi, cents=RENEWAL_CENTS)
    await service_client.renew_service(stage.temporal, renewal=wish(row))
    assert (await as_it_is(stage, row.id)).status == "active"
    await until_account_is(stage, row.order_id, "active")


async def test_what_a_day_to_come_has_suspended_is_reactivated_today(stage: Stage, bianchi: Partner) -> None:
    by_hand = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
    row = await service(stage, bianchi, expires_on=in_days(300), options=by_hand)
    await open_account(stage, row)
    await sweep(stage, on=in_days(301))
    assert stage.provider.held(row.order_id)["state"] == "suspended"
    body, key = {"years": 1, "expires_on": str(row.expires_on)}, {"Idempotency-Key": str(uuid4())}
    answer = await bianchi.post(f"/v1/services/{row.id}/renewals", json=body, headers=key)
    assert answer.status_code == 201, answer.text
    assert (await bianchi.get(f"/v1/services/{row.id}")).json()["status"] == "active"
    await until_account_is(stage, row.order_id, "active")


async def test_after_an_outage_notices_collapse_into_one(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(40))
    await sweep(stage, on=in_days(-15))  # held up: it acts for today
    await sweep(stage, on=in_days(0))
    (only,) = await stage.mails(bianchi.address)
    assert f"{row.expires_on:%d/%m/%Y}" in only["text"]


async def test_a_sweep_that_was_begun_before_an_outage_goes_on_as_of_now(stage: Stage, bianchi: Partner) -> None:
    by_hand = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
    row = await service(stage, bianchi, expires_on=in_days(3), options=by_hand)
    await sweep(stage, on=in_days(-12))  # it has been going on since then: the 15th day before the expiry
    await sweep(stage, on=in_days(0))
    (only,) = await stage.mails(bianchi.address)
    assert f"scade fra 3 giorni, il {row.expires_on:%d/%m/%Y}" in only["text"]


async def test_the_provider_hears_of_a_suspension_once_it_answers_again(
    stage: Stage, bianchi: Partner, provider: Provider
) -> None:
    row = await service(
        stage, bianchi, expires_on=in_days(-1), options=PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
    )
    await open_account(stage, row)
    provider.mode("error", order=row.order_id, calls="all")
    swept = asyncio.create_task(sweep(stage, on=in_days(0)))
    await asyncio.sleep(0)
    provider.mode("instant", order=row.order_id)
    await swept
    await until_account_is(stage, row.order_id, "suspended")
