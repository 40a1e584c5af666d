"""The books: what the database itself refuses, and a machine that tries to break them."""

import asyncio
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import ledger
from db.connection import Sessions
from domain.errors import InsufficientCredit, ReferenceAlreadyUsed
from domain.ledger import SIDES, Account, Cause
from tests.personas import CREDIT_CENTS, Partner, Stage
from tests.services import in_days, service

NOW = datetime.now(UTC)
CHARGES = (Cause.ORDER, Cause.RENEWAL, Cause.SPACE)


@pytest.mark.parametrize("cause", CHARGES)
async def test_it_refuses_to_spend_what_is_not_there(bianchi: Partner, sessions: Sessions, cause: Cause) -> None:
    with pytest.raises(InsufficientCredit) as refused:
        async with sessions.begin() as session:
            await ledger.charge(
                session,
                partner_id=bianchi.partner_id,
                cause=cause,
                subject_id=uuid4(),
                amount_cents=CREDIT_CENTS + 5,
                at=NOW,
            )
    assert refused.value.missing_cents == 5
    assert await bianchi.balance() == "1000.00"


@pytest.mark.parametrize("cause", CHARGES)
async def test_it_charges_one_subject_once(bianchi: Partner, sessions: Sessions, cause: Cause) -> None:
    subject_id = uuid4()

    async def charge() -> None:
        async with sessions.begin() as session:
            await ledger.charge(
                session,
                partner_id=bianchi.partner_id,
                cause=cause,
                subject_id=subject_id,
                amount_cents=CREDIT_CENTS,
                at=NOW,
            )

    await asyncio.gather(*(charge() for _ in range(5)))
    assert await bianchi.balance() == "0.00"


async def test_a_reference_pays_once(bianchi: Partner, sessions: Sessions) -> None:
    with pytest.raises(ReferenceAlreadyUsed):
        async with sessions.begin() as session:
            await ledger.top_up(
                session,
                top_up_id=uuid4(),
                partner_id=bianchi.partner_id,
                amount_cents=1,
                reference=str(bianchi.partner_id),
                at=NOW,
            )


async def test_a_reference_pays_once_whichever_partners_ask_at_once(
    bianchi: Partner, verdi: Partner, sessions: Sessions
) -> None:
    async def ask(partner: Partner, reference: str) -> bool:
        try:
            async with sessions.begin() as session:
                await ledger.top_up(
                    session,
                    top_up_id=uuid4(),
                    partner_id=partner.partner_id,
                    amount_cents=1,
                    reference=reference,
                    at=NOW,
                )
        except ReferenceAlreadyUsed:
            return False
        return True

    for _ in range(10):
        reference = str(uuid4())
        assert sum(await asyncio.gather(ask(bianchi, reference), ask(verdi, reference))) == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "update transfers set amount_cents = 1 where partner_id = :partner",
        "delete from transfers where partner_id = :partner",
        "truncate transfers cascade",
        "update accounts set balance_cents = 10 where partner_id = :partner",
        "delete from accounts where partner_id = :partner",
        "truncate accounts",
        "update settlements set outcome = 'activated'",
        "delete from settlements",
        "update order_events set kind = 'nothing'",
        "delete from order_events",
        "update orders set status = 'active' where partner_id = :partner",
        "update orders set status = 'awaiting_documents' where status = 'cancelled' and partner_id = :partner",
        "delete from orders where partner_id = :partner",
    ],
)
async def test_the_database_refuses(bianchi: Partner, sessions: Sessions, tampering: str) -> None:
    await bianchi.cancel(await bianchi.placed())
    await bianchi.placed()
    values = {"partner": bianchi.partner_id} if ":partner" in tampering else {}
    with pytest.raises(DBAPIError):
        async with sessions.begin() as session:
            await session.execute(text(tampering), values)


REFUND = """
insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, reverses)
select gen_random_uuid(), now(), partner_id, 'refund', subject_id, 'sales', 'credit', amount_cents + :more, id
from transfers where subject_id = :order and cause = 'order'
"""


@pytest.mark.parametrize("more", [0, 1])
async def test_the_database_refuses_a_second_refund(bianchi: Partner, sessions: Sessions, more: int) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    with pytest.raises(DBAPIError):
        async with sessions.begin() as session:
            await session.execute(text(REFUND), {"order": order_id, "more": more})


async def test_the_database_refuses_a_refund_of_an_order_that_is_not_cancelled(
    bianchi: Partner, sessions: Sessions
) -> None:
    order_id = await bianchi.placed()
    with pytest.raises(DBAPIError, match="not settled"):
        async with sessions.begin() as session:
            await session.execute(text(REFUND), {"order": order_id, "more": 0})


BOOKING = """
insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, reference)
values (gen_random_uuid(), now(), :partner, :cause, gen_random_uuid(), :debit, :credit, 1, :reference)
"""


async def book(sessions: Sessions, partner: Partner, **values: Any) -> None:
    async with sessions.begin() as session:
        await session.execute(text(BOOKING), {"partner": partner.partner_id, "reference": None, **values})


@pytest.mark.parametrize("cause", [cause for cause in SIDES if cause is not Cause.REFUND])
async def test_the_database_refuses_other_sides_than_those_of_the_cause(
    bianchi: Partner, sessions: Sessions, cause: Cause
) -> None:
    reference = str(uuid4()) if cause is Cause.TOP_UP else None
    for debit, credit in product(Account, Account):
        if (debit, credit) != cause.sides:
            with pytest.raises(DBAPIError, match="sides_of_cause"):
                await book(sessions, bianchi, cause=cause, debit=debit, credit=credit, reference=reference)
    debit, credit = cause.sides
    await book(sessions, bianchi, cause=cause, debit=debit, credit=credit, reference=reference)


@pytest.mark.parametrize(("cause", "reference"), [(Cause.TOP_UP, None), (Cause.SPACE, "CRO 1")])
async def test_the_database_wants_a_reference_of_top_ups_and_of_nothing_else(
    bianchi: Partner, sessions: Sessions, cause: Cause, reference: str | None
) -> None:
    debit, credit = cause.sides
    with pytest.raises(DBAPIError, match="top_up_has_reference"):
        await book(sessions, bianchi, cause=cause, debit=debit, credit=credit, reference=reference)


RENEWAL = """
insert into renewals (id, service_id, partner_id, at, period_start, period_end, years, price, outcome, asked_by)
select gen_random_uuid(), id, partner_id, now(), expires_on, expires_on + 365, 1, '{}', 'renewed', 'system'
from services where id = :service
"""
MOVE = "update services set expires_on = expires_on + 365 where id = :service"


async def test_the_database_moves_no_expiry_that_is_not_paid_for(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(10))
    async with stage.sessions() as session:
        await session.execute(text(RENEWAL), {"service": row.id})
        with pytest.raises(DBAPIError, match="not renewed so"):
            await session.execute(text(MOVE), {"service": row.id})
