"""Buying space, which moves money and no expiry. Keyed by purchase: a repeat does nothing."""

from temporalio import activity

from activities import announcements
from db import ledger, prices, services, space, timeline
from db.connection import Sessions
from db.services import ServiceRow
from db.space import SpacePurchaseRow
from domain.calendar import rome_day
from domain.errors import PriceChanged
from domain.ledger import Cause
from domain.prices import Price, PriceList
from domain.service_orders import BuyingSpace
from domain.services import ServiceAction, why_not
from domain.space import SpaceLevel, full_on, level, space_price


class Space:
    """The step that pays for GB."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def buy_space(self, buying: BuyingSpace) -> None:
        """Charge the GB and grant them; or nothing at all.

        Raises ServiceTerminated, ServiceSuspended, NoPriceList, PriceChanged, InsufficientCredit.
        """
        wish = buying.purchase
        async with self._sessions.begin() as session:
            row = await services.lock(session, service_id=wish.service_id)
            if await session.get(SpacePurchaseRow, wish.purchase_id) is not None:
                return
            price = _price(row, buying, under=await prices.in_force(session, on=rome_day(buying.at)))
            await ledger.charge(
                session,
                partner_id=row.partner_id,
                cause=Cause.SPACE,
                subject_id=wish.purchase_id,
                amount_cents=price.total_cents,
                at=buying.at,
            )
            session.add(_purchase(row, buying, price))
            row.become(row.service.model_copy(update={"added_gb": row.added_gb + wish.gb}))
            row.full_on = full_on(await space.usages(session, service_id=row.id), gb=row.service.quotas.gb)
            if level(row.used_bytes, gb=row.service.quotas.gb) is not SpaceLevel.FULL:
                row.space_level = SpaceLevel.FREE  # what is still nearly full is told anew
            row.want()
            cents, cause = price.total_cents, wish.purchase_id
            await announcements.spent(session, partner_id=row.partner_id, cents=cents, cause=cause, at=buying.at)
            facts = {"gb": wish.gb, "charged_cents": price.total_cents}
            timeline.add(session, row.order_id, at=buying.at, kind="space_bought", actor=wish.asked_by, **facts)


def _price(row: ServiceRow, buying: BuyingSpace, *, under: PriceList) -> Price:
    wish, today = buying.purchase, rome_day(buying.at)
    if (refusal := why_not(ServiceAction.BUY_SPACE, row.service, on=today)) is not None:
        raise refusal
    price = space_price(row.service, gb=wish.gb, on=today, under=under)
    if wish.expected_total_cents not in (None, price.total_cents):
        raise PriceChanged(total_cents=price.total_cents)
    return price


def _purchase(row: ServiceRow, buying: BuyingSpace, price: Price) -> SpacePurchaseRow:
    wish = buying.purchase
    return SpacePurchaseRow(
        id=wish.purchase_id,
        service_id=row.id,
        partner_id=row.partner_id,
        at=buying.at,
        gb=wish.gb,
        price=price,
        asked_by=wish.asked_by,
    )
