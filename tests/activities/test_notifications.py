"""Queued mails on their way out: each once, whoever carries it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities import announcements, notifications
from activities.composition import Writer
from activities.notifications import Notifications
from activities.receipts import Receipts
from db import services
from db.connection import Sessions
from db.services import ServiceRow
from domain.errors import AccountPending, MailServerUnavailable
from domain.lifecycle import Actor, CancelReason
from domain.mails import Box
from domain.orders import Cancellation, Cancelling, Deciding, Mailing, Recipient, Step
from domain.products import RenewalMode
from domain.service_mails import ExpiryNotice, ExportOffer, ServiceWords, SpaceWarning
from domain.services import ServiceStatus
from domain.space import GB, SpaceLevel
from gateways import mail
from gateways.mail import Mailbox
from gateways.provider import Provider
from gateways.seal import Seal
from settings import Settings
from tests.activities.conftest import LETTERS, NOW, Desk
from tests.activities.test_repeats import accept, activate, assign, decide, place
from tests.personas import eventually
from tests.simulators.hands import Catcher


@pytest.fixture
async def courier(settings: Settings, sessions: Sessions) -> AsyncIterator[Notifications]:
    provider = Provider(settings.provider_url.get_secret_value())
    seal = Seal(settings.seal_key.get_secret_value(), timestamp_url=settings.timestamp_url.get_secret_value())
    writer = Writer(
        secret=LETTERS.secret,
        public_url=settings.public_url,
        provider=provider,
        receipts=Receipts(sessions, seal=seal),
    )
    url = settings.smtp_url.get_secret_value()
    yield Notifications(
        sessions, writer=writer, boxes={box: Mailbox(url, sender=f"{box}@docfly.invalid") for box in Box}
    )
    await provider.close()
    seal.close()


async def deliver(courier: Notifications, desk: Desk) -> bool:
    """Whether all that was queued has gone."""
    try:
        await ActivityEnvironment().run(courier.deliver_mails, desk.placing.order_id)
    except MailServerUnavailable:
        return False
    return True


async def test_two_couriers_send_one_mail(desk: Desk, courier: Notifications, catcher: Catcher) -> None:
    await desk.credit.place_order(desk.placing)
    await asyncio.gather(*(deliver(courier, desk) for _ in range(5)))
    assert await deliver(courier, desk)
    assert len(await asyncio.to_thread(catcher.messages, desk.pec)) == 1


async def test_a_slow_server_gets_a_mail_once(
    desk: Desk, courier: Notifications, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may think about a message for longer than about anything else, and we live all the while."""
    monkeypatch.setattr(mail, "SECONDS", 4)
    monkeypatch.setattr(notifications, "BEAT_SECONDS", 0.5)
    catcher.mode("slow", to=desk.pec, delay_s=5)
    await desk.credit.place_order(desk.placing)
    environment, beats = ActivityEnvironment(), list[UUID]()
    environment.on_heartbeat = beats.append
    await environment.run(courier.deliver_mails, desk.placing.order_id)
    assert len(await asyncio.to_thread(catcher.messages, desk.pec)) == 1
    assert len(beats) >= 3


async def test_a_mail_on_the_wire_is_in_nobodys_way_and_comes_to_its_end(
    desk: Desk, courier: Notifications, catcher: Catcher
) -> None:
    """The titolare may have it before its server says so, and decide; Temporal may take us for dead meanwhile."""
    catcher.mode("slow", to=desk.pec, delay_s=5)
    await place(desk)
    environment = ActivityEnvironment()
    delivering = asyncio.create_task(environment.run(courier.deliver_mails, desk.placing.order_id))
    await eventually(lambda: asyncio.to_thread(catcher.messages, desk.pec))
    await decide(desk, by_mail=1)
    assert not delivering.done()
    environment.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert await desk.mails() == {"contract_acceptance": "sent"}


async def test_a_worker_that_stops_begins_no_further_mail(desk: Desk, courier: Notifications, catcher: Catcher) -> None:
    await place(desk)
    environment = ActivityEnvironment()
    environment.worker_shutdown()
    with pytest.raises(MailServerUnavailable):
        await environment.run(courier.deliver_mails, desk.placing.order_id)
    assert await desk.mails() == {"contract_acceptance": "queued"}
    assert await asyncio.to_thread(catcher.messages, desk.pec) == []


async def test_an_older_contract_mail_stays_at_home(desk: Desk, courier: Notifications, catcher: Catcher) -> None:
    await desk.credit.place_order(desk.placing)
    await desk.records.queue_contract_mail(desk.at(Mailing, to=Recipient.PEC, number=2, actor=Actor.OPERATOR))
    assert await deliver(courier, desk)
    assert len(await asyncio.to_thread(catcher.messages, desk.pec)) == 1


async def test_the_titolare_hears_of_the_end_only_if_of_the_beginning(
    desk: Desk, courier: Notifications, catcher: Catcher
) -> None:
    declined = Cancellation(reason=CancelReason.DECLINED, actor=Actor.TITOLARE)
    await desk.credit.place_order(desk.placing)
    assert await deliver(courier, desk)
    await desk.credit.refund(desk.at(Cancelling, cancellation=declined))
    assert await deliver(courier, desk)
    ended, began = await asyncio.to_thread(catcher.messages, desk.pec)
    assert "/accept/" in began["text"]
    assert "/accept/" not in ended["text"]
    assert ended["mail_from"] == "pec@docfly.invalid"


