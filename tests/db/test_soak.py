"""The ledger's soak: operations at random, rightful and not, straight into the tables. The books always agree."""

import asyncio
import json
import os
import random
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import connection
from db.migrate import config
from local.postgres import Cluster
from tests.db.soaking import Soak

OPERATIONS = int(os.environ.get("SOAK", "200000"))
AT_ONCE = 250
"""In a transaction: an account keeps all its versions until the end of one, and each movement walks past them."""
PARTNERS = 60
LOOKS = 5

ATTEMPT = """
create function attempt(op jsonb) returns text language plpgsql as $$
begin
  if op ? 'outcome' then
    insert into settlements select (op->>'order_id')::uuid, op->>'outcome', now();
  else
    insert into transfers select * from jsonb_populate_record(null::transfers, op || jsonb_build_object('at', now()));
  end if;
  return null;
exception when others then
  return sqlerrm;
end $$
"""
PARTNER = """
with one as (insert into partners (id, name, notification_addresses, created_at)
  values (:id, 'Studio Bianchi', '[]', now()) returning id)
insert into accounts (partner_id, kind, balance_cents)
  select :id, kind, 0 from unnest(array['credit', 'sales', 'funds']) as kind
"""
HOLDER = """
insert into titolari (id, partner_id, created_at, titolare) select :id, id, now(), '{"codice_fiscale": "x"}'
from partners limit 1
"""
ORDERS = """
insert into orders (id, number, partner_id, product, options, titolare_id, titolare, price, status, living_mail_id,
  placed_at)
select id, id::text, partner_id, 'docfly', '{}', :holder, '{"codice_fiscale": "x"}', '{}', 'awaiting_documents', id,
  now()
from jsonb_to_recordset(cast(:orders as jsonb)) as one(id uuid, partner_id uuid)
"""
ANSWERS = "select attempt(op) from jsonb_array_elements(cast(:ops as jsonb)) as op"
FAULTS = {
    "debits are credits": "select sum(balance_cents) <> 0 from accounts",
    "no credit is below zero": "select bool_or(balance_cents < 0) from accounts where kind = 'credit'",
    "a balance is the sum of its entries": """
        select bool_or(balance_cents <> coalesce(moved.cents, 0)) from accounts
        left join (
          select partner_id, kind, sum(cents) as cents from (
            select partner_id, credit as kind, amount_cents as cents from transfers
            union all select partner_id, debit, -amount_cents from transfers) as sides
          group by partner_id, kind) as moved using (partner_id, kind)
        """,
    "an entry tells the balance it left": """
        select bool_or(credit_balance_cents <> running) from (
          select credit_balance_cents, sum(
            case when credit = 'credit' then amount_cents when debit = 'credit' then -amount_cents else 0 end)
            over (partition by partner_id order by seq) as running
          from transfers) as told
        """,
    "nothing is undone beyond itself": """
        select bool_or(undone.cents > entry.amount_cents or undone.refunds > 1) from transfers as entry
        join (
          select coalesce(corrects, reverses) as id, sum(amount_cents) as cents, count(reverses) as refunds
          from transfers where coalesce(corrects, reverses) is not null group by 1) as undone on undone.id = entry.id
        """,
    "only cancelled orders are refunded": """
        select bool_or(outcome <> 'cancelled') from transfers join settlements on order_id = subject_id
        where cause = 'refund'
        """,
}


@pytest.fixture
async def database(cluster: Cluster) -> AsyncIterator[AsyncEngine]:
    """One of its own, so that every row in it is the soak's."""
    server, name = connection.engine(cluster.sqlalchemy_url), f"soak_{uuid4().hex}"
    async with server.connect() as alone:
        on = await alone.execution_options(isolation_level="AUTOCOMMIT")
        await on.execute(text(f"create database {name}"))
    await server.dispose()
    url = make_url(cluster.sqlalchemy_url).set(database=name).render_as_string(hide_password=False)
    await asyncio.to_thread(command.upgrade, config(url), "head")
    engine = connection.engine(url)
    yield engine
    await engine.dispose()


async def test_the_books_agree_whatever_is_tried(database: AsyncEngine) -> None:
    seed = random.getrandbits(32)
    print(f"seed {seed}, {OPERATIONS} operations")
    soak, holder = Soak(random.Random(seed), partners=PARTNERS), uuid4()
    async with database.begin() as on:
        await on.execute(text(ATTEMPT))
        await on.execute(text(PARTNER), [{"id": books.partner_id} for books in soak.books])
        await on.execute(text(HOLDER), {"id": holder})
    asked, refused = 0, 0
    while asked < OPERATIONS:
        batch, orders = some(soak)
        async with database.begin() as on:
            await on.execute(text(ORDERS), {"holder": holder, "orders": json.dumps(orders)})
            refused += await attempt(on, batch)
        if asked * LOOKS // OPERATIONS < (asked + len(batch)) * LOOKS // OPERATIONS:
            await look(database, soak)
        asked += len(batch)
    assert 0.2 < refused / asked < 0.6


def some(soak: Soak) -> tuple[list[tuple[dict[str, Any], str | None]], list[dict[str, Any]]]:
    """The next operations, and the orders that they are about."""
    while len(soak.asked) < AT_ONCE:
        soak.go_on()
    batch, orders = soak.asked, soak.orders
    soak.asked, soak.orders = [], []
    return batch, orders


async def attempt(on: AsyncConnection, batch: list[tuple[dict[str, Any], str | None]]) -> int:
    """Try one after the other, each with a savepoint; how many were refused. Each answer must be the model's."""
    answers = list(await on.scalars(text(ANSWERS), {"ops": json.dumps([op for op, _ in batch])}))
    for (op, refusal), answer in zip(batch, answers, strict=True):
        assert (answer is None) is (refusal is None), (op, refusal, answer)
        assert answer is None or re.search(str(refusal), answer), (op, refusal, answer)
    return sum(answer is not None for answer in answers)


async def look(database: AsyncEngine, soak: Soak) -> None:
    """The database's own sums, and the model's."""
    async with database.connect() as on:
        faults = [rule for rule, fault in FAULTS.items() if await on.scalar(text(fault))]
        rows = await on.execute(text("select partner_id, balance_cents from accounts where kind = 'credit'"))
        credit = {row.partner_id: row.balance_cents for row in rows}
        taken = await on.scalar(text("select count(*) from transfers"))
    assert faults == []
    assert credit == {books.partner_id: books.credit_cents for books in soak.books}
    assert taken == soak.taken
