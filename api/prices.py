"""The price list, and what an order would cost."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.answers import PriceAnswer
from api.etags import TaggedRoute, tag
from api.keys import AnyCaller, PartnerId
from api.money import Money, money
from api.requests import OrderRequest
from context import Now, Session
from db import prices, titolari
from domain.calendar import rome_day
from domain.prices import Item, quote

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
async def price(wish: OrderRequest, partner_id: PartnerId, session: Session, now: Now) -> PriceAnswer:
    """Lines and total of an order; nothing is stored, nothing charged."""
    await titolari.get(session, titolare_id=wish.titolare_id, owner=partner_id)
    return PriceAnswer.of(quote(wish.options, under=await prices.in_force(session, on=rome_day(now))))
