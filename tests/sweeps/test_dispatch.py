"""What sweeps leave to tell, and the one who tells it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from activities import notifications
from db import mails
from db.mails import MailRow
from domain.mails import Box, MailKind
from domain.products import RenewalMode
from domain.service_mails import Terminated
from tests.personas import Partner, Stage, eventually
from tests.services import PA, in_days, open_account, service
from tests.simulators.hands import Catcher, Provider
from tests.sweeps.sweeping import begin_sweep, subjects, sweep, until_account_is, until_told

BY_HAND = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
DISPATCHERS = "WorkflowType = 'DispatchWorkflow' and ExecutionStatus = 'Running'"


@pytest.mark.usefixtures("provider")
async def test_who_waits_for_the_mail_server_tells_what_later_sweeps_leave_too(
    stage: Stage, bianchi: Partner, verdi: Partner, catcher: Catcher
) -> None:
    catcher.mode("defer", to=bianchi.address)
    await service(stage, bianchi, expires_on=in_days(30))
    await begin_sweep(stage, on=in_days(0))
    row = await service(stage, verdi, expires_on=in_days(-1), options=BY_HAND)
    await open_account(stage, row)
    await begin_sweep(stage, on=in_days(0))
    await until_account_is(stage, row.order_id, "suspended")
    assert len(await eventually(lambda: subjects(verdi))) == 1
    assert (await stage.temporal.count_workflows(DISPATCHERS)).count == 1
    assert await subjects(bianchi) == []
    catcher.mode("accept")
    await until_told(stage)
    assert len(await subjects(bianchi)) == 1


@pytest.mark.usefixtures("provider")
async def test_one_mail_that_can_not_be_written_holds_up_no_other_and_is_tried_again(
    stage: Stage, bianchi: Partner, catcher: Catcher
) -> None:
    catcher.mode("accept")
    row = await service(stage, bianchi, expires_on=in_days(30))
    broken = MailRow(id=uuid4(), order_id=row.order_id, kind=MailKind.TERMINATED, box=Box.ORDINARY, to=bianchi.address)
    broken.at, broken.words = datetime.now(UTC), {"what": "nobody foresaw"}
    async with stage.sessions.begin() as session:
        await mails.queue(session, broken)
    await begin_sweep(stage, on=in_days(0))
    assert len(await eventually(lambda: subjects(bianchi))) == 1
    async with stage.sessions.begin() as session:
        mended = """{"expires_on": "2026-01-01", "ended_on": "2026-04-01"}"""
        await session.execute(
            text("update mails set words = :words where id = :id"), {"words": mended, "id": broken.id}
        )
    await until_told(stage)
    assert len(await subjects(bianchi)) == 2


@pytest.mark.usefixtures("provider", "catcher")
async def test_what_piled_up_leaves_oldest_first(
    stage: Stage, bianchi: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "AT_ONCE", 2)
    row, ends = await service(stage, bianchi, expires_on=in_days(200)), [in_days(day) for day in range(5)]
    for day, ended_on in enumerate(ends):
        words = Terminated(expires_on=row.expires_on, ended_on=ended_on).model_dump(mode="json")
        at, mail_id = datetime.now(UTC) + timedelta(days=day), UUID(int=row.id.int - day)
        mail = MailRow(id=mail_id, order_id=row.order_id, kind=MailKind.TERMINATED, box=Box.ORDINARY, at=at)
        mail.to, mail.words = bianchi.address, words
        async with stage.sessions.begin() as session:
            await mails.queue(session, mail)
    await sweep(stage, on=in_days(0))
    newest_first = [mail["text"] for mail in await stage.mails(bianchi.address)]
    assert [f"{on:%d/%m/%Y}" in text for on, text in zip(ends, reversed(newest_first), strict=True)] == [True] * 5


async def test_what_the_provider_refuses_is_told_once(stage: Stage, bianchi: Partner, provider: Provider) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-1), options=BY_HAND)  # of an account that they don't know
    for _ in range(3):
        await sweep(stage, on=in_days(0))
    timeline = (await bianchi.get(f"/v1/orders/{row.order_id}/timeline")).json()["items"]
    (told,) = [event for event in timeline if event["kind"] == "provider_refused"]
    assert (told["actor"], told["detail"]) == ("provider", {"code": 404, "state": "suspended", "gb": 1})
    await open_account(stage, row)
    await sweep(stage, on=in_days(0))
    assert provider.held(row.order_id)["state"] == "suspended"
