"""Mail servers in their moods: nothing is lost, nothing is sent twice beyond SMTP's own limits."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests import identities
from tests.personas import Partner, Stage, eventually
from tests.simulators.hands import Catcher


async def placed_to(bianchi: Partner, pec: str) -> str:
    holder = await bianchi.titolare(identities.company(pec=pec))
    return await bianchi.placed(titolare_id=holder["id"])


@pytest.fixture
def pec(catcher: Catcher) -> Iterator[str]:
    """An address of this test alone, at which moods do nobody else harm."""
    yield f"giu-{identities.partita_iva()}@pec.example"
    catcher.mode("accept")


async def state(bianchi: Partner, order_id: str) -> str:
    found: str = (await bianchi.order(order_id))["contract_mails"][0]["state"]
    return found


async def is_sent(bianchi: Partner, order_id: str) -> bool:
    return await state(bianchi, order_id) == "sent"


async def test_one_mail_arrives_when_the_server_is_back(
    bianchi: Partner, stage: Stage, catcher: Catcher, pec: str
) -> None:
    catcher.mode("defer", to=pec)
    order_id = await placed_to(bianchi, pec)
    assert await state(bianchi, order_id) == "queued"
    catcher.mode("accept", to=pec)
    (mail,) = await eventually(lambda: stage.mails(pec))
    assert "/accept/" in mail["text"]
    await bianchi.decide(order_id)
    await eventually(partial(is_sent, bianchi, order_id))


async def test_an_order_that_is_off_sends_no_contract_any_more(
    bianchi: Partner, stage: Stage, catcher: Catcher, pec: str
) -> None:
    catcher.mode("defer", to=pec)
    order_id = await placed_to(bianchi, pec)
    await bianchi.cancel(order_id)
    catcher.mode("accept", to=pec)
    await stage.workflow(order_id).result()
    assert await stage.mails(pec) == []  # nor that it was cancelled: the titolare never heard of it
    assert len(await stage.mails(bianchi.address)) == 1


async def test_a_refused_mail_shows_on_the_order_and_stops_nothing(
    bianchi: Partner, catcher: Catcher, pec: str
) -> None:
    catcher.mode("reject", to=pec)
    order_id = await placed_to(bianchi, pec)

    async def refused() -> bool:
        return await state(bianchi, order_id) == "refused"

    await eventually(refused)
    assert "mail_refused" in await bianchi.timeline(order_id)
    assert (await bianchi.cancel(order_id)).status_code == 202


async def test_a_mail_whose_fate_is_unknown_comes_again_under_the_same_id(
    bianchi: Partner, stage: Stage, catcher: Catcher, pec: str
) -> None:
    catcher.mode("drop_after_data", to=pec, times=1)
    order_id = await placed_to(bianchi, pec)
    await eventually(partial(is_sent, bianchi, order_id))
    mails = await stage.mails(pec)
    assert len({mail["message_id"] for mail in mails}) == 1
    assert len({mail["text"] for mail in mails}) == 1
    assert len(mails) == 2


async def test_mail_to_a_pec_leaves_from_the_pec_box(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    (mail,) = await stage.mails(await bianchi.pec_of(order_id))
    assert mail["mail_from"] == stage.settings.pec_from
    assert stage.settings.pec_from in mail["from"]
