"""What the automatic renewals to come will take from the credit."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.etags import TaggedRoute, tag
from api.keys import PartnerId
from api.money import Money, money
from context import Now, Session
from db import ledger
from domain.calendar import rome_day
from domain.credit import Forecast
from front import forecasts

router = APIRouter(prefix="/v1/credit/forecast", tags=["credit"], route_class=TaggedRoute)


class HorizonAnswer(BaseModel):
    """The renewals of so many days, today's among them, and whether the credit of now covers them all."""

    days: int
    renewals: int
    total: Money
    covered: bool

    @classmethod
    def of(cls, within: Forecast, *, balance_cents: int) -> "HorizonAnswer":
        """The forecast, beside what there is to spend."""
        return cls(
            days=within.days,
            renewals=within.renewals,
            total=money(within.total_cents),
            covered=within.total_cents <= balance_cents,
        )


class ForecastAnswer(BaseModel):
    """30, 60 and 90 days; the longer ones hold the shorter."""

    items: list[HorizonAnswer]


@router.get("")
async def read(partner_id: PartnerId, session: Session, now: Now, response: Response) -> ForecastAnswer:
    """*Tacito* only: what is renewed on request isn't known before."""
    balance_cents = await ledger.balance_cents(session, partner_id=partner_id)
    ahead = await forecasts.gather(session, partner_id=partner_id, on=rome_day(now))
    items = [HorizonAnswer.of(within, balance_cents=balance_cents) for within in ahead]
    return tag(response, ForecastAnswer(items=items))
