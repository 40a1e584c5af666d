"""`python -m bench.sweep`: a day's sweep over 10,000 services, and over 100,000, 1,000 of them due, by its own worker.

Prints a table, writes `bench/results.json`, and fails if a sweep takes more than a minute. Seconds say nothing of
another machine; what counts is their ratio to a sweep that finds nothing due, and that the worker's memory, at its
highest, doesn't follow the number of services.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
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

MOST_SECONDS = 60
PATIENCE_SECONDS = 240
SIZES = (10_000, 100_000)
"""Services."""
ROOT = Path(__file__).parents[1]


async def main() -> None:
    """Fill databases, sweep each twice, say how long it took. Exits non-zero if that was too long."""
    results = {f"{size}_{what}": value for size in SIZES for what, value in (await swept(size)).items()}
    tell("sweep", results)
    late = [what for what, value in results.items() if what.endswith("_seconds") and value > MOST_SECONDS]
    if late:
        sys.exit(f"more than {MOST_SECONDS} seconds: {', '.join(late)}")


async def swept(size: int) -> dict[str, float]:
    """The results of one database."""
    with tempfile.TemporaryDirectory() as folder, postgres.scratch(Path(folder)) as cluster:
        await asyncio.to_thread(migrate.upgrade, cluster.sqlalchemy_url)
        engine = create_async_engine(cluster.sqlalchemy_url)
        today = datetime.now(UTC).date()
        await fill(engine, today=today, services=size)
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
    return results


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
    """Seconds of a sweep that finds 1,000 services due, and of the next, which finds none; and the worker's MiB."""
    results = {}
    for name in ("due", "empty"):
        sampling = asyncio.create_task(peak_mib(process))
        async with asyncio.timeout(PATIENCE_SECONDS):
            results[f"{name}_seconds"] = await sweep(client, day=today)
        sampling.cancel()
        results[f"{name}_peak_mib"] = await sampling
    return results


async def peak_mib(process: psutil.Process) -> float:
    """The most memory that it has had at once, until cancelled."""
    peak = 0
    with suppress(asyncio.CancelledError):
        while True:
            peak = max(peak, process.memory_info().rss)
            await asyncio.sleep(0.1)  # how often memory is looked at
    return peak / 2**20


async def sweep(client: Client, *, day: date) -> float:
    """Seconds from the start of a sweep to its end."""
    at, began = datetime(day.year, day.month, day.day, 4, tzinfo=UTC), time.perf_counter()
    await client.execute_workflow(RenewalSweepWorkflow.run, Sweep(at=at), id=f"sweep-{uuid4()}", task_queue=ORDERS)
    return time.perf_counter() - began


if __name__ == "__main__":
    asyncio.run(main())
