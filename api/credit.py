"""The partner's prepaid credit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.bodies import JsonRoute
from api.fields import Euros
from api.idempotency import Created, IdempotencyKey, answer_once
from api.keys import Operator, PartnerId
from api.money import Money, money
from api.paging import ByNumber, Page, cut
from context import Now, Session
from db import ledger, orders, partners
from db.ledger import TransferRow
from domain.identifiers import Text
from domain.ledger import Account, Cause
from domain.model import Value

router = APIRouter(prefix="/v1/credit", tags=["credit"], route_class=JsonRoute)


class CreditAnswer(BaseModel):
    """What is there to spend, and what was paid for orders that have not ended."""

    balance: Money
    in_open_orders: Money


class CauseAnswer(BaseModel):
    """Why money moved."""

    kind: Cause
    id: UUID


class EntryAnswer(BaseModel):
    """One movement of the credit: negative when it was spent. `balance` is what it left."""

    id: UUID
    at: datetime
    amount: Money
    balance: Money
    cause: CauseAnswer
    reverses: UUID | None

    @classmethod
    def of(cls, row: TransferRow) -> "EntryAnswer":
        """The transfer, as the partner's credit saw it."""
        sign = 1 if row.credit is Account.CREDIT else -1
        return cls(
            id=row.id,
            at=row.at,
            amount=money(sign * row.amount_cents),
            balance=money(row.credit_balance_cents),
            cause=CauseAnswer(kind=row.cause, id=row.subject_id),
            reverses=row.reverses,
        )


class TopUpRequest(Value):
    """What a partner has paid in; the reference (of the bank transfer) is good for one top-up."""

    partner_id: UUID
    amount: Euros
    reference: Text


@router.get("")
async def balance(partner_id: PartnerId, session: Session) -> CreditAnswer:
    """The credit in real time."""
    return CreditAnswer(
        balance=money(await ledger.balance_cents(session, partner_id=partner_id)),
        in_open_orders=money(await orders.in_open_orders_cents(session, partner_id=partner_id)),
    )


@router.get("/entries")
async def entries(filters: Annotated[ByNumber, Query()], partner_id: PartnerId, session: Session) -> Page[EntryAnswer]:
    """Every movement, newest first."""
    rows = await ledger.entries(session, partner_id=partner_id, before=filters.before, limit=filters.limit + 1)
    shown, next_ = cut(rows, filters.limit, mark=lambda row: str(row.seq))
    return Page(items=[EntryAnswer.of(row) for row in shown], next=next_)


@router.post("/top-ups", status_code=201, response_model=EntryAnswer)
async def top_up(
    wish: TopUpRequest, operator: Operator, key: IdempotencyKey, request: Request, session: Session, now: Now
) -> Response:
    """An operator adds what a partner has paid in."""

    async def do() -> Created:
        await partners.get(session, partner_id=wish.partner_id)
        entry_id = await ledger.top_up(
            session,
            top_up_id=uuid5(operator.key_id, key),
            partner_id=wish.partner_id,
            amount_cents=wish.amount.cents,
            reference=wish.reference,
            at=now,
        )
        entry = await ledger.entry(session, transfer_id=entry_id)
        await session.refresh(entry)
        body = EntryAnswer.of(entry).model_dump(mode="json")
        await session.commit()
        return Created(location=None, body=body)

    return await answer_once(request, session, caller_id=operator.key_id, key=key, wish=wish, do=do)
