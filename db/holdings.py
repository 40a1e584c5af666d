"""All that is held about a titolare: told in an export, wiped by an erasure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db.accounts import ProviderAccountRow
from db.decisions import DecisionRow
from db.mails import MailRow, MailState
from db.orders import OrderRow
from db.responsabili import ResponsabileRow
from db.services import ServiceRow
from db.titolari import TitolareRow
from domain.calendar import end_of_day
from domain.erasure import NOTHING, Keeping, Kept, erased, for_appointments, for_invoices, kept_until
from domain.errors import TitolareInUse
from domain.lifecycle import MOVERS
from domain.mails import Box, MailKind
from domain.orders import Role
from domain.services import ServiceStatus

Part = TypeVar("Part", DecisionRow, ResponsabileRow, MailRow)
"""What belongs to an order."""
TO_THE_HOLDER = (MailKind.CONTRACT_ACCEPTANCE, MailKind.ACCEPTANCE_REMINDER, MailKind.ORDER_CANCELLED_TITOLARE)
TO_THE_RESPONSABILE = (MailKind.CREDENTIALS,)


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """A record of the address book, and what orders have frozen of it; each list oldest first."""

    row: TitolareRow
    orders: list[OrderRow]
    roles: list[tuple[ResponsabileRow, OrderRow]]
    mails: list[tuple[MailRow, OrderRow]]
    decisions: list[tuple[DecisionRow, OrderRow]]
    accounts: dict[UUID, ProviderAccountRow]
    """What the provider opened in their name, by order."""


async def of_titolare(session: AsyncSession, row: TitolareRow) -> Holdings:
    """Everything about a titolare whom the caller may read."""
    theirs = OrderRow.titolare_id == row.id
    orders = select(OrderRow).where(theirs).order_by(OrderRow.placed_at).options(selectinload(OrderRow.service))
    accounts = select(ProviderAccountRow).join(OrderRow, OrderRow.id == ProviderAccountRow.order_id).where(theirs)
    decisions = _with_order(DecisionRow).where(theirs).order_by(DecisionRow.at)
    roles = _with_order(ResponsabileRow).where(ResponsabileRow.titolare_id == row.id)
    mails = _with_order(MailRow).where(_went_to(row.id)).order_by(MailRow.at)
    return Holdings(
        row=row,
        orders=list(await session.scalars(orders)),
        roles=[(role, order) for role, order in await session.execute(roles.order_by(ResponsabileRow.assigned_at))],
        mails=[(mail, order) for mail, order in await session.execute(mails)],
        decisions=[(decision, order) for decision, order in await session.execute(decisions)],
        accounts={account.order_id: account for account in await session.scalars(accounts)},
    )


def _with_order(kind: type[Part]) -> Select[Part, OrderRow]:
    found = select(kind, OrderRow).join(OrderRow, OrderRow.id == kind.order_id)
    return found.options(selectinload(OrderRow.service))


def _went_to(titolare_id: UUID) -> ColumnElement[bool]:
    """By kind, and not by address: a holder's may have been corrected since."""
    in_a_role = exists().where(
        ResponsabileRow.order_id == MailRow.order_id,
        ResponsabileRow.titolare_id == titolare_id,
        ResponsabileRow.role == Role.CONSERVAZIONE,
        ResponsabileRow.titolare["pec"].as_string() == MailRow.to,
    )
    return or_(
        and_(OrderRow.titolare_id == titolare_id, MailRow.kind.in_(TO_THE_HOLDER)),
        and_(OrderRow.titolare_id == titolare_id, MailRow.kind == MailKind.ACCEPTANCE_RECEIPT, MailRow.box == Box.PEC),
        and_(MailRow.kind.in_(TO_THE_RESPONSABILE), in_a_role),
    )


async def check_unused(session: AsyncSession, *, titolare_id: UUID) -> None:
    """Whether nothing lives in a titolare's name or under their responsibility. Raises TitolareInUse."""
    in_force = exists().where(
        ResponsabileRow.order_id == OrderRow.id,
        ResponsabileRow.titolare_id == titolare_id,
        ResponsabileRow.replaced_at.is_(None),
    )
    theirs = or_(OrderRow.titolare_id == titolare_id, in_force)
    found = select(OrderRow).where(theirs, _lives()).order_by(OrderRow.placed_at).limit(1)
    if (order := await session.scalar(found)) is not None:
        raise TitolareInUse(order_id=order.id, number=order.number)


def _lives() -> ColumnElement[bool]:
    """An order that has not ended, or whose service has not."""
    served = exists().where(ServiceRow.order_id == OrderRow.id, ServiceRow.status != ServiceStatus.TERMINATED)
    return or_(OrderRow.status.in_(MOVERS), served)


def erase(held: Holdings, *, at: datetime) -> list[Keeping]:
    """Make the record nobody's, and the frozen copies as poor as the law allows; what is kept. Under the row's lock."""
    kept = sorted(set(_keepings(held)), key=lambda one: (one.number, one.what))
    proofs = {decision.mail_id for decision, _ in held.decisions}
    for order in held.orders:
        order.titolare = for_invoices(order.titolare)
    for role, _ in held.roles:
        role.titolare = for_appointments(role.titolare)
    for mail, _ in held.mails:
        if mail.state is not MailState.QUEUED and mail.id not in proofs:
            mail.to, mail.error = NOTHING, None  # mail servers name addresses in their refusals
    for account in held.accounts.values():
        account.username = None
    held.row.titolare, held.row.erased_at = erased(held.row.titolare), at
    return kept


async def forget_letters(session: AsyncSession, held: Holdings) -> None:
    """The words of all mails about their orders, whoever got them."""
    about = [*(order.id for order in held.orders), *(order.id for _, order in held.roles)]
    await session.execute(update(MailRow).where(MailRow.order_id.in_(about)).values(subject=None, text=None))


def _keepings(held: Holdings) -> Iterator[Keeping]:
    yield from (_keeping(Kept.ORDER, order) for order in held.orders)
    yield from (_keeping(Kept.PAPERS, order) for order in held.orders)
    yield from (_keeping(Kept.APPOINTMENT, order) for _, order in held.roles)
    yield from (_keeping(Kept.DECISION, order) for _, order in held.decisions)
    yield from (_keeping(Kept.MAIL, order) for mail, order in held.mails if mail.state is MailState.QUEUED)


def _keeping(what: Kept, order: OrderRow) -> Keeping:
    service_ends = order.service and end_of_day(order.service.service.grace_ends_on)
    happened = (order.placed_at, order.activated_at, order.cancelled_at, service_ends)
    return Keeping(what=what, number=order.number, until=kept_until(max(at for at in happened if at is not None)))
