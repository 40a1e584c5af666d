"""Exactly one of {active and charged, cancelled and refunded}: 500 races, with the worker restarted again and again.

Nobody delivers their mails: printing, sealing and sending for 500 orders would be most of the work, and no ending
depends on it. Beside, where the worker is killed, mails go out.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

import worker
from db.decisions import Answer, DecisionRow
from db.titolari import TitolareRow
from domain.errors import DomainError, EngineUnavailable
from domain.lifecycle import Actor, CancelReason
from domain.orders import Assignment, Cancellation, Order, Recipient, contract_mail_id
from domain.products import DocflyPaOptions, Product
from domain.titolari import Titolare
from tests import identities
from tests.personas import Partner, Stage
from tests.simulators.hands import Provider
from tests.workflows.processes import annexe
from workflows import client
from workflows.messages import PROVIDER_QUEUE
from workflows.order import OrderWorkflow

RACES, AT_ONCE = 500, 20
MOST_SECONDS = 1_500
Ended = asyncio.Queue[UUID]
GRACE = timedelta(seconds=2)
CHANCE = random.Random(20_261_124)
BY_PARTNER = Cancellation(reason=CancelReason.PARTNER_REQUEST, actor=Actor.PARTNER)
NOW = datetime.now(UTC)

ENDINGS = """
select o.status, s.outcome,
  (select count(*) from transfers t where t.subject_id = o.id and t.cause = 'order') as charges,
  (select count(*) from transfers t where t.subject_id = o.id and t.cause = 'refund') as refunds,
  (select count(*) from services v where v.order_id = o.id) as services
