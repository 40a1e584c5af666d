"""`python -m bench.sweep`: a day's sweep over 100,000 services of which 1,000 are due, in a worker of its own.

Prints a table and writes `bench/results.json`. Seconds say nothing of another machine; what counts is their ratio to
the sweep of a day on which nothing is due, and that the worker's memory doesn't follow the number of services.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from bench.filling import DUE, fill
from bench.processes import settings, tell
from db import migrate
from domain.service_orders import Sweep
from local import postgres, temporal
from workflows.connection import CONVERTER
from workflows.messages import ORDERS
from workflows.renewal_sweep import RenewalSweepWorkflow

MOST_SECONDS = 240
ROOT = Path(__file__).parents[1]


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
    tell("sweep", results)


@asynccontextmanager
async def worker(database_url: str, temporal_address: str) -> AsyncIterator[psutil.Process]:
    """`worker.py`, whose mails and provider nobody answers."""
    environ = settings(database_url, temporal_address)
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


if __name__ == "__main__":
    asyncio.run(main())
