"""All that is held about a titolare: told in an export, gone through by an erasure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload, undefer

from db import papers
from db.accounts import ProviderAccountRow
from db.decisions import DecisionRow
from db.mails import MailRow
from db.notes import NoteRow
from db.orders import OrderRow
from db.papers import Papers
from db.responsabili import ResponsabileRow
from db.titolari import TitolareRow
from domain.mails import Box, MailKind
from domain.orders import Role

Part = TypeVar("Part", DecisionRow, ResponsabileRow, MailRow, NoteRow)
"""What belongs to an order."""
TO_THE_HOLDER = (MailKind.CONTRACT_ACCEPTANCE, MailKind.ACCEPTANCE_REMINDER, MailKind.ORDER_CANCELLED_TITOLARE)


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """A record of the address book, and what orders have frozen of it; each list oldest first."""

    row: TitolareRow
    orders: list[OrderRow]
    roles: list[tuple[ResponsabileRow, OrderRow]]
    mails: list[tuple[MailRow, OrderRow]]
    decisions: list[tuple[DecisionRow, OrderRow]]
    papers: Papers
    contacts: list[tuple[NoteRow, OrderRow]]
    """Addresses that were to be corrected, and whose correction didn't come through."""
    accounts: dict[UUID, ProviderAccountRow]
    """What the provider opened in their name or for them as its user, by order."""


async def of_titolare(session: AsyncSession, row: TitolareRow) -> Holdings:
    """Everything about a titolare whom the caller may read."""
    theirs = OrderRow.titolare_id == row.id
    orders = select(OrderRow).where(theirs).order_by(OrderRow.placed_at).options(selectinload(OrderRow.service))
    accounts = select(ProviderAccountRow).join(OrderRow, OrderRow.id == ProviderAccountRow.order_id)
    accounts = accounts.where(or_(theirs, answers_for(row.id, roles=(Role.CONSERVAZIONE,))))
    decisions = _with_order(DecisionRow).where(theirs).order_by(DecisionRow.at)
    roles = _with_order(ResponsabileRow).where(ResponsabileRow.titolare_id == row.id)
    mails = _with_order(MailRow).where(went_to(row.id)).order_by(MailRow.at).options(undefer(MailRow.text))
    contacts = _with_order(NoteRow).where(theirs).order_by(NoteRow.created_at)
    return Holdings(
        row=row,
        orders=list(await session.scalars(orders)),
        roles=[(role, order) for role, order in await session.execute(roles.order_by(ResponsabileRow.assigned_at))],
        mails=[(mail, order) for mail, order in await session.execute(mails)],
        decisions=[(decision, order) for decision, order in await session.execute(decisions)],
        papers=await papers.of_titolare(session, titolare_id=row.id),
        contacts=[(note, order) for note, order in await session.execute(contacts)],
        accounts={account.order_id: account for account in await session.scalars(accounts)},
    )


def _with_order(kind: type[Part]) -> Select[Part, OrderRow]:
    found = select(kind, OrderRow).join(OrderRow, OrderRow.id == kind.order_id)
    return found.options(selectinload(OrderRow.service))


def answers_for(titolare_id: UUID, *, roles: Collection[Role] = tuple(Role)) -> ColumnElement[bool]:
    """The condition of an order one of whose roles they hold."""
    return exists().where(
        ResponsabileRow.order_id == OrderRow.id,
        ResponsabileRow.titolare_id == titolare_id,
        ResponsabileRow.role.in_(roles),
        ResponsabileRow.replaced_at.is_(None),
    )


def went_to(titolare_id: UUID) -> ColumnElement[bool]:
    """The condition of a mail of an order that was theirs to get.

    By kind, and not by address: a holder's may have been corrected since. Credentials only go to who holds the role
    when the order becomes active, and from then on nobody replaces them.
    """
    as_holder = or_(
        MailRow.kind.in_(TO_THE_HOLDER), and_(MailRow.kind == MailKind.ACCEPTANCE_RECEIPT, MailRow.box == Box.PEC)
    )
    as_user = answers_for(titolare_id, roles=(Role.CONSERVAZIONE,))
    return or_(
        and_(OrderRow.titolare_id == titolare_id, as_holder), and_(MailRow.kind == MailKind.CREDENTIALS, as_user)
    )
