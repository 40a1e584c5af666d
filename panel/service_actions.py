"""More time and more space for what an order has become, each shown with its price and then confirmed.

The confirming page makes the request's id: its form, sent twice, is one renewal, or one purchase.
"""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from context import Now, Session, Temporal
from db import ledger, prices, renewals, space
from db.orders import OrderRow
from db.services import ServiceRow
from db.space import SpacePurchaseRow
from domain.calendar import rome_day
from domain.identifiers import CivilDate
from domain.products import LONGEST_TERM_YEARS
from domain.renewals import renewal_price
from domain.service_errors import ExpiryChanged, refuse
from domain.service_orders import Renewal, SpaceOrder
from domain.services import ServiceAction, next_period, why_no_renewal, why_not
from domain.space import space_price
from domain.words import euro
from front.errors import NoSuchResource
from panel.order import Order
from panel.rendering import done, page
from panel.visitors import HOME, Buyer, Visitor, partner_id
from panel.words import istante
from workflows import service_client

router = APIRouter(prefix="/ordini/{order_id}")

Years = Annotated[int, Query(ge=1, le=10)]
Gb = Annotated[int, Query(ge=1, le=10_000)]
Key = Annotated[UUID, Form()]
Cents = Annotated[int, Form()]


async def _service(order: Order) -> ServiceRow:
    """What the order has become. Raises NoSuchResource while it is nothing yet."""
    if order.service is None:
        raise NoSuchResource
    return order.service


Service = Annotated[ServiceRow, Depends(_service)]


@router.get("/rinnova")
async def ask_to_renew(
    request: Request, order: Order, service: Service, who: Buyer, session: Session, now: Now, years: Years = 1
) -> Response:
    """The next period, and what it costs. Raises what would refuse it."""
    today = rome_day(now)
    refuse(why_no_renewal(service.service, years=years, expires_on=service.expires_on, on=today))
    price = renewal_price(service.service, years=years, under=await prices.in_force(session, on=today))
    return page(
        request,
        "renew",
        who=who,
        order=order,
        service=service,
        years=years,
        longest=LONGEST_TERM_YEARS[order.product],
        period=next_period(service.service, years=years),
        price=price,
        balance_cents=await ledger.balance_cents(session, partner_id=partner_id(who)),
        key=uuid4(),
    )


@router.post("/rinnova")
async def renew(
    service: Service,
    who: Buyer,
    session: Session,
    temporal: Temporal,
    years: Years,
    key: Key,
    expires_on: Annotated[CivilDate, Form()],
    expected_total_cents: Cents,
) -> Response:
    """Charged, and the expiry moved; or nothing at all.

    Raises ServiceTerminated, ExpiryChanged, RenewalTooEarly, TermOutOfRange, NoPriceList, PriceChanged,
    InsufficientCredit.
    """
    renewal = Renewal(
        service_id=service.id,
        order_id=service.order_id,
        period_start=expires_on,
        years=years,
        asked_by=who.actor,
        expected_total_cents=expected_total_cents,
        request_id=key,
    )
    await service_client.renew_service(temporal, renewal=renewal)
    booked = await renewals.renewed(session, service_id=service.id, period_start=expires_on)
    if booked is None or booked.request_id != key:  # somebody else was first
        raise ExpiryChanged(expires_on=service.expires_on)
    return done(f"/ordini/{service.order_id}/rinnovi")


@router.get("/acquista-spazio")
async def ask_for_space(
    request: Request,
    order: Order,
    service: Service,
    who: Buyer,
    session: Session,
    now: Now,
    gb: Gb = 1,
    key: UUID | None = None,
) -> Response:
    """More GB until the expiry, and what they cost; or that they were bought. Raises what would refuse them.

    Nothing else would tell a repeat from a second purchase: so the key stands in the address, for reload and back.
    """
    if key is None:
        return RedirectResponse(f"{HOME}/ordini/{order.id}/acquista-spazio?gb={gb}&key={uuid4()}", 303)
    done = await space.get(session, purchase_id=_purchase_id(service, key=key, gb=gb), owner=who.owner)
    if done is not None:
        return _bought_already(request, order, who, done)
    today = rome_day(now)
    refuse(why_not(ServiceAction.BUY_SPACE, service.service, on=today))
    price = space_price(service.service, gb=gb, on=today, under=await prices.in_force(session, on=today))
    return page(
        request,
        "buy_space",
        who=who,
        order=order,
        service=service,
        gb=gb,
        price=price,
        balance_cents=await ledger.balance_cents(session, partner_id=partner_id(who)),
        key=key,
    )


def _purchase_id(service: ServiceRow, *, key: UUID, gb: int) -> UUID:
    return uuid5(service.id, f"panel:{key}:{gb}")


def _bought_already(request: Request, order: OrderRow, who: Visitor, done: SpacePurchaseRow) -> Response:
    """For who comes back: another purchase has another key."""
    words = f"Lo spazio è stato acquistato il {istante(done.at)}: {done.gb} GB, {euro(done.price.total_cents)}."
    way_on = f"/ordini/{order.id}/acquista-spazio?gb={done.gb}", "Acquisti altro spazio"
    return page(request, "error", status=409, who=who, title="Già fatto", words=words, way_on=way_on)


@router.post("/acquista-spazio")
async def buy_space(
    service: Service, who: Buyer, session: Session, temporal: Temporal, gb: Gb, key: UUID, expected_total_cents: Cents
) -> Response:
    """Charged, and granted; or nothing at all.

    Raises ServiceTerminated, ServiceSuspended, NoPriceList, PriceChanged, InsufficientCredit.
    """
    purchase = SpaceOrder(
        purchase_id=_purchase_id(service, key=key, gb=gb),
        service_id=service.id,
        order_id=service.order_id,
        gb=gb,
        asked_by=who.actor,
        expected_total_cents=expected_total_cents,
    )
    await service_client.buy_space(temporal, purchase=purchase)
    await space.bought(session, purchase_id=purchase.purchase_id, owner=who.owner)  # it is there, or this is a bug
    return done(f"/ordini/{service.order_id}/spazio")
