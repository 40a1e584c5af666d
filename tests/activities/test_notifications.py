"""Queued mails on their way out: each once, whoever carries it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.composition import Writer
from activities.notifications import Notifications
from activities.receipts import Receipts
from db.connection import Sessions
from domain.errors import MailServerUnavailable
from domain.lifecycle import Actor, CancelReason
from domain.mails import Box
from domain.orders import Cancellation, Cancelling, Deciding, Mailing, Recipient
from gateways.mail import Mailbox
from gateways.provider import Provider
from gateways.seal import Seal
from settings import Settings
from tests.activities.conftest import LETTERS, Desk
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
