"""One *Conferma* is one order and one charge, also where only its key can tell: who may have several DocFly."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

import worker
from db.orders import OrderRow
from panel.visitors import HOME
from tests.panel.browsing import Browser, browser, hidden
from tests.panel.test_home import DRAFT
from tests.personas import Partner, Stage, eventually
from tests.workflows.processes import annexe
from workflows import client


@pytest.fixture(scope="module")
async def house(stage: Stage) -> AsyncIterator[Stage]:
    """One that sells a titolare several DocFly; its worker is the test's business."""
    async with annexe(stage, namespace="several", one_docfly_per_partita_iva=False) as house:
        yield house


@pytest.fixture
async def bianchi(house: Stage) -> AsyncIterator[Partner]:
    """Studio Bianchi, there."""
    async with await house.partner("Studio Bianchi") as partner:
        yield partner


@pytest.fixture
async def anna(house: Stage, bianchi: Partner) -> AsyncIterator[Browser]:
    """Anna of Studio Bianchi, who has signed in there."""
    async with await browser(house, partner_id=bianchi.partner_id) as anna:
        assert (await anna.sign_in()).status_code == 303
        yield anna


def at_work(house: Stage, **settings: Any) -> Any:
    """A worker, while the block lasts."""
    return worker.running(house.temporal, house.settings.model_copy(update=settings), house.sessions)


async def number_of(house: Stage, bianchi: Partner) -> int:
    """How many orders there are."""
    counted = select(func.count()).where(OrderRow.partner_id == bianchi.partner_id)
    async with house.sessions() as session:
        return await session.scalar(counted) or 0


async def confirming(anna: Browser, titolare_id: str) -> str:
    """The address of the confirming page, once a browser has come there."""
    asked = await anna.get(f"/docfly/acquista/conferma?titolare={titolare_id}", follow_redirects=True)
    assert (asked.status_code, ">Conferma</button>" in asked.text) == (200, True)
    return asked.url.raw_path.decode().removeprefix(HOME)


async def is_done_already(anna: Browser, address: str) -> bool:
    """Whether going back there tells of an order, instead of offering another one; and home offers none."""
    back = await anna.get(address)
    assert ("Già fatto" in back.text) is not (">Conferma</button>" in back.text)
    return (back.status_code, bool(DRAFT.search((await anna.get("/")).text))) == (409, False)


async def test_who_goes_back_is_told_what_they_have_ordered(house: Stage, anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    address = await confirming(anna, holder)
    form = hidden(await anna.get(address))
    async with at_work(house):
        placed = await anna.http.post(f"{HOME}{address}", data=form)
        assert placed.status_code == 303
        assert await is_done_already(anna, address)
        order = re.findall(r"/ordini/([0-9a-f-]{36})", placed.headers["location"])[0]
        assert f'href="{HOME}/ordini/{order}"' in (await anna.get(address)).text
        again = await anna.http.post(f"{HOME}{address}", data=form)
        assert again.headers["location"] == placed.headers["location"]
        assert await number_of(house, bianchi) == 1
        another = await confirming(anna, holder)
        assert (await anna.send(another)).status_code == 303
        assert await number_of(house, bianchi) == 2


async def test_who_got_no_answer_and_tries_again_is_charged_once(
    house: Stage, anna: Browser, bianchi: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await confirming(anna, (await bianchi.titolare())["id"])
    with monkeypatch.context() as impatient:
        impatient.setattr(client, "SECONDS", 1)
        assert (await anna.send(address)).status_code == 503  # nobody works there
    async with at_work(house):
        assert (await anna.send(address)).status_code == 303
        assert await number_of(house, bianchi) == 1


async def test_an_order_that_came_about_after_all_is_no_draft(
    house: Stage, anna: Browser, bianchi: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await confirming(anna, (await bianchi.titolare())["id"])
    with monkeypatch.context() as impatient:
        impatient.setattr(client, "SECONDS", 1)
        assert (await anna.send(address)).status_code == 503
    (draft,) = DRAFT.findall((await anna.get("/")).text)
    async with at_work(house):
        await eventually(lambda: number_of(house, bianchi))
        assert await is_done_already(anna, draft.replace("&amp;", "&"))


async def test_a_refusal_that_was_mended_may_be_confirmed_again(house: Stage, anna: Browser, bianchi: Partner) -> None:
    address = await confirming(anna, (await bianchi.titolare())["id"])
    async with at_work(house):
        assert (await anna.send(address, expected_total_cents="1")).status_code == 409
        form = hidden(await anna.get(address))
        await house.spend(bianchi, cents=100_000)
        assert (await anna.http.post(f"{HOME}{address}", data=form)).status_code == 402
        await house.top_up(bianchi, cents=100_000)
        assert (await anna.send(address)).status_code == 303
        assert await number_of(house, bianchi) == 1


async def test_an_order_from_when_one_was_the_most_bars_no_second(
    house: Stage, anna: Browser, bianchi: Partner
) -> None:
    holder = (await bianchi.titolare())["id"]
    async with at_work(house, one_docfly_per_partita_iva=True):
        first = UUID(await bianchi.placed("docfly", titolare_id=holder))
    async with house.sessions() as session:
        assert (await session.get_one(OrderRow, first)).live_key
    async with at_work(house):
        assert (await anna.send(await confirming(anna, holder))).status_code == 303
        pa = f"/docfly-pa/acquista/conferma?titolare={holder}&key={uuid4()}"
        assert (await anna.send(pa)).status_code == 303
        assert "ha già un ordine vivo" in (await anna.get(f"/docfly-pa/acquista/opzioni?titolare={holder}")).text
    assert await number_of(house, bianchi) == 3
