"""2,000 charges, each cancelled three times at once, while PostgreSQL restarts: 2,000 refunds, to the cent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from activities.credit import Credit
from db import connection, ledger, migrate
from db.connection import Sessions, is_outage
from db.orders import OrderRow
from db.partners import PartnerRow
from db.titolari import TitolareRow
from domain.ledger import Cause
from domain.lifecycle import Actor, CancelReason, Status
from domain.orders import Cancellation, Cancelling
from domain.prices import Price, quote
from domain.products import DocflyPaOptions, Product
from domain.titolari import Titolare
from local import ports
from local.demo import PRICES
from local.postgres import Cluster, serving
from tests import identities
from tests.activities.conftest import LETTERS

T = TypeVar("T")
NOW = datetime.now(UTC)
ORDERS, CLIENTS, TIMES = 2_000, 40, 3
BY_PARTNER = Cancellation(reason=CancelReason.PARTNER_REQUEST, actor=Actor.PARTNER)
OPTIONS = DocflyPaOptions(product=Product.DOCFLY_PA, renewal_years=1)
PRICE: Price = quote(OPTIONS, under=PRICES)
PAID_CENTS = ORDERS * PRICE.total_cents
BOOKS = """
select
  (select balance_cents from accounts where kind = 'credit') as credit,
  (select balance_cents from accounts where kind = 'sales') as sales,
  (select count(*) from transfers where cause = 'order') as charges,
  (select count(*) from transfers where cause = 'refund') as refunds,
  (select count(distinct reverses) from transfers) as refunded,
  (select count(*) from settlements) as settled,
  (select count(*) from orders where status = 'cancelled') as cancelled,
  (select count(*) from mails) as mails
"""


class Server:
    """A PostgreSQL that can be restarted."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder=folder / "postgres", port=ports.free(), password="x" * 20)
        self.cluster.prepare()
        self.start()

    def start(self) -> None:
        """From the main thread, to which it is leashed."""
        self._work = serving(self.cluster)
        self._work.__enter__()

    def stop(self) -> None:
        """At once: whoever is connected is cut off."""
        self._work.__exit__(None, None, None)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    made = Server(tmp_path)
    await asyncio.to_thread(migrate.upgrade, made.cluster.sqlalchemy_url)
    yield made
    made.stop()


@pytest.fixture
async def own_sessions(server: Server) -> AsyncIterator[Sessions]:
    engine = connection.engine(server.cluster.sqlalchemy_url)
    yield connection.sessions(engine)
    await engine.dispose()


async def test_each_charge_comes_back_once(server: Server, own_sessions: Sessions) -> None:
    partner_id, placed = uuid4(), [uuid4() for _ in range(ORDERS)]
    await prepare(own_sessions, partner_id, placed)

    async def charge(order_id: UUID) -> None:
        async with own_sessions.begin() as session:
            await ledger.charge(
                session,
                partner_id=partner_id,
                cause=Cause.ORDER,
                subject_id=order_id,
                amount_cents=PRICE.total_cents,
                at=NOW,
            )

    async def cancel(order_id: UUID) -> None:
        credit = Credit(own_sessions, letters=LETTERS, one_docfly_per_partita_iva=True)
        cancelling = Cancelling(order_id=order_id, at=NOW, cancellation=BY_PARTNER)
        assert await credit.refund(cancelling) is Status.CANCELLED

    await amid_restarts(server, by_clients(charge, placed), times=1)
    assert await books(own_sessions) == (0, PAID_CENTS, ORDERS, 0, 0, 0, 0, 0)
    await amid_restarts(server, by_clients(cancel, [order_id for order_id in placed for _ in range(TIMES)]), times=3)
    assert await books(own_sessions) == (PAID_CENTS, 0, ORDERS, ORDERS, ORDERS, ORDERS, ORDERS, ORDERS)


async def prepare(sessions: Sessions, partner_id: UUID, placed: Iterable[UUID]) -> None:
    """A partner who can just pay for them all."""
    holder = Titolare.model_validate(identities.company())
    async with sessions.begin() as session:
        session.add(PartnerRow(id=partner_id, name="Studio Bianchi", notification_addresses=[], created_at=NOW))
        await session.flush()
        await ledger.open_accounts(session, partner_id=partner_id)
        await ledger.top_up(
            session,
            top_up_id=uuid4(),
            partner_id=partner_id,
            amount_cents=PAID_CENTS,
            reference="CRO 1",
            at=NOW,
        )
        session.add(TitolareRow(id=partner_id, partner_id=partner_id, created_at=NOW, titolare=holder))
        await session.flush()
        session.add_all(an_order(order_id, partner_id, holder) for order_id in placed)


def an_order(order_id: UUID, partner_id: UUID, holder: Titolare) -> OrderRow:
    return OrderRow(
        id=order_id,
        number=str(order_id),
        partner_id=partner_id,
        product=Product.DOCFLY_PA,
        options=OPTIONS,
        titolare_id=partner_id,
        titolare=holder,
        price=PRICE,
        status=Status.AWAITING_DOCUMENTS,
        living_mail_id=uuid4(),
        placed_at=NOW,
    )


async def by_clients(work: Callable[[UUID], Awaitable[None]], orders: Iterable[UUID]) -> None:
    """All of it, by 40 at once; who loses the server asks again, as the engine would."""
    waiting = iter(orders)

    async def client() -> None:
        for order_id in waiting:
            await insist(lambda order_id=order_id: work(order_id))  # type: ignore[misc]

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def insist(work: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_outage(error):
                raise
            await asyncio.sleep(0.05)


async def amid_restarts(server: Server, work: Coroutine[Any, Any, None], *, times: int) -> None:
    """The work, to its end; what is under way is cut off so many times."""
    working = asyncio.create_task(work)
    for _ in range(times):
        await asyncio.wait([working], timeout=1)
        assert not working.done(), "too fast to be cut off"
        server.stop()
        server.start()
    await working


async def books(sessions: Sessions) -> tuple[int, ...]:
    async with sessions() as session:
        return tuple((await session.execute(text(BOOKS))).one())
