"""What the database itself refuses of corrections, whoever writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import corrections, ledger, orders
from db.connection import Sessions
from domain.ledger import Cause, transfer_id
from domain.lifecycle import Outcome
from tests.personas import Partner

NOW = datetime.now(UTC)
CORRECTION = """
insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, corrects, reason)
select gen_random_uuid(), now(), :partner, 'correction', gen_random_uuid(), {debit}, {credit}, :cents, id, 'errore'
from transfers where id = :entry
"""
TURNED_ROUND = CORRECTION.format(debit="credit", credit="debit")
AS_IT_IS = CORRECTION.format(debit="debit", credit="credit")
REFUND = """
insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, reverses)
select gen_random_uuid(), now(), partner_id, 'refund', subject_id, credit, debit, amount_cents, id
from transfers where id = :entry
"""


async def booked(sessions: Sessions, partner: Partner, cause: Cause = Cause.RENEWAL) -> UUID:
    """A charge of EUR 10.00."""
    subject_id = uuid4()
    async with sessions.begin() as session:
        await ledger.charge(
            session, partner_id=partner.partner_id, cause=cause, subject_id=subject_id, amount_cents=1_000, at=NOW
        )
    return transfer_id(cause, subject_id)


async def write(sessions: Sessions, statement: str, values: Mapping[str, Any]) -> None:
    async with sessions.begin() as session:
        await session.execute(text(statement), {name: it for name, it in values.items() if f":{name}" in statement})


async def test_it_takes_what_is_right(bianchi: Partner, sessions: Sessions) -> None:
    for cause in (Cause.RENEWAL, Cause.SPACE):
        entry = await booked(sessions, bianchi, cause)
        await write(sessions, TURNED_ROUND, {"partner": bianchi.partner_id, "cents": 1_000, "entry": entry})
    assert await bianchi.balance() == "1000.00"


@pytest.mark.parametrize(
    ("statement", "cents", "why"),
    [
        (TURNED_ROUND, 1_001, "exceeds its entry"),
        (AS_IT_IS, 1, "turned round"),
        (CORRECTION.format(debit="'funds'", credit="'credit'"), 1, "turned round"),
        (TURNED_ROUND.replace("id, 'errore'", "null, 'errore'"), 1, "not correctable"),
        (TURNED_ROUND.replace("id, 'errore'", "gen_random_uuid(), 'errore'"), 1, "not correctable"),
        (TURNED_ROUND.replace("'errore'", "null"), 1, "correction_has_reason"),
        (TURNED_ROUND.replace("'correction'", "'renewal'"), 1, "ck_transfers_correction"),
        (TURNED_ROUND, 0, "amount_positive"),
        (TURNED_ROUND, -1, "amount_positive"),
    ],
    ids=["more", "same sides", "other sides", "no entry", "unknown entry", "no reason", "no correction", "0", "-1"],
)
async def test_it_refuses_what_is_not_its_entry_turned_round(
    bianchi: Partner, sessions: Sessions, statement: str, cents: int, why: str
) -> None:
    values = {"partner": bianchi.partner_id, "cents": cents, "entry": await booked(sessions, bianchi)}
    with pytest.raises(DBAPIError, match=why):
        await write(sessions, statement, values)
    assert await bianchi.balance() == "990.00"


async def test_it_refuses_more_than_the_entry_in_parts(bianchi: Partner, sessions: Sessions) -> None:
    values = {"partner": bianchi.partner_id, "cents": 600, "entry": await booked(sessions, bianchi)}
    await write(sessions, TURNED_ROUND, values)
    with pytest.raises(DBAPIError, match="exceeds its entry"):
        await write(sessions, TURNED_ROUND, values)


async def test_it_refuses_another_partners(bianchi: Partner, verdi: Partner, sessions: Sessions) -> None:
    values = {"partner": verdi.partner_id, "cents": 1, "entry": await booked(sessions, bianchi)}
    with pytest.raises(DBAPIError, match="turned round"):
        await write(sessions, TURNED_ROUND, values)


async def test_it_refuses_to_correct_a_correction(bianchi: Partner, sessions: Sessions) -> None:
    correction_id = uuid4()
    async with sessions.begin() as session:
        booking = await corrections.correct(
            session,
            correction_id=correction_id,
            entry_id=await booked(sessions, bianchi),
            amount_cents=5,
            reason="errore",
            at=NOW,
        )
    assert booking == transfer_id(Cause.CORRECTION, correction_id)
    with pytest.raises(DBAPIError, match="not correctable"):
        await write(sessions, TURNED_ROUND, {"partner": bianchi.partner_id, "cents": 1, "entry": booking})


async def test_it_refuses_to_correct_an_order_that_is_open_or_refunded(bianchi: Partner, sessions: Sessions) -> None:
    order_id = await bianchi.placed()
    values = {"partner": bianchi.partner_id, "cents": 1, "entry": transfer_id(Cause.ORDER, order_id)}
    with pytest.raises(DBAPIError, match="not settled"):
        await write(sessions, TURNED_ROUND, values)
    await bianchi.cancel(order_id)
    with pytest.raises(DBAPIError, match="not settled"):
        await write(sessions, TURNED_ROUND, values)
    refund = transfer_id(Cause.REFUND, order_id)
    with pytest.raises(DBAPIError, match="not correctable"):
        await write(sessions, TURNED_ROUND, {**values, "entry": refund})


async def test_it_refuses_to_refund_what_was_corrected(bianchi: Partner, sessions: Sessions) -> None:
    order_id = UUID(await bianchi.placed())
    entry = transfer_id(Cause.ORDER, order_id)
    async with sessions.begin() as session:
        await orders.settle(session, order_id=order_id, outcome=Outcome.ACTIVATED, at=NOW)
    await write(sessions, TURNED_ROUND, {"partner": bianchi.partner_id, "cents": 1, "entry": entry})
    with pytest.raises(DBAPIError, match="not settled"):
        await write(sessions, REFUND, {"entry": entry})
