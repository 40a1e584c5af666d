"""Erasing a titolare: until when it is refused, what goes, and what the law keeps."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import holdings, notes, requests, users
from db.decisions import DecisionRow
from db.holdings import Holdings, answers_for, went_to
from db.mails import MailRow, MailState
from db.orders import OrderRow
from db.responsabili import ResponsabileRow
from db.services import ServiceRow
from db.titolari import TitolareRow
from domain.calendar import end_of_day
from domain.erasure import NOTHING, Keeping, Kept, erased, for_appointments, kept_until, pseudonym
from domain.errors import TitolareInUse
from domain.lifecycle import MOVERS
from domain.services import ServiceStatus
from domain.titolari import display_name


async def check_unused(session: AsyncSession, *, titolare_id: UUID) -> None:
    """Whether nothing lives in a titolare's name or under their responsibility. Raises TitolareInUse."""
    theirs = or_(OrderRow.titolare_id == titolare_id, answers_for(titolare_id))
    found = select(OrderRow).where(theirs, _lives()).order_by(OrderRow.placed_at).limit(1)
    if (order := await session.scalar(found)) is not None:
        raise TitolareInUse(order_id=order.id, number=order.number)


def _lives() -> ColumnElement[bool]:
    """An order that has not ended, or whose service has not."""
    served = exists().where(ServiceRow.order_id == OrderRow.id, ServiceRow.status != ServiceStatus.TERMINATED)
    return or_(OrderRow.status.in_(MOVERS), served)


async def erase(session: AsyncSession, row: TitolareRow, *, at: datetime) -> list[Keeping]:
    """Make the record nobody's, and the frozen copies as poor as the law allows; what is kept. Under the row's lock."""
    await forget_letters(session, titolare_id=row.id)  # first: a mail that is on the wire is waited for
    await notes.forget_contacts(session, titolare_id=row.id)
    await users.forget_drafts(session, titolare_id=row.id)
    held = await holdings.of_titolare(session, row)
    kept = sorted(set(_keepings(held)), key=lambda one: (one.number, one.what))
    alias = pseudonym(row.titolare, titolare_id=row.id)
    for order in held.orders:
        order.titolare = alias.model_copy(update={"kind": order.titolare.kind})
    await requests.rename_titolare(session, row.id, caller_id=row.partner_id, name=display_name(alias))
    for role, _ in held.roles:
        role.titolare = for_appointments(role.titolare)
    for account in held.accounts.values():
        account.username = account.reason = None
    row.titolare, row.erased_at = erased(row.titolare), at
    return kept


async def forget_letters(session: AsyncSession, *which: ColumnElement[bool], titolare_id: UUID) -> None:
    """The words of mails about them, whoever got them, and the addresses of those to them that have gone out.

    One that is still queued is owed. The one that asked for a decision belongs to its proof.
    """
    of_orders = select(MailRow.id).join(OrderRow, OrderRow.id == MailRow.order_id)
    to_them = of_orders.where(went_to(titolare_id), *which)
    about_them = of_orders.where(or_(OrderRow.titolare_id == titolare_id, went_to(titolare_id)), *which)
    await session.execute(update(MailRow).where(MailRow.id.in_(about_them)).values(subject=None, text=None))
    asked = exists().where(DecisionRow.order_id == MailRow.order_id, DecisionRow.mail_id == MailRow.id)
    gone = (MailRow.state != MailState.QUEUED) & ~asked
    nowhere = update(MailRow).where(MailRow.id.in_(to_them), gone)
    await session.execute(nowhere.values(to=NOTHING, error=None))  # servers name addresses in their refusals


async def catch_up(session: AsyncSession, mail: MailRow) -> None:
    """Forget a mail that was still queued when who it is about was erased. By whoever has it in hand."""
    holder = select(OrderRow.titolare_id).where(OrderRow.id == mail.order_id)
    others = select(ResponsabileRow.titolare_id).where(ResponsabileRow.order_id == mail.order_id)
    nobody = select(TitolareRow.id).where(TitolareRow.id.in_(union(holder, others)), TitolareRow.erased_at.is_not(None))
    for titolare_id in await session.scalars(nobody):
        await forget_letters(session, MailRow.id == mail.id, titolare_id=titolare_id)


def _keepings(held: Holdings) -> Iterator[Keeping]:
    yield from (_keeping(Kept.ORDER, order) for order in held.orders)
    yield from (_keeping(Kept.PAPERS, order) for _, order in held.papers)
    yield from (_keeping(Kept.APPOINTMENT, order) for _, order in held.roles)
    yield from (_keeping(Kept.DECISION, order) for _, order in held.decisions)
    yield from (_keeping(Kept.MAIL, order) for mail, order in held.mails if mail.state is MailState.QUEUED)


def _keeping(what: Kept, order: OrderRow) -> Keeping:
    """Counted from the last thing that happens to an order, or to the service that it has left."""
    happened = [at for at in (order.placed_at, order.activated_at, order.cancelled_at) if at is not None]
    if order.service is not None:
        happened.append(end_of_day(order.service.service.grace_ends_on))
    return Keeping(what=what, number=order.number, until=kept_until(max(happened)))
