"""`python -m bench.sweep`: a day's sweep over 100,000 services of which 1,000 are due, in a worker of its own.

Prints a table and writes `bench/results.json`. Seconds say nothing of another machine; what counts is their ratio to
the sweep of a day on which nothing is due, and that the worker's memory doesn't follow the number of services.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from db import migrate
from domain.service_orders import Sweep
from local import ports, postgres, temporal
from simulators.certificates import self_signed
from workflows.connection import CONVERTER
from workflows.messages import ORDERS
from workflows.renewal_sweep import RenewalSweepWorkflow

SERVICES, DUE, PARTNERS = 100_000, 1_000, 100
MOST_SECONDS = 240
ROOT = Path(__file__).parents[1]
PRICES = {
    "valid_from": "2020-01-01",
    "vat_percent": 22,
    "net_cents": {"docfly_pa": 1900, "extra_gb": 400},
    "note": "Inventato per misurare.",
}
WISH = {"state": "active", "quotas": {"gb": 1, "users": 1, "archives": 1, "definitions": 0}}
OPTIONS = {"product": "docfly_pa", "renewal_years": 1, "renewal_mode": "automatic", "extra_gb": 0}
HOLDER = {
    "kind": "persona_giuridica",
    "denominazione": "Rossi & Figli S.r.l.",
    "given_name": "Maria",
    "family_name": "Rossi",
    "codice_fiscale": "01879020517",
    "partita_iva": "01879020517",
    "address": {"street": "Via Roma 1", "postal_code": "52100", "city": "Arezzo", "province": "AR", "country": "IT"},
    "phone": "+390575123456",
    "email": "info@rossi.example",
    "pec": "rossi@pec.example",
    "birth": {"date": "1985-12-10", "place": "Arezzo", "sex": "F"},
}
PRICE = {"list_valid_from": "2020-01-01", "lines": [], "vat_percent": 22, "net_cents": 1900, "vat_cents": 418}

FILL = (
    "insert into price_lists values ('2020-01-01', :prices)",
    """
    insert into partners (id, name, notification_addresses, created_at)
    select md5('p' || n)::uuid, 'Partner ' || n, '["p@partner.example"]', now() from generate_series(1, :partners) n
    """,
    """
    insert into accounts (partner_id, kind, balance_cents)
    select id, kind, 0 from partners, unnest(array['credit', 'sales', 'funds']) kind
    """,
    """
    insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, reference)
    select md5('t' || id)::uuid, now(), id, 'top_up', id, 'funds', 'credit', 100000000, id::text from partners
    """,
    """
    insert into titolari (id, partner_id, created_at, titolare)
    select id, id, now(), cast(:holder as jsonb) from partners
    """,
    """
    insert into orders (id, number, partner_id, product, options, titolare_id, titolare, price, status, living_mail_id,
      placed_at)
    select md5('o' || n)::uuid, n::text, md5('p' || (n % :partners + 1))::uuid, 'docfly_pa', cast(:options as jsonb),
      md5('p' || (n % :partners + 1))::uuid, cast(:holder as jsonb), cast(:price as jsonb), 'active',
      md5('o' || n)::uuid, now()
    from generate_series(1, :services) n
    """,
    """
    insert into services (id, order_id, partner_id, options, starts_on, expires_on, status, renewal_mode,
      renewal_years, added_gb, next_due_on, used_bytes, space_level, wanted, told)
    select md5('s' || n)::uuid, md5('o' || n)::uuid, md5('p' || (n % :partners + 1))::uuid, cast(:options as jsonb),
      due.day - 358, due.day + 7, 'active', 'automatic', 1, 0, due.day, 0, 'free', cast(:wish as jsonb),
      cast(:wish as jsonb)
    from generate_series(1, :services) n,
      lateral (select cast(:today as date) + case when n <= :due then 0 else 200 end as day) due
    """,
    "analyze",
)


async def main() -> None:
    """Fill a database, sweep two days, say how long it took."""
    with tempfile.TemporaryDirectory() as folder, postgres.scratch(Path(folder)) as cluster:
        await asyncio.to_thread(migrate.upgrade, cluster.sqlalchemy_url)
        engine = create_async_engine(cluster.sqlalchemy_url)
        today = datetime.now(UTC).date()
        await fill(engine, today=today)
        async with await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(temporal.BINARY), dev_server_log_level="never", data_converter=CONVERTER
        ) as environment:
            address = environment.client.service_client.config.target_host
            async with worker(cluster.url, address) as process:
                results = await measure(environment.client, process, today=today)
        async with engine.connect() as connection:
            renewed = await connection.scalar(text("select count(*) from renewals where outcome = 'renewed'"))
        await engine.dispose()
    assert renewed == DUE, renewed
    report(results)


async def fill(engine: AsyncEngine, *, today: date) -> None:
    """100,000 services of 100 partners."""
    values = {
        "prices": json.dumps(PRICES), "price": json.dumps(PRICE), "holder": json.dumps(HOLDER),
        "options": json.dumps(OPTIONS),
        "wish": json.dumps(WISH), "today": today, "services": SERVICES, "due": DUE, "partners": PARTNERS,
    }  # fmt: skip
    async with engine.begin() as connection:
        for statement in FILL:
            await connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})


@asynccontextmanager
async def worker(database_url: str, temporal_address: str) -> AsyncIterator[psutil.Process]:
    """`worker.py`, whose mails and provider nobody answers."""
    nobody = f"127.0.0.1:{ports.free()}"
    environ = {
        **os.environ,
        "DOCFLY_DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal_address,
        "DOCFLY_SMTP_URL": f"smtp://{nobody}",
        "DOCFLY_PEC_SMTP_URL": f"smtp://{nobody}",
        "DOCFLY_PROVIDER_URL": f"http://{nobody}",
        "DOCFLY_TIMESTAMP_URL": f"http://{nobody}",
        "DOCFLY_SEAL_KEY": self_signed("DocFly, misura"),
        "DOCFLY_DOCUMENTS_URL": Path(tempfile.gettempdir()).as_uri(),
        "DOCFLY_SECRET": "s" * 43,
        "DOCFLY_PROVIDER_SECRET": "whsec_" + "c" * 44,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "worker.py", cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async for line in process.stderr:
        if b'"working"' in line:
            break
    reading = asyncio.create_task(process.stderr.read())
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()
        await reading


async def measure(client: Client, process: psutil.Process, *, today: date) -> dict[str, float]:
    """Seconds of a day on which nothing is due, and of one on which 1,000 services are; and the worker's MiB."""
    results = {"worker_mib_before": process.memory_info().rss / 2**20}
    for name, day in {"empty_seconds": today - timedelta(days=1), "due_seconds": today}.items():
        async with asyncio.timeout(MOST_SECONDS):
            results[name] = await sweep(client, day=day)
    results["worker_mib_after"] = process.memory_info().rss / 2**20
    return results


async def sweep(client: Client, *, day: date) -> float:
    """Seconds from the start of a sweep to its end."""
    at, began = datetime(day.year, day.month, day.day, 4, tzinfo=UTC), time.perf_counter()
    await client.execute_workflow(RenewalSweepWorkflow.run, Sweep(at=at), id=f"sweep-{uuid4()}", task_queue=ORDERS)
    return time.perf_counter() - began


def report(results: Mapping[str, float]) -> None:
    """A table for people, a file for programs."""
    for name, value in results.items():
        print(f"{name:<20} {value:10.2f}")
    (ROOT / "bench" / "results.json").write_text(json.dumps({"sweep": results}, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
