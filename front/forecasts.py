"""The automatic renewals to come, gathered for whoever wants to see them."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import prices, services
from domain.credit import FORECAST_DAYS, Forecast, forecast
from domain.deeds import FIRST_TRY_DAYS


async def gather(session: AsyncSession, *, partner_id: UUID, on: date) -> tuple[Forecast, ...]:
    """What they will take from a partner's credit in 30, 60 and 90 days. Raises NoPriceList."""
    until = on + timedelta(days=max(FORECAST_DAYS) + FIRST_TRY_DAYS)
    coming = await services.renewing(session, partner_id=partner_id, until=until)
    return forecast(coming, on=on, lists=await prices.known(session))
