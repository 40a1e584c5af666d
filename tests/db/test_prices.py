"""Price lists: the first may be in force at once, the others only from a day to come."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from db import prices
from db.connection import Sessions
from db.prices import PriceListRow
from domain.errors import NoPriceList, PriceListInForce
from local.demo import PRICES

TODAY = PRICES.valid_from + timedelta(days=30)
TOMORROW = TODAY + timedelta(days=1)


async def test_only_the_first_list_takes_effect_at_once(sessions: Sessions) -> None:
    async with sessions() as session:  # nothing is committed: it is everybody's list
        await session.execute(delete(PriceListRow))
        with pytest.raises(NoPriceList):
            await prices.in_force(session, on=TODAY)
        await prices.load(session, PRICES, today=TODAY)
        assert await prices.in_force(session, on=TODAY) == PRICES
        for day in (PRICES.valid_from, TODAY):
            with pytest.raises(PriceListInForce):
                await prices.load(session, PRICES.model_copy(update={"valid_from": day}), today=TODAY)
        dearer = PRICES.model_copy(update={"valid_from": TOMORROW, "vat_percent": 23})
        for listed in (dearer, dearer.model_copy(update={"vat_percent": 24})):
            await prices.load(session, listed, today=TODAY)
            assert await prices.in_force(session, on=TOMORROW) == listed
        assert await prices.in_force(session, on=TODAY) == PRICES
