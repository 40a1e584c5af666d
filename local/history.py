"""`python -m local.history <order id>` saves the history of a running system's order as a replay case."""

import asyncio
import os
import re
import sys
from pathlib import Path
from uuid import UUID

from temporalio.client import WorkflowHistory

from local.home import Home
from settings import Given
from workflows.connection import connect
from workflows.messages import order_workflow_id

HISTORIES = Path(__file__).parents[1] / "tests" / "workflows" / "histories"


async def save(order_id: UUID, *, address: str, namespace: str) -> Path:
    """Where the history now stands. It holds ids, amounts and enums, and so may be committed."""
    temporal = await connect(address, namespace=namespace)
    handle = temporal.get_workflow_handle(order_workflow_id(order_id))
    file = HISTORIES / f"{order_id}.json"
    write(await handle.fetch_history(), file)
    return file


def write(history: WorkflowHistory, file: Path) -> None:
    """The history, without what it says of the machines and folders it was made on: replay needs neither."""
    text = re.sub(r'"\d+@[^"]*"', '"worker"', history.to_json())
    file.write_text(re.sub(r'"stackTrace": "(?:[^"\\]|\\.)*"', '"stackTrace": ""', text) + "\n")


def main() -> None:
    """Of the system that TEMPORAL_ADDRESS names, or else of `make up`."""
    given = Given.read_or_exit(os.environ)
    address = given.temporal_address or Home(given.home).read_demo().get("temporal_address")
    if len(sys.argv) != 2 or address is None:  # noqa: PLR2004 - the program's own name, and the id
        sys.exit("python -m local.history <order id>, while `make up` runs or with TEMPORAL_ADDRESS set")
    print(asyncio.run(save(UUID(sys.argv[1]), address=address, namespace=given.temporal_namespace)))


if __name__ == "__main__":
    main()
