"""What the books show: every movement, and what it leads to."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.base import Named, Owner, own
from db.ledger import TransferRow
from db.orders import OrderRow
from db.renewals import RenewalRow
from db.services import ServiceRow
from db.space import SpacePurchaseRow
from db.timeline import EventRow
from domain.calendar import ROME
from domain.ledger import Account, Cause
from domain.lifecycle import Actor


class Entry(NamedTuple):
    """A movement, and what is known of its cause; of a correction, of the cause of what it corrects."""

    row: TransferRow
    order_id: UUID | None
    order_number: str | None
    service_id: UUID | None
    list_valid_from: str | None
    asked_by: Actor | None


_Origin = aliased(TransferRow)
"""The entry itself; of a correction, the entry that it corrects."""


_OF_A_SERVICE = func.coalesce(RenewalRow.service_id, SpacePurchaseRow.service_id)


def _entries(owner: Owner) -> Select[Any]:
    """The movements. Each table of things that are paid for is joined by the subject's id."""
    return (
        select(
            TransferRow,
            OrderRow.id,
            OrderRow.number,
            ServiceRow.id,
            func.coalesce(
                *(row.price["list_valid_from"].as_string() for row in (RenewalRow, SpacePurchaseRow, OrderRow))
            ),
            _asked_by(),
        )
        .join(_Origin, _Origin.id == func.coalesce(TransferRow.corrects, TransferRow.id))
        .outerjoin(RenewalRow, RenewalRow.id == _Origin.subject_id)
        .outerjoin(SpacePurchaseRow, SpacePurchaseRow.id == _Origin.subject_id)
        .outerjoin(ServiceRow, (ServiceRow.id == _OF_A_SERVICE) | (ServiceRow.order_id == _Origin.subject_id))
        .outerjoin(OrderRow, OrderRow.id == func.coalesce(ServiceRow.order_id, _Origin.subject_id))
        .where(own(TransferRow.partner_id, owner))
        .execution_options(populate_existing=True)
    )


def _asked_by() -> ColumnElement[Actor | None]:
    """Who asked for what was charged, or cancelled the order that was refunded. The rest is operators' work."""
    told = {Cause.ORDER: "order_placed", Cause.REFUND: "order_cancelled"}
    kind = case(*((TransferRow.cause == cause, kind) for cause, kind in told.items()))
    first = select(EventRow.actor).where(EventRow.order_id == TransferRow.subject_id, EventRow.kind == kind)
    ours = TransferRow.cause.in_((Cause.TOP_UP, Cause.CORRECTION))
    by_order = first.order_by(EventRow.seq).limit(1).scalar_subquery()
    by_wish = func.coalesce(RenewalRow.asked_by, SpacePurchaseRow.asked_by, by_order)
    return case((ours, literal(Actor.OPERATOR, Named(Actor))), else_=by_wish)


async def page(session: AsyncSession, *, partner_id: UUID, before: int | None, limit: int) -> list[Entry]:
    """The partner's movements, newest first, older than `before`."""
    mine = _entries(partner_id)
    older = mine if before is None else mine.where(TransferRow.seq < before)
    return [Entry(*found) for found in await session.execute(older.order_by(TransferRow.seq.desc()).limit(limit))]


async def get(session: AsyncSession, *, transfer_id: UUID, owner: Owner) -> Entry:
    """One movement, just booked by the asker."""
    return Entry(*(await session.execute(_entries(owner).where(TransferRow.id == transfer_id))).one())


async def between(session: AsyncSession, *, partner_id: UUID, start: datetime, end: datetime) -> list[Entry]:
    """The partner's movements from one instant until before another, oldest first."""
    then = _entries(partner_id).where(TransferRow.at >= start, TransferRow.at < end)
    return [Entry(*found) for found in await session.execute(then.order_by(TransferRow.at, TransferRow.seq))]


async def daily_credit(session: AsyncSession, *, partner_id: UUID, since: datetime) -> list[tuple[date, int]]:
    """What each civil day with movements left of the partner's credit, in cents, oldest first."""
    day = cast(func.timezone(str(ROME), TransferRow.at), Date)
    mine = (TransferRow.partner_id == partner_id) & (TransferRow.at >= since)
    last = (
        select(day, TransferRow.credit_balance_cents)
        .where(mine)
        .ext(distinct_on(day))
        .order_by(day, TransferRow.seq.desc())
    )
    return [(on, cents) for on, cents in await session.execute(last)]


async def credit_cents(session: AsyncSession, *, partner_id: UUID, before: datetime) -> int:
    """What the movements before an instant had left of the partner's credit."""
    signed = case((TransferRow.credit == Account.CREDIT, TransferRow.amount_cents), else_=-TransferRow.amount_cents)
    earlier = (TransferRow.partner_id == partner_id) & (TransferRow.at < before)
    return int(await session.scalar(select(func.sum(signed)).where(earlier)) or 0)
