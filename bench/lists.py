"""`python -m bench.lists`: the panel's lists over 100,000 orders and as many titolari, in a web process of its own.

Milliseconds say nothing of another machine; beside them stands what a page without any list takes in the same run.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from temporalio.testing import WorkflowEnvironment

from bench.filling import fill
from bench.processes import ROOT, settings, tell
from db import migrate
from local import ports, postgres, temporal
from panel import second_factor
from panel.visitors import HOME
from workflows.connection import CONVERTER

TIMES = 100
MORE = (
    "alter table orders disable trigger user",  # which lets no order come back from its end
    """
    update orders set status = (array['awaiting_documents', 'awaiting_responsabile', 'activating', 'activation_failed'])
      [1 + number::int / 20 % 4]
    where number::int % 20 = 0
    """,
    "alter table orders enable trigger user",
    """
    insert into order_events (order_id, at, kind, actor, detail)
    select id, placed_at, 'order_placed', 'partner', '{}' from orders where status <> 'active'
    """,
    """
    insert into mails (id, order_id, kind, box, "to", at, state)
    select md5('m' || number || n)::uuid, id, 'contract_acceptance', 'pec', 'rossi' || number || '@pec.example',
      placed_at, 'sent'
    from orders, generate_series(1, 2) n
    """,
    "analyze",
)
"""Every twentieth order is open, in all four statuses; each has had two mails."""
PASSWORD = "per misurare soltanto"  # noqa: S105 - of a database that lives for a minute
PAGES = {
    "without any list": "/sicurezza",
    "home": "/",
    "orders": "/docfly-pa",
    "orders in a status": "/docfly-pa?stato=active",
    "orders by name": "/docfly-pa?q=ditta+a1",
    "orders by number": "/docfly-pa?q=99999",
    "orders by nothing there is": "/docfly-pa?q=zzzzzz",
    "storage": "/storage",
    "titolari": "/titolari",
    "titolari by name": "/titolari?q=rossi",
    "titolari by tax id": "/titolari?q=00000099998",
    "titolari by PEC": "/titolari?q=ditta99998@pec.example",
    "titolari by nothing there is": "/titolari?q=zzzzzz",
}
OF_PARTNERS = {"credit": "/credito"}
OF_OPERATORS = {
    "partners": "/partner",
    "mails": "/email",
    "mails to an address": "/email?q=rossi99999@",
    "mails to many": "/email?q=rossi1",
    "mails to nobody": "/email?q=nessuno",
}


async def main() -> None:
    """Fill a database, ask for each page a hundred times, as somebody of a partner's and as an operator."""
    with tempfile.TemporaryDirectory() as folder, postgres.scratch(Path(folder)) as cluster:
        await asyncio.to_thread(migrate.upgrade, cluster.sqlalchemy_url)
        engine = create_async_engine(cluster.sqlalchemy_url)
        await fill(engine, today=datetime.now(UTC).date())
        async with engine.begin() as connection:
            for statement in MORE:
                await connection.execute(text(statement))
        async with await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(temporal.BINARY), dev_server_log_level="never", data_converter=CONVERTER
        ) as environment:
            address = environment.client.service_client.config.target_host
            async with web(cluster.url, address) as base_url:
                results: dict[str, float] = {}
                for who, partner, own in (
                    ("partner", "md5('p1')::uuid", OF_PARTNERS),
                    ("operator", "null", OF_OPERATORS),
                ):
                    async with httpx.AsyncClient(base_url=base_url, timeout=60, trust_env=False) as http:
                        await sign_in(engine, http, partner=partner)
                        for name, path in (PAGES | own).items():
                            results |= await measure(http, f"{who}, {name}", path)
        await engine.dispose()
    tell("lists_ms", results)


@asynccontextmanager
async def web(database_url: str, temporal_address: str) -> AsyncIterator[str]:
    """`web.py`, once it answers."""
    port = ports.free()
    environ = {**settings(database_url, temporal_address), "DOCFLY_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "web.py", cwd=ROOT, env=environ)
    base_url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=base_url, trust_env=False) as http:
            while True:
                try:
                    (await http.get("/healthz")).raise_for_status()
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)  # it is still starting: nothing else tells when it listens
        yield base_url
    finally:
        process.terminate()
        await process.wait()


async def sign_in(engine: AsyncEngine, http: httpx.AsyncClient, *, partner: str) -> None:
    """A new user's session."""
    login, hashed = uuid4().hex, PasswordHasher().hash(PASSWORD)
    role = "null" if partner == "null" else "'owner'"
    adding = (
        f"insert into users (id, login, password_hash, partner_id, role) values (:id, :login, :hash, {partner}, {role})"  # noqa: S608 - our own constants
    )
    async with engine.begin() as connection:
        await connection.execute(text(adding), {"id": uuid4(), "login": login, "hash": hashed})
    answer = await http.post(f"{HOME}/entra", data={"login": login, "password": PASSWORD})
    assert answer.is_redirect, answer.text
    async with engine.begin() as connection:
        turning_on = text("update users set totp_secret = :secret where login = :login and partner_id is null")
        await connection.execute(turning_on, {"secret": second_factor.new_secret(), "login": login})


async def measure(http: httpx.AsyncClient, name: str, path: str) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, after one that warms up."""
    took = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        answer = await http.get(f"{HOME}{path}")
        took.append((time.perf_counter() - began) * 1_000)
        assert answer.status_code == 200, (path, answer.status_code)  # noqa: PLR2004 - or nothing is measured
    return {f"{name}, p50": statistics.median(took[1:]), f"{name}, p95": statistics.quantiles(took[1:], n=20)[-1]}


if __name__ == "__main__":
    asyncio.run(main())
