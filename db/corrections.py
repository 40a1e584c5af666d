"""Corrections: operators undo an entry that was wrong, in part or whole. The database refuses the rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import ledger
from db.ledger import TransferRow
from db.orders import SettlementRow
from domain.errors import InsufficientCredit
from domain.ledger import CORRECTABLE, Account, Cause, transfer_id
from domain.lifecycle import Outcome
from domain.money_errors import CorrectionExceedsEntry, EntryNotCorrectable, EntryNotFound


async def correct(
    session: AsyncSession, *, correction_id: UUID, entry_id: UUID, amount_cents: int, reason: str, at: datetime
) -> UUID:
    """Book an entry the other way round, once an id, whosever it is; the id of the transfer.

    Raises EntryNotFound, EntryNotCorrectable, CorrectionExceedsEntry; InsufficientCredit if it would take more
    credit away than there is.
    """
    if (entry := await session.get(TransferRow, entry_id)) is None:
        raise EntryNotFound(entry_id=entry_id)
    balance_cents = await ledger.lock_credit(session, partner_id=entry.partner_id)
    booked = transfer_id(Cause.CORRECTION, correction_id)
    if await session.get(TransferRow, booked) is not None:
        return booked
    await _check(session, entry, amount_cents=amount_cents)
    if entry.credit is Account.CREDIT and balance_cents < amount_cents:
        raise InsufficientCredit(missing_cents=amount_cents - balance_cents)
    return await ledger.book(
        session,
        Cause.CORRECTION,
        sides=(entry.credit, entry.debit),
        subject_id=correction_id,
        partner_id=entry.partner_id,
        amount_cents=amount_cents,
        corrects=entry.id,
        reason=reason,
        at=at,
    )


async def _check(session: AsyncSession, entry: TransferRow, *, amount_cents: int) -> None:
    if entry.cause not in CORRECTABLE:
        raise EntryNotCorrectable
    if entry.cause is Cause.ORDER and not await _is_active(session, order_id=entry.subject_id):
        raise EntryNotCorrectable  # while it is open it can be cancelled, and is then refunded whole
    corrected = select(func.sum(TransferRow.amount_cents)).where(TransferRow.corrects == entry.id)
    correctable_cents = entry.amount_cents - int(await session.scalar(corrected) or 0)
    if amount_cents > correctable_cents:
        raise CorrectionExceedsEntry(correctable_cents=correctable_cents)


async def _is_active(session: AsyncSession, *, order_id: UUID) -> bool:
    activated = (SettlementRow.order_id == order_id) & (SettlementRow.outcome == Outcome.ACTIVATED)
    return bool(await session.scalar(select(exists().where(activated))))
