"""Orders: the row says what API, panel and workflow agree on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Select,
    Sequence,
    case,
    column,
    func,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, joinedload, mapped_column, relationship, selectinload

from db.base import Base, Named, Owner, Stored, own
from db.search import plan_for_these_words, searched_index
from domain.errors import OrderNotFound
from domain.lifecycle import MOVERS, CancelReason, Outcome, Status
from domain.prices import Price
from domain.products import Options, Product
from domain.titolari import Titolare, tax_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncSession

    from db.ledger import TransferRow
    from db.mails import MailRow
    from db.partners import PartnerRow
    from db.responsabili import ResponsabileRow
    from db.services import ServiceRow

SEARCHED = """public.searchable(
number || ' ' || coalesce(external_id, '') || ' ' || coalesce(titolare->>'denominazione', '') || ' ' ||
coalesce(titolare->>'given_name', '') || ' ' || coalesce(titolare->>'family_name', '') || ' ' ||
(titolare->>'codice_fiscale') || ' ' || coalesce(titolare->>'partita_iva', '')
)"""

HANDING_ON = (
    "order_placed", "contract_accepted", "order_held", "order_released", "responsabili_assigned", "activation_failed",
    "activation_retried",
)  # fmt: skip
"""Events after which the move is somebody else's."""

NUMBERS = Sequence("order_numbers", metadata=Base.metadata)


class OrderRow(Base):
    """An order, with the titolare and the price as they were when it was placed."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_partner_id_placed_at", "partner_id", "placed_at", "id"),
        Index("ix_orders_placed_at", "placed_at", "id"),
        Index("ix_orders_titolare_id", "titolare_id"),
        searched_index("orders"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    external_id: Mapped[str | None] = mapped_column(index=True)
    product: Mapped[Product] = mapped_column(Named(Product))
    options: Mapped[Any] = mapped_column(Stored(Options))
    titolare_id: Mapped[UUID] = mapped_column(ForeignKey("titolari.id"))
    titolare: Mapped[Titolare] = mapped_column(Stored(Titolare))
    price: Mapped[Price] = mapped_column(Stored(Price))
    live_key: Mapped[str | None] = mapped_column(unique=True)
    """Product and tax id while the order or its service lives: the fence against a second one."""

    status: Mapped[Status] = mapped_column(Named(Status), index=True)
    reason: Mapped[CancelReason | None] = mapped_column(Named(CancelReason))
    living_mail_id: Mapped[UUID]
    """The newest contract mail: the only one whose link lives."""
    decision_id: Mapped[UUID | None]
    """What the titolare decided, for good."""

    placed_at: Mapped[datetime]
    accept_by: Mapped[datetime] = mapped_column(server_default=text("now() + interval '90 days'"))
    """When the titolare's time is over."""
    accepted_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    searched: Mapped[str] = mapped_column(Computed(SEARCHED, persisted=True))

    partner: Mapped[PartnerRow] = relationship(lazy="raise", viewonly=True)
    mails: Mapped[list[MailRow]] = relationship(lazy="raise", viewonly=True, order_by="MailRow.at")
    responsabili: Mapped[list[ResponsabileRow]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(OrderRow.id == ResponsabileRow.order_id, ResponsabileRow.replaced_at.is_(None))",
    )
    service: Mapped[ServiceRow | None] = relationship(lazy="raise", viewonly=True)
    transfers: Mapped[list[TransferRow]] = relationship(
        lazy="raise", viewonly=True, primaryjoin="OrderRow.id == foreign(TransferRow.subject_id)"
    )


Parts = tuple[InstrumentedAttribute[Any], ...]
WHOLE: Parts = (OrderRow.mails, OrderRow.responsabili, OrderRow.service, OrderRow.transfers)
"""What is read with an order to tell all of it. A line of a table tells less; its partner is always there."""
OPEN: Parts = (OrderRow.mails, OrderRow.responsabili)
"""What is read with an open one to tell what it lacks."""


class SettlementRow(Base):
    """The database's fence: an order ends once, because its id is the key. Never changed."""

    __tablename__ = "settlements"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(Named(Outcome))
    at: Mapped[datetime]


async def get(session: AsyncSession, *, order_id: UUID, owner: Owner) -> OrderRow:
    """An order with all that is told of it. Raises OrderNotFound, for another partner's too."""
    mine = _with(WHOLE).where(OrderRow.id == order_id, own(OrderRow.partner_id, owner))
    if (row := await session.scalar(mine)) is None:
        raise OrderNotFound(order_id=order_id)
    return row


def _with(parts: Parts) -> Select[OrderRow]:
    wanted = [joinedload(OrderRow.partner), *map(selectinload, parts)]
    return select(OrderRow).options(*wanted).execution_options(populate_existing=True)


async def with_service(session: AsyncSession, *, order_id: UUID) -> OrderRow:
    """An order with the service that it has left, and nothing else of it. For a service's mails."""
    return await session.get_one(OrderRow, order_id, options=[joinedload(OrderRow.service)], populate_existing=True)


async def some(session: AsyncSession, *, ids: Collection[UUID], owner: Owner) -> list[OrderRow]:
    """The rows of some orders, as far as they are the owner's."""
    mine = select(OrderRow).where(OrderRow.id.in_(ids), own(OrderRow.partner_id, owner))
    return list(await session.scalars(mine))


