"""Money moves with the status that explains it; keyed by the order, a repeat moves nothing."""

from typing import NoReturn

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import announcements
from activities.letters import Letters
from activities.printing import print_contracts
from db import decisions, ledger, notes, orders, prices, timeline, titolari
from db.connection import Sessions
from db.orders import OrderRow
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.errors import DuplicateOpenOrder, PriceChanged, TitolareMayNotOrder
from domain.ledger import Cause
from domain.lifecycle import Actor, Outcome, Status
from domain.orders import Cancellation, Cancelling, Placing, Recipient, contract_mail_id
from domain.prices import Price, quote
from domain.products import Product
from domain.resends import ACCEPTANCE_TIME
from domain.titolari import missing_to_order


class Credit:
    """The two steps of an order that move money."""

    def __init__(self, sessions: Sessions, *, letters: Letters, one_docfly_per_partita_iva: bool) -> None:
        self._sessions = sessions
        self._letters = letters
        self._one_docfly = one_docfly_per_partita_iva

    @activity.defn
    async def place_order(self, placing: Placing) -> Status:
        """Order, charge and contract mail, or nothing at all. A placed order is left as it is.

        Of two runs at once the second finds the order that the first has placed. Raises TitolareNotFound,
        TitolareMayNotOrder, NoPriceList, PriceChanged, DuplicateOpenOrder, InsufficientCredit.
        """
        async with self._sessions.begin() as session:
            await orders.one_at_a_time(session, order_id=placing.order_id)
            if (placed := await session.get(OrderRow, placing.order_id)) is not None:
                return placed.status
            row = await self._insert(session, placing)
            await print_contracts(session, row, at=placing.at)
            await ledger.charge(
                session,
                partner_id=row.partner_id,
                cause=Cause.ORDER,
                subject_id=row.id,
                amount_cents=row.price.total_cents,
                at=placing.at,
            )
            timeline.add(
                session,
                row.id,
                at=placing.at,
                kind="order_placed",
                actor=Actor.PARTNER,
                charged_cents=row.price.total_cents,
            )
            await self._letters.contract(session, row, mail=row.living_mail_id, to=Recipient.PEC, at=placing.at)
            cents = row.price.total_cents
            await announcements.spent(session, partner_id=row.partner_id, cents=cents, cause=row.id, at=placing.at)
            return row.status

    async def _insert(self, session: AsyncSession, placing: Placing) -> OrderRow:
        order = placing.order
        holder = await titolari.get(session, titolare_id=order.titolare_id, owner=order.partner_id)
        values = {
            "id": placing.order_id,
            "number": await orders.next_number(session, year=rome_day(placing.at).year),
            "partner_id": order.partner_id,
            "external_id": await notes.read(session, note_id=order.external_id_note),
            "product": order.options.product,
            "options": order.options,
            "titolare_id": holder.id,
            "titolare": holder.titolare,
            "price": await self._price(session, placing),
            "live_key": self._live_key(order.options.product, holder),
            "living_mail_id": contract_mail_id(placing.order_id, number=1, to=Recipient.PEC),
            "status": Status.AWAITING_DOCUMENTS,
            "placed_at": placing.at,
            "accept_by": placing.at + ACCEPTANCE_TIME,
        }
        inserted = insert(OrderRow).values(values).on_conflict_do_nothing(index_elements=[OrderRow.live_key])
        row: OrderRow | None = await session.scalar(inserted.returning(OrderRow))
        if row is None:
            await self._refuse_duplicate(session, placing, live_key=str(values["live_key"]))
        return row

    async def _price(self, session: AsyncSession, placing: Placing) -> Price:
        order = placing.order
        price = quote(order.options, under=await prices.in_force(session, on=rome_day(placing.at)))
        if order.expected_total_cents not in (None, price.total_cents):
            raise PriceChanged(total_cents=price.total_cents)
        return price

    def _live_key(self, product: Product, holder: TitolareRow) -> str | None:
        """What no two live orders may share. Raises TitolareMayNotOrder."""
        needs_activity = product is Product.DOCFLY_PA
        if (missing := missing_to_order(holder.titolare, needs_activity=needs_activity)) is not None:
            raise TitolareMayNotOrder(titolare_id=holder.id, missing=missing)
        return orders.live_key_of(product, holder.titolare, one_docfly=self._one_docfly)

    async def _refuse_duplicate(self, session: AsyncSession, placing: Placing, *, live_key: str) -> NoReturn:
        other = await orders.live(session, live_key=live_key)
        ours = other is not None and other.partner_id == placing.order.partner_id
        raise DuplicateOpenOrder(order_id=other.id if other is not None and ours else None)

    @activity.defn
    async def refund(self, cancelling: Cancelling) -> Status:
        """Give the charge back and end the order. One that has ended already is left as it is."""
        cancellation = cancelling.cancellation
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=cancelling.order_id)
            if not await orders.settle(session, order_id=order.id, outcome=Outcome.CANCELLED, at=cancelling.at):
                return order.status
            await ledger.refund(session, order_id=order.id, at=cancelling.at)
            order.status, order.reason, order.live_key = Status.CANCELLED, cancellation.reason, None
            order.cancelled_at = cancelling.at
            order.decision_id = order.decision_id or cancellation.decision_id
            timeline.add(
                session,
                order.id,
                at=cancelling.at,
                kind="order_cancelled",
                actor=cancellation.actor,
                reason=cancellation.reason,
                refunded_cents=order.price.total_cents,
                words=await _words(session, cancellation),
            )
            await self._letters.cancelled(session, order, at=cancelling.at)
            return order.status


async def _words(session: AsyncSession, cancellation: Cancellation) -> str | None:
    """Why, as whoever wanted it put it."""
    if cancellation.decision_id is not None:
        return await decisions.reason(session, decision_id=cancellation.decision_id)
    return cancellation.words or await notes.read(session, note_id=cancellation.note_id)
