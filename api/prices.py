"""The price list, and what an order, a renewal or more space would cost."""

from datetime import date
from typing import assert_never

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.answers import PriceAnswer
from api.etags import TaggedRoute, tag
from api.keys import AnyCaller, PartnerId
from api.money import Money, money
from api.service_requests import QuoteRequest, RenewalQuoteRequest, SpaceQuoteRequest
from context import Now, Session
from db import prices, services, titolari
from domain.calendar import rome_day
from domain.prices import Item, Price, PriceList, quote
from domain.renewals import renewal_price
from domain.service_errors import refuse
from domain.services import Service, ServiceAction, why_no_term, why_not
from domain.space import space_price

router = APIRouter(prefix="/v1", tags=["prices"], route_class=TaggedRoute)


class PriceListAnswer(BaseModel):
    """Net prices per item and year, VAT apart."""

    valid_from: date
    vat_percent: int
    items: dict[Item, Money]
    note: str


@router.get("/price-list")
async def read(_: AnyCaller, session: Session, now: Now, response: Response) -> PriceListAnswer:
    """The list in force today (Rome)."""
    under = await prices.in_force(session, on=rome_day(now))
    items = {item: money(cents) for item, cents in under.net_cents.items()}
    return tag(
        response,
        PriceListAnswer(valid_from=under.valid_from, vat_percent=under.vat_percent, items=items, note=under.note),
    )


@router.post("/quotes")
async def price(wish: QuoteRequest, partner_id: PartnerId, session: Session, now: Now) -> PriceAnswer:
    """Lines and total of an order, of a renewal or of more space; nothing is stored, nothing charged."""
    under = await prices.in_force(session, on=rome_day(now))
    match wish:
        case RenewalQuoteRequest() | SpaceQuoteRequest():
            row = await services.get(session, service_id=wish.service_id, owner=partner_id)
            return PriceAnswer.of(_for_a_service(wish, row.service, on=rome_day(now), under=under))
        case _:
            await titolari.get(session, titolare_id=wish.titolare_id, owner=partner_id)
            return PriceAnswer.of(quote(wish.options, under=under))


def _for_a_service(
    wish: RenewalQuoteRequest | SpaceQuoteRequest, service: Service, *, on: date, under: PriceList
) -> Price:
    """What it costs on a civil day; also a renewal for which it is too early. Raises what would refuse it."""
    match wish:
        case RenewalQuoteRequest():
            refuse(why_not(ServiceAction.RENEW, service, on=on) or why_no_term(service, years=wish.years))
            return renewal_price(service, years=wish.years, under=under)
        case SpaceQuoteRequest():
            refuse(why_not(ServiceAction.BUY_SPACE, service, on=on))
            return space_price(service, gb=wish.gb, on=on, under=under)
        case _:
            assert_never(wish)
