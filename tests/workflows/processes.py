"""A second house on the same servers: its own namespace, database and web, and a worker process that can be killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from context import Context
from gateways import documents
from local import ports
from settings import Settings
from tests import databases
from tests.personas import Stage, eventually
from workflows.connection import connect

ROOT = Path(__file__).parents[2]


@dataclass
class WorkerProcess:
    """`worker.py`, as an operator would run it."""

    settings: Settings
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Return when it works."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "worker.py", cwd=ROOT, env=self._environ(), stderr=asyncio.subprocess.PIPE
        )
        assert self.process.stderr
        async for line in self.process.stderr:
            if b'"working"' in line:
                self.reading = asyncio.create_task(self.process.stderr.read())
                return
            print(line.decode())

    def _environ(self) -> dict[str, str]:
        shown = self.settings.model_dump(mode="python", by_alias=True, exclude_none=True)
        plain = {name: getattr(value, "get_secret_value", lambda v=value: str(v))() for name, value in shown.items()}
        return {**os.environ, **plain, "DOCFLY_ONE_DOCFLY_PER_PARTITA_IVA": "true"}

    async def kill(self) -> None:
        """As the kernel would: no last words."""
        assert self.process
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        assert self.process
        self.process.terminate()
        assert await self.process.wait() == 0


@asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[None]:
    """At work while the block lasts: for much work, which then has a core of its own."""
    process = WorkerProcess(settings)
    await process.start()
    try:
        yield
    finally:
        await process.stop()


@asynccontextmanager
async def annexe(stage: Stage, *, namespace: str, **changes: Any) -> AsyncIterator[Stage]:
    """The stage as the second house's people see it, its settings changed; its worker is the test's business."""
    from tests.conftest import serving

    await _register(stage.temporal, namespace)
    port = ports.free()
    away = {"temporal_namespace": namespace, "port": port, "public_url": f"http://127.0.0.1:{port}"}
    settings = (await databases.another(stage.settings, namespace)).model_copy(update=away | changes)
    temporal = await connect(settings.temporal_address, namespace=namespace)
    async with databases.opened(settings) as sessions:
        context = Context(
            sessions=sessions,
            temporal=temporal,
            public_url=settings.public_url,
            secret=settings.secret.get_secret_value(),
            provider_secret=settings.provider_secret.get_secret_value(),
            documents=documents.connect(settings.documents_url),
            one_docfly_per_partita_iva=settings.one_docfly_per_partita_iva,
        )
        async with serving(context, settings):
            yield replace(stage, settings=settings, temporal=temporal, sessions=sessions)


async def _register(client: Client, namespace: str) -> None:
    retention = Duration()
    retention.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=retention), retry=True
    )
    await eventually(lambda: _is_known(client, namespace))


async def _is_known(client: Client, namespace: str) -> bool:
    from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
    from temporalio.service import RPCError

    try:
        await client.workflow_service.list_workflow_executions(ListWorkflowExecutionsRequest(namespace=namespace))
    except RPCError:
        return False
    return True