from orders o left join settlements s on s.order_id = o.id where o.id = :order
"""
ACTIVE = ("active", "activated", 1, 0, 1)
CANCELLED = ("cancelled", "cancelled", 1, 1, 0)


async def test_every_race_has_exactly_one_ending(stage: Stage, provider: Provider) -> None:
    async with annexe(stage, namespace="races") as house:
        tally = await run_races(house, provider, partial(keep_restarting, house), races=RACES)
    assert min(tally["active"], tally["cancelled"]) >= RACES // 10, tally


async def run_races(
    house: Stage, provider: Provider, trouble: Callable[[Ended], Coroutine[Any, Any, None]], *, races: int
) -> Counter[object]:
    """How many ended how; each of them exactly one way."""
    partner = await house.partner("Studio Bianchi")
    await rich(house, partner)
    ended: Ended = asyncio.Queue()
    troubling = asyncio.create_task(trouble(ended))
    turns = asyncio.Semaphore(AT_ONCE)
    async with asyncio.timeout(MOST_SECONDS):
        endings = await asyncio.gather(*(race(house, partner, turns, ended) for _ in range(races)))
    troubling.cancel()
    await asyncio.gather(troubling, return_exceptions=True)
    await partner.http.aclose()
    accounts = {one["order_id"]: one["state"] for one in provider.http.get("/_control/accounts").json()}
    for order_id, ending in endings:
        live = accounts.get(str(order_id)) == "active"
        assert (ending, live) in ((ACTIVE, True), (CANCELLED, False)), (order_id, ending, accounts.get(str(order_id)))
    return Counter(ending[0] for _, ending in endings)


async def rich(house: Stage, partner: Partner) -> None:
    """Credit for all races."""
    from db import ledger

    async with house.sessions.begin() as session:
        await ledger.top_up(
            session,
            top_up_id=uuid4(),
            partner_id=partner.partner_id,
            amount_cents=10_000_000,
            reference=str(uuid4()),
            at=NOW,
        )


async def until_some_end(ended: Ended, *, most: int) -> None:
    """Trouble keeps pace with the races, on a machine of any speed: too much of it, and nothing would ever end."""
    for _ in range(CHANCE.randint(1, most)):
        await ended.get()


async def keep_restarting(house: Stage, ended: Ended) -> None:
    """Each restart replays every open order to which something happens."""
    alone = (PROVIDER_QUEUE,)
    while True:
        async with worker.running(house.temporal, house.settings, house.sessions, grace=GRACE, slow=alone):
            await until_some_end(ended, most=16)
        await asyncio.sleep(CHANCE.uniform(0, 0.5))  # what comes now is seen all at once by the next one


async def race(
    house: Stage, partner: Partner, turns: asyncio.Semaphore, ended: Ended
) -> tuple[UUID, tuple[object, ...]]:
    """One order through the gates, and then whoever comes first."""
    async with turns:
        order = await place(house, partner)
        mode = CHANCE.choice(["instant", "delayed", "pending", "hang_after"])
        await asyncio.to_thread(house.provider.mode, mode, order=order, delay_s=CHANCE.uniform(0, 1))
        decision = await decide(house, order)
        await insist(lambda: client.accept_contract(house.temporal, order_id=order, decision_id=decision))
        person = await titolare(house, partner, identities.person())
        roles = Assignment(conservazione=person, produzione=person)
        await insist(lambda: client.assign_responsabili(house.temporal, order_id=order, assignment=roles))
        await asyncio.sleep(CHANCE.choice([0, 0, 0.05, 0.3, 1, 3]))
        await asyncio.gather(cancel(house, order), complete(house, order, mode))
        ending = await _ending(house, order)
    ended.put_nowait(order)
    return order, ending


async def _ending(house: Stage, order: UUID) -> tuple[object, ...]:
    """How it ended, once it has."""
    while True:
        async with house.sessions() as session:
            found = tuple((await session.execute(text(ENDINGS), {"order": order})).one())
        if found[1] is not None:
            return found
        await asyncio.sleep(0.2)


async def place(house: Stage, partner: Partner) -> UUID:
    options = DocflyPaOptions(product=Product.DOCFLY_PA)
    order = Order(
        order_id=uuid4(),
        partner_id=partner.partner_id,
        titolare_id=await titolare(house, partner, identities.company()),
        options=options,
    )
    await insist(lambda: client.place_order(house.temporal, order=order))
    return order.order_id


async def decide(house: Stage, order: UUID) -> UUID:
    """What the acceptance page keeps before the order hears of it."""
    evidence = {"name": "Maria Rossi", "capacity": "titolare", "ip": "127.0.0.1", "user_agent": "", "documents": []}
    mail_id = contract_mail_id(order, number=1, to=Recipient.PEC)
    row = DecisionRow(id=uuid4(), order_id=order, mail_id=mail_id, answer=Answer.ACCEPT, evidence=evidence, at=NOW)
    async with house.sessions.begin() as session:
        session.add(row)
    return row.id


async def titolare(house: Stage, partner: Partner, body: dict[str, object]) -> UUID:
    row = TitolareRow(id=uuid4(), partner_id=partner.partner_id, created_at=NOW, titolare=Titolare.model_validate(body))
    async with house.sessions.begin() as session:
        session.add(row)
    return row.id


async def insist(knock: Callable[[], Awaitable[None]]) -> None:
    """As the 503 says: repeat as it is. What another try has already done is done."""
    while True:
        try:
            return await knock()
        except EngineUnavailable:
            await asyncio.sleep(1)
        except DomainError:
            return None


async def cancel(house: Stage, order: UUID) -> None:
    handle = house.workflow(str(order))
    match CHANCE.choice(["update", "signal", "request", "both"]):
        case "update":
            await insist(lambda: client.cancel_order(house.temporal, order_id=order, cancellation=BY_PARTNER))
        case "signal":
            await told(lambda: handle.signal(OrderWorkflow.cancel_order, "doppione"))
        case "request":
            await told(handle.cancel)
        case _:
            await asyncio.gather(
                told(handle.cancel),
                insist(lambda: client.cancel_order(house.temporal, order_id=order, cancellation=BY_PARTNER)),
            )


async def told(tell: Callable[[], Awaitable[None]]) -> None:
    """Tell an order that may have ended."""
    from temporalio.service import RPCError, RPCStatusCode

    try:
        await tell()
    except RPCError as error:
        assert error.status is RPCStatusCode.NOT_FOUND


async def complete(house: Stage, order: UUID, mode: str) -> None:
    """The provider makes up its mind, now and then twice."""
    if mode == "pending":
        await asyncio.sleep(CHANCE.choice([0, 0, 0.2, 1]))
        state, times = CHANCE.choice(["active", "active", "refused"]), CHANCE.choice([1, 2])
        await asyncio.to_thread(house.provider.complete, order, state, times=times, callback=CHANCE.random() < 0.7)