async def owner_of(session: AsyncSession, *, order_id: UUID, owner: Owner) -> UUID:
    """The order's partner, when the asker may see it. Raises OrderNotFound."""
    mine = select(OrderRow.partner_id).where(OrderRow.id == order_id, own(OrderRow.partner_id, owner))
    if (partner_id := await session.scalar(mine)) is None:
        raise OrderNotFound(order_id=order_id)
    return partner_id


async def page(
    session: AsyncSession,
    *conditions: ColumnElement[bool],
    owner: Owner,
    before: tuple[datetime, UUID] | None,
    limit: int,
    parts: Parts = WHOLE,
) -> list[OrderRow]:
    """Orders that meet all conditions, newest first, older than `before` (the placed_at and id of one)."""
    await plan_for_these_words(session)
    mine = _with(parts).where(own(OrderRow.partner_id, owner), *conditions)
    older = mine if before is None else mine.where(tuple_(OrderRow.placed_at, OrderRow.id) < before)
    return list(await session.scalars(older.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(limit)))


async def waiting(session: AsyncSession, *, owner: Owner, skip: int, limit: int) -> list[OrderRow]:
    """Open orders with what they lack: first where the move is the partner's, then the titolare's; then the rest.

    Titolari are sorted by their deadline, all else by age.
    """
    titolares = (OrderRow.status == Status.AWAITING_DOCUMENTS) & OrderRow.held_at.is_(None)
    rank = case((OrderRow.status == Status.AWAITING_RESPONSABILE, 0), (titolares, 1), else_=2)
    deadline = case((titolares, OrderRow.accept_by))
    mine = _with(OPEN).where(own(OrderRow.partner_id, owner), OrderRow.status.in_(MOVERS))
    ranked = mine.order_by(rank, deadline, OrderRow.placed_at, OrderRow.id)
    return list(await session.scalars(ranked.offset(skip).limit(limit)))


async def most_overdue(session: AsyncSession, *, skip: int, limit: int) -> list[tuple[OrderRow, datetime]]:
    """Everybody's open orders, with what they lack: first our move, then the provider's; there the oldest first.

    With each, since when it has been waiting for the move: the last event that handed it on.
    """
    ours = OrderRow.held_at.is_not(None) | (OrderRow.status == Status.ACTIVATION_FAILED)
    order = [Status.ACTIVATING, Status.AWAITING_RESPONSABILE, Status.AWAITING_DOCUMENTS]
    rank = case((ours, 0), *((OrderRow.status == status, place) for place, status in enumerate(order, start=1)))
    events = table("order_events", column("order_id"), column("kind"), column("at", DateTime(timezone=True)))
    handed_on = select(func.max(events.c.at)).where(events.c.order_id == OrderRow.id, events.c.kind.in_(HANDING_ON))
    since = func.coalesce(handed_on.scalar_subquery(), OrderRow.placed_at).label("since")
    still_open = select(OrderRow.id, since).where(OrderRow.status.in_(MOVERS)).order_by(rank, since, OrderRow.id)
    first = (await session.execute(still_open.offset(skip).limit(limit))).all()  # ids are sorted faster than rows
    found = _with(OPEN).where(OrderRow.id.in_([one.id for one in first]))
    rows = {row.id: row for row in await session.scalars(found)}
    return [(rows[one.id], one.since) for one in first]


async def by_status(session: AsyncSession, *, owner: Owner) -> dict[Status, int]:
    """How many there are in each, also where there are none."""
    counted = select(OrderRow.status, func.count()).where(own(OrderRow.partner_id, owner)).group_by(OrderRow.status)
    return dict.fromkeys(Status, 0) | {row[0]: row[1] for row in await session.execute(counted)}


async def in_open_orders_cents(session: AsyncSession, *, partner_id: UUID) -> int:
    """What the partner has paid for orders that have not ended yet."""
    paid = func.sum(OrderRow.price["net_cents"].as_integer() + OrderRow.price["vat_cents"].as_integer())
    still_open = (OrderRow.partner_id == partner_id) & OrderRow.status.in_(MOVERS)
    return await session.scalar(select(paid).where(still_open)) or 0


def live_key_of(product: Product, titolare: Titolare, *, one_docfly: bool) -> str | None:
    """What no two live orders may share; None of DocFly, where a titolare may have several."""
    if product is Product.DOCFLY and not one_docfly:
        return None
    return f"{product}:{tax_id(titolare)}"


async def live(session: AsyncSession, *, live_key: str | None) -> OrderRow | None:
    """The order that holds a live key, whoever's it is: the fence spans all partners. Nobody's, if there is none."""
    if live_key is None:
        return None
    return await session.scalar(select(OrderRow).where(OrderRow.live_key == live_key))


async def next_number(session: AsyncSession, *, year: int) -> str:
    """The number people call an order by. Gaps are possible, repeats are not."""
    return f"{year}-{await session.scalar(select(NUMBERS.next_value())):06d}"


async def lock(session: AsyncSession, *, order_id: UUID) -> OrderRow:
    """The order as it is now, for one transaction's own. For workflows, and for who has asked whose it is."""
    return await session.get_one(OrderRow, order_id, with_for_update=True, populate_existing=True)


async def one_at_a_time(session: AsyncSession, *, order_id: UUID) -> None:
    """Until the end of the transaction nobody else places this order."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(order_id), 0))))


async def settle(session: AsyncSession, *, order_id: UUID, outcome: Outcome, at: datetime) -> bool:
    """End the order. False if it has ended before, however it did: then nothing is left to do."""
    ending = insert(SettlementRow).values(order_id=order_id, outcome=outcome, at=at)
    ended = await session.scalar(ending.on_conflict_do_nothing().returning(SettlementRow.order_id))
    return ended is not None
