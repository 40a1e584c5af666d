"""A machine that places, cancels, activates, tops up, buys and corrects in any order: the books always agree."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from activities.credit import Credit
from activities.letters import Letters
from db import corrections, ledger, orders
from db.connection import Sessions
from db.partners import PartnerRow
from db.titolari import TitolareRow
from domain.errors import InsufficientCredit, ReferenceAlreadyUsed
from domain.ledger import Cause, transfer_id
from domain.lifecycle import Actor, CancelReason, Outcome, Status
from domain.money_errors import CorrectionExceedsEntry, EntryNotCorrectable, EntryNotFound
from domain.orders import Cancellation, Cancelling, Order, Placing
from domain.prices import quote
from domain.products import DocflyPaOptions, Product
from domain.titolari import Titolare
from local.demo import PRICES
from settings import Settings
from tests import identities

T = TypeVar("T")
NOW = datetime.now(UTC)
BY_PARTNER = Cancellation(reason=CancelReason.PARTNER_REQUEST, actor=Actor.PARTNER)

BOOKS = """
select
  (select sum(balance_cents) from accounts where partner_id = :partner) as all_accounts,
  (select balance_cents from accounts where partner_id = :partner and kind = 'credit') as credit,
  (select coalesce(sum(case credit when 'credit' then amount_cents else -amount_cents end), 0)
     from transfers where partner_id = :partner) as entries
