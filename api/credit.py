"""The partner's prepaid credit."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.entries import EntryAnswer
from api.etags import TaggedRoute, tag
from api.fields import Euros, Words
from api.idempotency import Created, IdempotencyKey, OptionalKey, answer_at_once, answer_once, in_openapi
from api.keys import Operator, PartnerId
from api.money import Money, money
from context import Now, Session
from db import corrections, entries, ledger, orders, partners
from db.base import EVERY_PARTNER
from domain.identifiers import Text
from domain.model import Value
from front.paging import ByNumber, Page, cut

router = APIRouter(prefix="/v1/credit", tags=["credit"], route_class=TaggedRoute)


class CreditAnswer(BaseModel):
    """What is there to spend, and what was paid for orders that have not ended."""

    balance: Money
    in_open_orders: Money


class TopUpRequest(Value):
    """What a partner has paid in; the reference (of the bank transfer) is good for one top-up."""

    partner_id: UUID
    amount: Euros
    reference: Text


class CorrectionRequest(Value):
    """How much of an entry was wrong, and why. The whole of it may be corrected, in parts too."""

    entry_id: UUID
    amount: Euros
    reason: Words


@router.get("")
async def balance(partner_id: PartnerId, session: Session, response: Response) -> CreditAnswer:
    """The credit in real time."""
    answer = CreditAnswer(
        balance=money(await ledger.balance_cents(session, partner_id=partner_id)),
        in_open_orders=money(await orders.in_open_orders_cents(session, partner_id=partner_id)),
    )
    return tag(response, answer)


@router.get("/entries")
async def movements(
    filters: Annotated[ByNumber, Query()], partner_id: PartnerId, session: Session
) -> Page[EntryAnswer]:
    """Every movement, newest first, with what it leads to."""
    found = await entries.page(session, partner_id=partner_id, before=filters.before, limit=filters.limit + 1)
    shown, next_ = cut(found, filters.limit, mark=lambda entry: str(entry.row.seq))
    return Page(items=[EntryAnswer.of(entry) for entry in shown], next=next_)


@router.post("/top-ups", status_code=201, response_model=EntryAnswer, openapi_extra=in_openapi(required=True))
async def top_up(
    wish: TopUpRequest, operator: Operator, key: IdempotencyKey, request: Request, session: Session, now: Now
) -> Response:
    """An operator adds what a partner has paid in."""

    async def do() -> Created:
        await partners.get(session, partner_id=wish.partner_id)
        entry_id = await ledger.top_up(
            session,
            top_up_id=uuid5(operator.id, key),
            partner_id=wish.partner_id,
            amount_cents=wish.amount.cents,
            reference=wish.reference,
            at=now,
        )
        return await _booked(session, entry_id)

    return await answer_once(request, session, caller_id=operator.id, key=key, wish=wish, do=do)


@router.post("/corrections", status_code=201, response_model=EntryAnswer, openapi_extra=in_openapi(required=False))
async def correct(
    wish: CorrectionRequest, operator: Operator, key: OptionalKey, request: Request, session: Session, now: Now
) -> Response:
    """An operator undoes an entry in part or whole: what was charged comes back, what was topped up goes.

    With an Idempotency-Key a repeat gives the first answer; without, each request is a correction.
    """

    async def do() -> Created:
        entry_id = await corrections.correct(
            session,
            correction_id=uuid4() if key is None else uuid5(operator.id, key),
            entry_id=wish.entry_id,
            amount_cents=wish.amount.cents,
            reason=wish.reason,
            at=now,
        )
        return await _booked(session, entry_id)

    if key is None:
        return await answer_at_once(do)
    return await answer_once(request, session, caller_id=operator.id, key=key, wish=wish, do=do)


async def _booked(session: Session, entry_id: UUID) -> Created:
    entry = await entries.get(session, transfer_id=entry_id, owner=EVERY_PARTNER)
    body = EntryAnswer.of(entry).model_dump(mode="json")
    await session.commit()
    return Created(location=None, body=body)
