"""`python -m local.history <order id>` saves the history of a running system's order as a replay case."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError

from local.home import Home
from settings import Given
from workflows.connection import OPEN_TO_ALL, connect
from workflows.messages import order_workflow_id

HISTORIES = Path(__file__).parents[1] / "tests" / "workflows" / "histories"
SECONDS = 10
USAGE = "python -m local.history <order id>, while `make up` runs or with TEMPORAL_ADDRESS set"


async def fetch(
    order_id: UUID, *, address: str, namespace: str, access: Mapping[str, Any] = OPEN_TO_ALL
) -> WorkflowHistory:
    """All that has happened to the order's workflow. Raises TimeoutError, RPCError."""
    async with asyncio.timeout(SECONDS):
        temporal = await connect(address, namespace=namespace, access=access)
        return await temporal.get_workflow_handle(order_workflow_id(order_id)).fetch_history()


def write(history: WorkflowHistory, file: Path) -> None:
    """The history, without what it says of the machines and folders it was made on: replay needs neither.

    It holds ids, amounts and enums, and so may be committed.
    """
    text = re.sub(r'"\d+@[^"]*"', '"worker"', history.to_json())
    file.write_text(re.sub(r'"stackTrace": "(?:[^"\\]|\\.)*"', '"stackTrace": ""', text) + "\n")


def main() -> None:
    """Of the system that TEMPORAL_ADDRESS names, or else of `make up`."""
    given = Given.read_or_exit(os.environ)
    running = Home(given.home).read_demo()
    address = given.temporal_address or running.get("temporal_address")
    namespace = given.temporal_namespace if given.temporal_address else running.get("namespace")
    try:
        (_, given_id) = sys.argv
        order_id = UUID(given_id)
    except ValueError:
        sys.exit(USAGE)
    if not address or not namespace:
        sys.exit(USAGE)
    try:
        history = asyncio.run(fetch(order_id, address=address, namespace=namespace, access=given.temporal_access))
    except (TimeoutError, RPCError) as error:
        print(f"{address} doesn't tell the history of order {order_id}: {str(error) or 'no answer'}", file=sys.stderr)
        leave(1)
    file = HISTORIES / f"{order_id}.json"
    write(history, file)
    print(file)
    leave(0)


def leave(code: int) -> NoReturn:
    """End at once: the client's own threads may crash an interpreter that tidies up (temporalio/sdk-python#300)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
