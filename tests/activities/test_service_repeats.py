"""What a living service is charged for is safe to repeat, too; and so is what was refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from activities.renewals import Renewals
from activities.space import Space
from db import ledger, services
from db.services import ServiceRow
from domain.errors import InsufficientCredit
from domain.ledger import Cause
from domain.lifecycle import Actor
from domain.orders import Step
from domain.service_orders import BuyingSpace, Renewal, Renewing, SpaceOrder
from tests.activities.conftest import NOW, Desk
from tests.activities.test_repeats import accept, assign, place

LATER = NOW + timedelta(days=300)
TABLES = ("transfers", "accounts", "renewals", "space_purchases", "services")
THEIRS = "select t::text from {} t where partner_id = :partner order by 1"


@pytest.fixture
async def row(desk: Desk) -> ServiceRow:
    """The service of an order that is active."""
    for step in (place, accept, assign):
        await step(desk)
    await desk.activation.record_activation(desk.at(Step))
    async with desk.sessions() as session:
        return await services.of_order(session, order_id=desk.placing.order_id)


class Wishes:
    """The same wish, each time it is asked for."""

    def __init__(self, desk: Desk, row: ServiceRow) -> None:
        about = {"service_id": row.id, "order_id": row.order_id, "asked_by": Actor.PARTNER}
        renewal = Renewal(period_start=row.expires_on, years=1, request_id=uuid4(), **about)
        purchase = SpaceOrder(purchase_id=uuid4(), gb=2, **about)
        self._desk = desk
        self._renewing = Renewing(renewal=renewal, at=LATER, try_id=uuid4())
        self._buying = BuyingSpace(purchase=purchase, at=NOW)

    async def renew(self) -> None:
        """At another time each time, as a workflow's task does that is done anew."""
        self._renewing = self._renewing.model_copy(update={"at": self._renewing.at + timedelta(seconds=10)})
        await Renewals(self._desk.sessions).renew_service(self._renewing)

    async def buy(self) -> None:
        await Space(self._desk.sessions).buy_space(self._buying)


Wish = Callable[[Wishes], Any]


async def rows(desk: Desk) -> dict[str, list[Any]]:
    """All that the database says of the partner's money and service."""
    whose = {"partner": desk.placing.order.partner_id}
    async with desk.sessions() as session:
        return {table: list(await session.scalars(text(THEIRS.format(table)), whose)) for table in TABLES}


async def spend_all(desk: Desk) -> None:
    partner_id = desk.placing.order.partner_id
    async with desk.sessions.begin() as session:
        await ledger.charge(
            session,
            partner_id=partner_id,
            cause=Cause.SPACE,
            subject_id=uuid4(),
            amount_cents=await ledger.balance_cents(session, partner_id=partner_id),
            at=NOW,
        )


async def pay_in(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        await ledger.top_up(
            session,
            top_up_id=uuid4(),
            partner_id=desk.placing.order.partner_id,
            amount_cents=100_000,
            reference=str(uuid4()),
            at=NOW,
        )


@pytest.mark.parametrize("wish", [Wishes.renew, Wishes.buy], ids=["renewal", "space"])
async def test_a_charge_that_is_repeated_is_one(desk: Desk, row: ServiceRow, wish: Wish) -> None:
    wishes, before = Wishes(desk, row), await rows(desk)
    await wish(wishes)
    after = await rows(desk)
    assert len(after["transfers"]) == len(before["transfers"]) + 1
    for _ in range(2):
        await wish(wishes)
    assert await rows(desk) == after


@pytest.mark.parametrize("wish", [Wishes.renew, Wishes.buy], ids=["renewal", "space"])
async def test_a_refusal_that_is_repeated_is_one(desk: Desk, row: ServiceRow, wish: Wish) -> None:
    wishes = Wishes(desk, row)
    await spend_all(desk)
    with pytest.raises(InsufficientCredit) as refused:
        await wish(wishes)
    before = await rows(desk)
    for _ in range(2):
        with pytest.raises(InsufficientCredit) as again:
            await wish(wishes)
        assert again.value.facts == refused.value.facts
    assert await rows(desk) == before


async def test_a_try_that_was_refused_is_not_charged_when_credit_has_come(desk: Desk, row: ServiceRow) -> None:
    """The partner knows of the refusal, and would be surprised."""
    wishes = Wishes(desk, row)
    await spend_all(desk)
    with pytest.raises(InsufficientCredit):
        await wishes.renew()
    await pay_in(desk)
    before = await rows(desk)
    with pytest.raises(InsufficientCredit):
        await wishes.renew()
    assert await rows(desk) == before
