"""An order without a workflow: its steps are the tests' to call."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from activities.activation import Activation
from activities.credit import Credit
from activities.letters import Letters
from activities.records import Records
from db import ledger
from db.connection import Sessions
from db.partners import PartnerRow
from db.titolari import TitolareRow
from domain.orders import Order, Placing, Step
from domain.products import DocflyPaOptions, Product
from domain.titolari import Titolare
from tests import identities

NOW = datetime.now(UTC)
LETTERS = Letters(secret="s" * 32, operators_address="operatori@docfly.invalid")
TABLES = ("orders", "mails", "order_events", "transfers", "settlements", "services", "responsabili")


@dataclass
class Desk:
    """An order, and the steps that may be done to it."""

    sessions: Sessions
    placing: Placing
    person: UUID
    pec: str
    decision: UUID = field(default_factory=uuid4)
    now: datetime = NOW + timedelta(minutes=1)

    def at(self, kind: type[Step], **facts: Any) -> Any:
        return kind(order_id=self.placing.order_id, at=self.now, **facts)

    @property
    def credit(self) -> Credit:
        return Credit(self.sessions, letters=LETTERS, one_docfly_per_partita_iva=True)

    @property
    def records(self) -> Records:
        return Records(self.sessions, letters=LETTERS)

    @property
    def activation(self) -> Activation:
        return Activation(self.sessions, letters=LETTERS)

    async def rows(self) -> dict[str, list[Any]]:
        """All that the database says of the order."""
        async with self.sessions() as session:
            return {table: await self._rows(session, table) for table in TABLES}

    async def mails(self) -> dict[str, str]:
        """How far each kind of mail has come."""
        async with self.sessions() as session:
            query = text("select kind, state from mails where order_id = :order")
            found = await session.execute(query, {"order": self.placing.order_id})
            return {str(kind): str(state) for kind, state in found}

    async def _rows(self, session: Any, table: str) -> list[Any]:
        key = {"orders": "id", "transfers": "subject_id"}.get(table, "order_id")
        query = text(f"select t::text from {table} t where {key} = :order order by 1")  # noqa: S608 - names of ours
        return list(await session.scalars(query, {"order": self.placing.order_id}))


@pytest.fixture
async def desk(sessions: Sessions) -> Desk:
    partner_id = uuid4()
    people = [
        TitolareRow(id=uuid4(), partner_id=partner_id, created_at=NOW, titolare=Titolare.model_validate(body))
        for body in (identities.company(), identities.person())
    ]
    async with sessions.begin() as session:
        addresses = [f"{partner_id.hex}@partner.example"]
        session.add(PartnerRow(id=partner_id, name="Studio Bianchi", notification_addresses=addresses, created_at=NOW))
        await session.flush()
        await ledger.open_accounts(session, partner_id=partner_id)
        await ledger.top_up(
            session,
            top_up_id=uuid4(),
            partner_id=partner_id,
            amount_cents=100_000,
            reference=str(partner_id),
            at=NOW,
        )
        session.add_all(people)
    options = DocflyPaOptions(product=Product.DOCFLY_PA)
    order = Order(order_id=uuid4(), partner_id=partner_id, titolare_id=people[0].id, options=options)
    placing = Placing(order_id=order.order_id, at=NOW, order=order)
    return Desk(sessions, placing, person=people[1].id, pec=str(people[0].titolare.pec))