"""


class Entry(NamedTuple):
    """A movement, as the credit saw it."""

    id: UUID
    cents: int
    order_id: UUID | None = None


class Books(RuleBasedStateMachine):
    """One partner, on the real database; the model is a few numbers and sets."""

    url: str
    orders = Bundle("orders")
    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.engine = create_async_engine(self.url, poolclass=NullPool)
        self.sessions: Sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        letters = Letters(secret="s" * 32, operators_address="operatori@docfly.invalid")
        self.credit = Credit(self.sessions, letters=letters, one_docfly_per_partita_iva=True)
        self.partner_id = uuid4()
        self.balance = 0
        self.open: dict[UUID, int] = {}
        self.charged: dict[UUID, int] = {}
        self.active: set[UUID] = set()
        self.references: set[str] = set()
        self.corrected: dict[UUID, int] = {}
        self.run(self._begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def _begin(self) -> None:
        async with self.sessions.begin() as session:
            session.add(
                PartnerRow(id=self.partner_id, name="Studio Bianchi", notification_addresses=[], created_at=NOW)
            )
            await session.flush()
            await ledger.open_accounts(session, partner_id=self.partner_id)

    @rule(target=entries, amount_cents=st.integers(1, 20_000), reference=st.sampled_from("abcdef"))
    def top_up(self, amount_cents: int, reference: str) -> MultipleResults[Entry]:
        used = reference in self.references
        try:
            entry_id = self.run(self._top_up(amount_cents, f"{self.partner_id}-{reference}"))
        except ReferenceAlreadyUsed:
            assert used
            return multiple()
        assert not used
        self.references.add(reference)
        self.balance += amount_cents
        return multiple(Entry(entry_id, amount_cents))

    async def _top_up(self, amount_cents: int, reference: str) -> UUID:
        async with self.sessions.begin() as session:
            return await ledger.top_up(
                session,
                top_up_id=uuid4(),
                partner_id=self.partner_id,
                amount_cents=amount_cents,
                reference=reference,
                at=NOW,
            )

    @rule(target=orders, years=st.integers(1, 3), extra_gb=st.integers(0, 20), times=st.integers(1, 3))
    def place(self, years: int, extra_gb: int, times: int) -> UUID:
        options = DocflyPaOptions(product=Product.DOCFLY_PA, renewal_years=years, extra_gb=extra_gb)
        total_cents = quote(options, under=PRICES).total_cents
        placing = self.run(self._asked(options))
        for _ in range(times):
            try:
                assert self.run(self.credit.place_order(placing)) is Status.AWAITING_DOCUMENTS
            except InsufficientCredit as refused:
                assert refused.missing_cents == total_cents - self.balance > 0
                return placing.order_id
        assert total_cents <= self.balance
        self.balance -= total_cents
        self.open[placing.order_id] = self.charged[placing.order_id] = total_cents
        return placing.order_id

    async def _asked(self, options: DocflyPaOptions) -> Placing:
        holder = Titolare.model_validate(identities.company())
        row = TitolareRow(id=uuid4(), partner_id=self.partner_id, created_at=NOW, titolare=holder)
        async with self.sessions.begin() as session:
            session.add(row)
        order = Order(order_id=uuid4(), partner_id=self.partner_id, titolare_id=row.id, options=options)
        return Placing(order_id=order.order_id, at=NOW, order=order)

    @rule(order_id=orders, times=st.integers(1, 3))
    def cancel(self, order_id: UUID, times: int) -> None:
        if order_id not in self.open:
            return
        cancelling = Cancelling(order_id=order_id, at=NOW, cancellation=BY_PARTNER)
        ended = {self.run(self.credit.refund(cancelling)) for _ in range(times)}
        if ended == {Status.CANCELLED}:
            self.balance += self.open.pop(order_id)

    @rule(order_id=orders)
    def activate(self, order_id: UUID) -> None:
        """Whoever settles first wins: after this no cancellation moves money."""
        if order_id in self.open and self.run(self._activate(order_id)):
            self.open.pop(order_id)
            self.active.add(order_id)

    async def _activate(self, order_id: UUID) -> bool:
        async with self.sessions.begin() as session:
            return await orders.settle(session, order_id=order_id, outcome=Outcome.ACTIVATED, at=NOW)

    @rule(target=entries, order_id=orders)
    def look_up(self, order_id: UUID) -> Entry:
        """The charge of an order, whatever has become of it; of one that was refused, nothing that exists."""
        return Entry(transfer_id(Cause.ORDER, order_id), -self.charged.get(order_id, 1), order_id)

    @rule(target=entries, cause=st.sampled_from([Cause.RENEWAL, Cause.SPACE]), cents=st.integers(1, 9_000))
    def buy(self, cause: Cause, cents: int) -> MultipleResults[Entry]:
        subject_id = uuid4()
        for _ in range(2):
            try:
                self.run(self._buy(cause, subject_id, cents))
            except InsufficientCredit as refused:
                assert refused.missing_cents == cents - self.balance > 0
                return multiple()
        self.balance -= cents
        return multiple(Entry(transfer_id(cause, subject_id), -cents))

    async def _buy(self, cause: Cause, subject_id: UUID, cents: int) -> None:
        async with self.sessions.begin() as session:
            await ledger.charge(
                session, partner_id=self.partner_id, cause=cause, subject_id=subject_id, amount_cents=cents, at=NOW
            )

    @rule(entry=entries, share=st.floats(0.01, 1.2), times=st.integers(1, 2))
    def correct(self, entry: Entry, share: float, times: int) -> None:
        cents, correction_id = max(int(abs(entry.cents) * share), 1), uuid4()
        left = abs(entry.cents) - self.corrected.get(entry.id, 0)
        for _ in range(times):
            try:
                self.run(self._correct(correction_id, entry, cents))
            except EntryNotFound:
                assert entry.order_id not in self.charged
                return
            except EntryNotCorrectable:
                assert entry.order_id in self.charged
                assert entry.order_id not in self.active
                return
            except CorrectionExceedsEntry as refused:
                assert refused.correctable_cents == left < cents
                return
            except InsufficientCredit as refused:
                assert refused.missing_cents == cents - self.balance > 0
                return
        assert entry.order_id is None or entry.order_id in self.active
        self.corrected[entry.id] = self.corrected.get(entry.id, 0) + cents
        self.balance -= cents if entry.cents > 0 else -cents

    async def _correct(self, correction_id: UUID, entry: Entry, cents: int) -> None:
        async with self.sessions.begin() as session:
            await corrections.correct(
                session, correction_id=correction_id, entry_id=entry.id, amount_cents=cents, reason="errore", at=NOW
            )

    @invariant()
    def the_books_agree(self) -> None:
        all_accounts, credit, entries = self.run(self._books())
        assert (all_accounts, credit, entries) == (0, self.balance, self.balance)
        assert credit >= 0

    async def _books(self) -> tuple[int, int, int]:
        async with self.sessions() as session:
            found = (await session.execute(text(BOOKS), {"partner": self.partner_id})).one()
            return int(found[0]), int(found[1]), int(found[2])

    def teardown(self) -> None:
        self.run(self.engine.dispose())
        self.loop.close()


@pytest.mark.usefixtures("sessions")
def test_the_books_always_agree(settings: Settings) -> None:
    Books.url = settings.sqlalchemy_url
    run_state_machine_as_test(Books, settings=hypothesis_settings(max_examples=25, stateful_step_count=25))
