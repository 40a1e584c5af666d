"""What the credit has to cover soon."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import prices, services
from domain.credit import FORECAST_DAYS, forecast
from domain.deeds import FIRST_TRY_DAYS


def horizon(day: date) -> date:
    """The last expiry whose renewal is tried within the shortest forecast."""
    return day + timedelta(days=FORECAST_DAYS[0] + FIRST_TRY_DAYS)


async def next_30_days_cents(session: AsyncSession, *, partner_id: UUID, on: date) -> int:
    """What a partner's automatic renewals of the next 30 days take. Raises NoPriceList."""
    coming = await services.renewing(session, partner_id=partner_id, until=horizon(on))
    return forecast(coming, on=on, lists=await prices.known(session))[0].total_cents
