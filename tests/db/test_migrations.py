"""Migrations meet databases that are at work: rows of yesterday stay, and today's code finds them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4, uuid5

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import connection, decisions, orders, services, titolari
from db.migrate import config
from db.orders import OrderRow
from db.search import all_words
from domain.deeds import next_due_on
from domain.products import DocflyOptions, DocflyPaOptions, Product, StarterKit
from domain.services import AccountWish
from local.postgres import Cluster
from tests import identities

PARTNER, HOLDER, ORDER = uuid4(), uuid4(), uuid4()
PRICE = {"list_valid_from": "2026-01-01", "lines": [], "vat_percent": 22, "net_cents": 100, "vat_cents": 22}
OPTIONS = {"product": "docfly", "renewal_years": 1}
ROWS = (
    "insert into partners (id, name, notification_addresses, created_at) values (:partner, 'Bianchi', '[]', now())",
    "insert into titolari (id, partner_id, created_at, titolare) values (:holder, :partner, now(), :titolare)",
    """
    insert into orders (id, number, partner_id, product, options, titolare_id, titolare, price, status, living_mail_id,
      placed_at) values (:order, '2026-000001', :partner, 'docfly', :options, :holder, :titolare, :price,
      'awaiting_documents', :order, now())
    """,
    "insert into settlements (order_id, outcome, at) values (:order, 'cancelled', now())",
    "update orders set status = 'cancelled', cancelled_at = now() where id = :order",
    """
    insert into order_events (order_id, at, kind, actor, detail) values
      (:order, now(), 'order_placed', 'partner', '{"charged_cents": 122}'),
      (:order, now(), 'order_cancelled', 'partner', '{"words": "perché sì"}')
    """,
)
SERVICES = (
    """
    insert into orders (id, number, partner_id, product, options, titolare_id, titolare, price, status, living_mail_id,
      placed_at) values (:order, :number, :partner, :product, :options, :holder, :titolare, :price, 'active', :order,
      now())
    """,
    "insert into settlements (order_id, outcome, at) values (:order, 'activated', now())",
    """
    insert into services (id, order_id, partner_id, starts_on, expires_on)
    values (:order, :order, :partner, '2025-03-01', '2026-03-01')
    """,
)
OPENED: tuple[tuple[DocflyPaOptions | DocflyOptions, int], ...] = (
    (DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=4), 5),
    (DocflyOptions(product=Product.DOCFLY, starter_kit=StarterKit.KIT_10GB, extra_users=2, extra_archives=1), 10),
)
FIRST, SECOND = uuid4(), uuid4()
FOLDERS = (
    """
    insert into responsabili (id, order_id, role, titolare_id, titolare, assigned_at, replaced_at) values
      (:first, :order, 'conservazione', :holder, :titolare, '2026-01-02', '2026-01-03'),
      (:second, :order, 'conservazione', :holder, :titolare, '2026-01-03', null)
    """,
    """
    insert into documents (id, order_id, name, media_type, size_bytes, sha256, responsabile, at, by)
    select gen_random_uuid(), :order, name, 'application/pdf', 1, 'x', role, at, 'partner' from (values
      ('before', 'conservazione', timestamptz '2026-01-01'), ('first', 'conservazione', '2026-01-02 12:00'),
      ('second', 'conservazione', '2026-01-03'), ('order', null, '2026-01-04')) as given (name, role, at)
    """,
)
DECISION = (
    """
    insert into mails (id, order_id, kind, box, "to", at, state)
    values (:first, :order, 'contract_acceptance', 'pec', 'a@b.example', now(), 'sent')
    """,
    """
    insert into decisions (id, order_id, mail_id, answer, evidence, at)
    values (:first, :order, :first, 'accept', '{"name": "Maria Rossi"}', now())
    """,
)
EVENT = "insert into order_events (order_id, at, kind, actor, detail) values (:order, now(), 'late', 'system', '{}')"


@pytest.fixture
async def yesterdays(cluster: Cluster) -> AsyncIterator[AsyncEngine]:
    """A database of the first migration, with an order that has ended."""
    server = connection.engine(cluster.sqlalchemy_url)
    name = f"yesterday_{uuid4().hex}"
    async with server.connect() as alone:
        on = await alone.execution_options(isolation_level="AUTOCOMMIT")
        await on.execute(text(f"create database {name}"))
    await server.dispose()
    url = make_url(cluster.sqlalchemy_url).set(database=name).render_as_string(hide_password=False)
    await asyncio.to_thread(command.upgrade, config(url), "0001")
    engine = connection.engine(url)
    given = {"titolare": identities.company(denominazione="Società D\u2019Amico"), "options": OPTIONS, "price": PRICE}
    facts = {"partner": PARTNER, "holder": HOLDER, "order": ORDER, **{n: json.dumps(v) for n, v in given.items()}}
    async with engine.begin() as database:
        for row in ROWS:
            await _insert(database, row, facts)
        for number, (options, _) in enumerate(OPENED):
            opened = {"order": uuid5(ORDER, str(number)), "number": str(number), "options": options.model_dump_json()}
            for row in SERVICES:
                await _insert(database, row, facts | opened | {"product": options.product})
    await asyncio.to_thread(command.upgrade, config(url), "0008")
    async with engine.begin() as database:
        for row in (*FOLDERS, *DECISION):
            await _insert(database, row, facts | {"first": FIRST, "second": SECOND})
    await asyncio.to_thread(command.upgrade, config(url), "head")
    yield engine
    await engine.dispose()


async def _insert(database: AsyncConnection, row: str, facts: Mapping[str, Any]) -> None:
    await database.execute(text(row), {name: fact for name, fact in facts.items() if f":{name}" in row})


async def test_services_of_yesterday_go_on_as_they_were_opened(yesterdays: AsyncEngine) -> None:
    async with connection.sessions(yesterdays)() as session:
        for number, (options, gb) in enumerate(OPENED):
            row = await services.get(session, service_id=uuid5(ORDER, str(number)), owner=PARTNER)
            assert row.wanted == row.told == AccountWish.of(row.service, is_full=False)
            assert (row.service.options, row.wanted.quotas.gb) == (options, gb)
            assert row.next_due_on == next_due_on(row.service, done=())


async def test_documents_of_yesterday_are_in_the_folder_of_who_held_the_role(yesterdays: AsyncEngine) -> None:
    async with yesterdays.connect() as database:
        found = await database.execute(text("select name, responsabile_id from documents"))
        assert {row.name: row.responsabile_id for row in found} == {
            "before": None,
            "first": FIRST,
            "second": SECOND,
            "order": None,
        }
        with pytest.raises(DBAPIError, match="append-only"):
            await database.execute(text("update documents set name = 'x'"))


async def test_decisions_of_yesterday_name_who_decided(yesterdays: AsyncEngine) -> None:
    async with connection.sessions(yesterdays)() as session:
        decision = await decisions.get(session, decision_id=FIRST)
        order = await orders.get(session, order_id=ORDER, owner=PARTNER)
    assert decision.evidence == {"name": "Maria Rossi", "titolare": decisions.who_decides(order.titolare)}
    async with yesterdays.connect() as database:
        with pytest.raises(DBAPIError, match="append-only"):
            await database.execute(text("update decisions set answer = 'decline'"))


async def test_rows_of_yesterday_are_found_today(yesterdays: AsyncEngine) -> None:
    async with connection.sessions(yesterdays)() as session:
        (holder,) = await titolari.page(session, owner=PARTNER, q="SOCIETA' d'amico", before=None, limit=2)
        words = all_words(OrderRow.searched, "2026-000001 damico")
        (order,) = await orders.page(session, *words, owner=PARTNER, before=None, limit=2)
    assert (holder.id, holder.erased_at) == (HOLDER, None)
    assert (order.id, order.status) == (ORDER, "cancelled")


async def test_events_of_yesterday_are_chained_with_those_of_today(yesterdays: AsyncEngine) -> None:
    async with yesterdays.begin() as database:
        await database.execute(text(EVENT), {"order": ORDER})
        events = list(await database.execute(text("select record, hash from order_events order by seq")))
    before = b""
    for record, digest in events:
        before = sha256(before + record.encode()).digest()
        assert digest == before
    assert [json.loads(record)["kind"] for record, _ in events] == ["order_placed", "order_cancelled", "late"]
    assert json.loads(events[1].record)["detail"] == {"words": "perché sì"}
    async with yesterdays.connect() as database:
        with pytest.raises(DBAPIError, match="append-only"):
            await database.execute(text("update order_events set record = 'x'"))
        await database.rollback()


async def test_an_older_worker_may_still_place_orders(yesterdays: AsyncEngine) -> None:
    """It knows nothing of the new columns."""
    async with yesterdays.begin() as database:
        by_then = "accept_by - now() between interval '89 days' and interval '91 days'"
        assert await database.scalar(text(f"select bool_and({by_then}) from orders"))  # noqa: S608
        default = await database.scalar(
            text("select column_default from information_schema.columns where column_name = 'accept_by'")
        )
    assert "90 days" in default


@pytest.mark.parametrize(("table", "searched"), [("titolari", titolari.SEARCHED), ("orders", orders.SEARCHED)])
async def test_generated_columns_are_what_the_models_say(yesterdays: AsyncEngine, table: str, searched: str) -> None:
    """Alembic can't tell."""
    async with yesterdays.connect() as database:
        agree = await database.scalar(text(f"select bool_and(searched = ({searched})) from {table}"))  # noqa: S608
    assert agree is True


@pytest.mark.parametrize("mode", ["origin", "replica"])
async def test_the_database_gives_nothing_new_to_who_was_erased(yesterdays: AsyncEngine, mode: str) -> None:
    role = "insert into responsabili (id, order_id, role, titolare_id, titolare, assigned_at) values "
    role += "(gen_random_uuid(), :order, 'produzione', :holder, '{}', now())"
    async with yesterdays.connect() as database:
        await database.execute(text("update titolari set erased_at = now()"))
        await database.execute(text(f"set session_replication_role = {mode}"))
        with pytest.raises(DBAPIError, match="is erased"):
            await database.execute(text(role), {"order": ORDER, "holder": HOLDER})
        await database.rollback()
