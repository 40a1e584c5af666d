"""What the API says of a movement of money."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from api.money import Money, money
from db.entries import Entry
from domain.ledger import Cause
from domain.lifecycle import Actor


class CauseAnswer(BaseModel):
    """Why money moved."""

    kind: Cause
    id: UUID


class EntryAnswer(BaseModel):
    """One movement of the credit: negative when it was spent. `balance` is what it left.

    `reverses` is the entry that it refunds or corrects; a correction has the order and the service of that one.
    """

    id: UUID
    at: datetime
    amount: Money
    balance: Money
    cause: CauseAnswer
    reverses: UUID | None
    reference: str | None
    """Of a top-up."""
    reason: str | None
    """Of a correction."""
    order_id: UUID | None
    service_id: UUID | None
    price_list_valid_from: date | None
    asked_by: Actor | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryAnswer":
        """The transfer, as the partner's credit saw it."""
        row = entry.row
        return cls(
            id=row.id,
            at=row.at,
            amount=money(row.signed_cents),
            balance=money(row.credit_balance_cents),
            cause=CauseAnswer(kind=row.cause, id=row.subject_id),
            reverses=row.reverses or row.corrects,
            reference=row.reference,
            reason=row.reason,
            order_id=entry.order_id,
            service_id=entry.service_id,
            price_list_valid_from=entry.list_valid_from and date.fromisoformat(entry.list_valid_from),
            asked_by=entry.asked_by,
        )
