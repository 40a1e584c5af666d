"""The ledger: append-only double entry. The database itself keeps the balances and the refusals."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named
from db.partners import PartnerRow
from domain.errors import InsufficientCredit, ReferenceAlreadyUsed
from domain.ledger import Account, Cause, transfer_id

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class AccountRow(Base):
    """One of a partner's accounts. Balance = credits - debits; only a transfer moves it."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("kind <> 'credit' or balance_cents >= 0", name="credit_not_negative"),)

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), primary_key=True)
    kind: Mapped[Account] = mapped_column(Named(Account), primary_key=True)
    balance_cents: Mapped[int] = mapped_column(BigInteger, default=0)


class TransferRow(Base):
    """One movement. `seq` and `credit_balance_cents` are the database's own, in the order of the books."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("(cause = 'refund') = (reverses is not null)", name="refund_points_at_charge"),
        CheckConstraint("(cause = 'correction') = (corrects is not null)", name="correction_points_at_entry"),
        CheckConstraint("(cause = 'correction') = (reason is not null)", name="correction_has_reason"),
        CheckConstraint("(cause = 'top_up') = (reference is not null)", name="top_up_has_reference"),
        CheckConstraint(
            "case cause when 'top_up' then debit = 'funds' and credit = 'credit' "
            "when 'refund' then debit = 'sales' and credit = 'credit' "
            "when 'correction' then debit <> credit "
            "else debit = 'credit' and credit = 'sales' end",
            name="sides_of_cause",
        ),
        Index("ix_transfers_partner_id_seq", "partner_id", "seq"),
        Index("ix_transfers_partner_id_at", "partner_id", "at", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, FetchedValue(), unique=True)
    at: Mapped[datetime]
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    cause: Mapped[Cause] = mapped_column(Named(Cause))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    debit: Mapped[Account] = mapped_column(Named(Account))
    credit: Mapped[Account] = mapped_column(Named(Account))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reverses: Mapped[UUID | None] = mapped_column(ForeignKey("transfers.id"), unique=True)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    reference: Mapped[str | None] = mapped_column(unique=True)
    reason: Mapped[str | None]
    """An operator's own words for a correction: kept as long as the books are."""
    credit_balance_cents: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    """The partner's credit after this movement."""

    @property
    def signed_cents(self) -> int:
        """What it added to the credit; negative when it was spent."""
        return self.amount_cents if self.credit is Account.CREDIT else -self.amount_cents


async def open_accounts(session: AsyncSession, *, partner_id: UUID) -> None:
    """A new partner's accounts, all at zero."""
    session.add_all(AccountRow(partner_id=partner_id, kind=kind) for kind in Account)
    await session.flush()


async def charge(
    session: AsyncSession, *, partner_id: UUID, cause: Cause, subject_id: UUID, amount_cents: int, at: datetime
) -> None:
    """Charge an order, a renewal or space to the partner's credit, once. Raises InsufficientCredit.

    The account stays locked until the transaction ends, so nobody else spends the same cents.
    """
    balance_cents = await lock_credit(session, partner_id=partner_id)
    if await session.get(TransferRow, transfer_id(cause, subject_id)) is not None:
        return
    if balance_cents < amount_cents:
        raise InsufficientCredit(missing_cents=amount_cents - balance_cents)
    await book(
        session,
        cause,
        sides=cause.sides,
        subject_id=subject_id,
        partner_id=partner_id,
        amount_cents=amount_cents,
        at=at,
    )


async def refund(session: AsyncSession, *, order_id: UUID, at: datetime) -> None:
    """Give an order's charge back, whole. The database refuses a second refund of one charge."""
    charged = await session.get_one(TransferRow, transfer_id(Cause.ORDER, order_id))
    await book(
        session,
        Cause.REFUND,
        sides=Cause.REFUND.sides,
        subject_id=order_id,
        partner_id=charged.partner_id,
        amount_cents=charged.amount_cents,
        reverses=charged.id,
        at=at,
    )


async def top_up(
    session: AsyncSession, *, top_up_id: UUID, partner_id: UUID, amount_cents: int, reference: str, at: datetime
) -> UUID:
    """Add what a partner has paid in, once an id; the id of the transfer.

    A reference pays once, whichever partners ask at once. Raises ReferenceAlreadyUsed.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(reference, 0))))
    await lock_credit(session, partner_id=partner_id)
    booked = transfer_id(Cause.TOP_UP, top_up_id)
    if await session.get(TransferRow, booked) is not None:
        return booked
    if await paid_with(session, reference=reference) is not None:
        raise ReferenceAlreadyUsed
    return await book(
        session,
        Cause.TOP_UP,
        sides=Cause.TOP_UP.sides,
        subject_id=top_up_id,
        partner_id=partner_id,
        amount_cents=amount_cents,
        reference=reference,
        at=at,
    )


async def paid_with(session: AsyncSession, *, reference: str) -> TransferRow | None:
    """The top-up that a reference has paid for, whichever partner's. For operators."""
    return await session.scalar(select(TransferRow).where(TransferRow.reference == reference))


async def lock_credit(session: AsyncSession, *, partner_id: UUID) -> int:
    """The partner's credit, which nobody else moves until the transaction ends."""
    return await session.scalar(_credit_of(partner_id).with_for_update()) or 0


async def book(
    session: AsyncSession, cause: Cause, *, sides: tuple[Account, Account], subject_id: UUID, **values: Any
) -> UUID:
    """Write a movement into the books; its id."""
    debit, credit = sides
    booking = transfer_id(cause, subject_id)
    session.add(TransferRow(id=booking, cause=cause, subject_id=subject_id, debit=debit, credit=credit, **values))
    await session.flush()
    return booking


def _credit_of(partner_id: UUID) -> Select[int]:
    mine = (AccountRow.partner_id == partner_id) & (AccountRow.kind == Account.CREDIT)
    return select(AccountRow.balance_cents).where(mine)


async def balance_cents(session: AsyncSession, *, partner_id: UUID) -> int:
    """The partner's credit, in real time."""
    return await session.scalar(_credit_of(partner_id)) or 0


async def below_threshold(session: AsyncSession) -> list[UUID]:
    """Partners whose credit is below what they have set. For the sweep."""
    low = AccountRow.balance_cents < PartnerRow.low_credit_threshold_cents
    theirs = (AccountRow.partner_id == PartnerRow.id) & (AccountRow.kind == Account.CREDIT)
    return list(await session.scalars(select(PartnerRow.id).join(AccountRow, theirs).where(low)))


async def partners_with_credit(session: AsyncSession, *, words: str, limit: int | None) -> list[tuple[PartnerRow, int]]:
    """Partners whose name has all these words, each with its credit in cents. For operators."""
    theirs = (AccountRow.partner_id == PartnerRow.id) & (AccountRow.kind == Account.CREDIT)
    found = select(PartnerRow, AccountRow.balance_cents).join(AccountRow, theirs)
    named = found.where(*(PartnerRow.name.icontains(word, autoescape=True) for word in words.split()))
    return [
        (row, cents)
        for row, cents in await session.execute(named.order_by(PartnerRow.name, PartnerRow.id).limit(limit))
    ]