async def test_one_mail_that_must_wait_holds_up_no_other(desk: Desk, courier: Notifications, catcher: Catcher) -> None:
    catcher.mode("defer", to=desk.pec)
    await desk.credit.place_order(desk.placing)
    await desk.records.hold_order(desk.at(Deciding, decision_id=uuid4()))
    assert not await deliver(courier, desk)
    assert await desk.mails() == {"contract_acceptance": "queued", "order_held": "sent"}
    catcher.mode("accept")
    assert await deliver(courier, desk)
    assert await desk.mails() == {"contract_acceptance": "sent", "order_held": "sent"}


@pytest.mark.usefixtures("catcher")
async def test_credentials_wait_for_a_provider_who_does_not_know_the_account_yet(
    desk: Desk, courier: Notifications
) -> None:
    for step in (place, accept, assign, activate):
        await step(desk)
    async with desk.sessions.begin() as session:
        gone = text("update mails set state = 'sent' where order_id = :order and kind = 'acceptance_receipt'")
        await session.execute(gone, {"order": desk.placing.order_id})
    with pytest.raises(AccountPending):
        await ActivityEnvironment().run(courier.deliver_mails, desk.placing.order_id)
    mails = await desk.mails()
    assert (mails["credentials"], mails["order_activated"]) == ("queued", "sent")


@pytest.fixture
async def row(desk: Desk) -> ServiceRow:
    """The service of an order that is active; what that has caused to be told has gone out."""
    for step in (place, accept, assign):
        await step(desk)
    await desk.activation.record_activation(desk.at(Step))
    async with desk.sessions.begin() as session:
        gone = text("update mails set state = 'sent' where order_id = :order")
        await session.execute(gone, {"order": desk.placing.order_id})
        return await services.of_order(session, order_id=desk.placing.order_id)


async def told(desk: Desk, courier: Notifications, row: ServiceRow, *words: ServiceWords) -> list[str]:
    """How far each of these came, a day after the other, when they leave at last."""
    async with desk.sessions.begin() as session:
        for day, said in enumerate(words):
            at = NOW + timedelta(days=day)
            await announcements.about_service(session, row, said, day=at.date(), at=at)
    assert await deliver(courier, desk)
    asked = text("select state from mails where order_id = :order and words is not null order by at")
    async with desk.sessions() as session:
        return list(await session.scalars(asked, {"order": row.order_id}))


def notice(row: ServiceRow, *, days_left: int) -> ExpiryNotice:
    return ExpiryNotice(
        expires_on=row.expires_on,
        days_left=days_left,
        renewal_mode=row.renewal_mode,
        renews_on=None,
        years=1,
        price_cents=2318,
        renewable_until=row.service.grace_ends_on,
    )


async def become(desk: Desk, row: ServiceRow, **changes: object) -> None:
    async with desk.sessions.begin() as session:
        now = await services.lock(session, service_id=row.id)
        for name, value in changes.items():
            setattr(now, name, value)


@pytest.mark.usefixtures("catcher")
async def test_of_notices_that_piled_up_the_newest_leaves(desk: Desk, courier: Notifications, row: ServiceRow) -> None:
    notices = [notice(row, days_left=days) for days in (30, 15, 7)]
    assert await told(desk, courier, row, *notices) == ["dropped", "dropped", "sent"]


@pytest.mark.usefixtures("catcher")
async def test_no_notice_leaves_of_an_expiry_that_has_passed(
    desk: Desk, courier: Notifications, row: ServiceRow
) -> None:
    await become(desk, row, status=ServiceStatus.SUSPENDED)
    assert await told(desk, courier, row, notice(row, days_left=1)) == ["dropped"]


@pytest.mark.usefixtures("catcher")
@pytest.mark.parametrize(
    ("status", "state"),
    [(ServiceStatus.ACTIVE, "dropped"), (ServiceStatus.SUSPENDED, "sent"), (ServiceStatus.TERMINATED, "dropped")],
)
async def test_data_are_offered_as_long_as_there_is_a_point_in_it(
    desk: Desk, courier: Notifications, row: ServiceRow, *, status: ServiceStatus, state: str
) -> None:
    await become(desk, row, status=status)
    offer = ExportOffer(expires_on=row.expires_on, ends_on=row.service.grace_ends_on)
    assert await told(desk, courier, row, offer) == [state]


@pytest.mark.usefixtures("catcher")
@pytest.mark.parametrize(
    ("mode", "state"), [(RenewalMode.AUTOMATIC, "sent"), (RenewalMode.ON_REQUEST, "dropped")], ids=str
)
async def test_no_notice_leaves_of_a_way_of_renewing_that_was_changed(
    desk: Desk, courier: Notifications, row: ServiceRow, *, mode: RenewalMode, state: str
) -> None:
    said = notice(row, days_left=30)
    await become(desk, row, renewal_mode=mode)
    assert await told(desk, courier, row, said) == [state]


@pytest.mark.usefixtures("catcher")
@pytest.mark.parametrize(
    ("level", "states"),
    [
        (SpaceLevel.FULL, ["dropped", "sent"]),
        (SpaceLevel.NEARLY_FULL, ["sent", "dropped"]),
        (SpaceLevel.FREE, ["dropped", "dropped"]),
    ],
)
async def test_a_warning_leaves_only_while_the_space_is_so_full(
    desk: Desk, courier: Notifications, row: ServiceRow, *, level: SpaceLevel, states: list[str]
) -> None:
    await become(desk, row, space_level=level)
    warnings = [
        SpaceWarning(level=one, gb=1, used_bytes=one.percent * GB // 100, full_on=None)
        for one in (SpaceLevel.NEARLY_FULL, SpaceLevel.FULL)
    ]
    assert await told(desk, courier, row, *warnings) == states
