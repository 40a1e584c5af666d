"""From parts that have been started to a system that is ready."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from local import postgres, temporal
from local.errors import CannotRun
from local.parts import ROOT, Part
from local.signals import make_was_interrupted
from local.supervisor import Supervisor

SECONDS = 100
QUEUE = "orders"


class NotReady(CannotRun):
    """Something took too long, or a step failed."""


@dataclass(frozen=True, kw_only=True)
class Startup:
    """The steps; each returns when it is done, or raises CannotRun."""

    supervisor: Supervisor
    parts: Sequence[Part]
    facts: Mapping[str, str | None]
    environ: Mapping[str, str]
    logs: Path

    def wait_for_database(self) -> None:
        """Until PostgreSQL accepts connections."""
        url = str(self.facts["database_url"])
        self._wait("postgres", until=lambda: postgres.answers(url))

    def migrate(self) -> None:
        """Bring the schema up to date; worker and web wait for it."""
        self._run("db.migrate")

    def seed(self) -> None:
        """The demo's partners and operator, on the first start."""
        self._run("local.demo")

    def wait_for_web(self) -> None:
        """Until it says that it reaches the database and Temporal."""
        url = f"{self.facts['base_url']}/readyz"
        self._wait("web", until=lambda: _is_ready(url))

    def wait_for_worker(self) -> None:
        """Until it asks Temporal for work."""
        address, namespace = str(self.facts["temporal_address"]), str(self.facts["namespace"])
        self._wait("worker", until=lambda: temporal.has_worker(address, namespace=namespace, queue=QUEUE))

    def stay(self) -> None:
        """For ever: ends with KeyboardInterrupt, or because the supervisor is gone."""
        while not make_was_interrupted():
            self.supervisor.check()
            time.sleep(0.5)
        raise KeyboardInterrupt

    def _wait(self, name: str, *, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not until():
            self.supervisor.check_parts(self.parts)
            if make_was_interrupted():
                raise KeyboardInterrupt
            if time.monotonic() > deadline:
                message = f"{name} isn't ready after {SECONDS} seconds. See {self.logs / name}.log"
                raise NotReady(message)
            time.sleep(0.2)

    def _run(self, module: str) -> None:
        log = self.logs / f"{module}.log"
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", module],
                check=False,
                cwd=ROOT,
                env=self._alone(),
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is ours to handle
            )
        if done.returncode != 0:
            message = f"`python -m {module}` failed. See {log}"
            raise NotReady(message)

    def _alone(self) -> Mapping[str, str]:
        """The environment, with the database's URL in it rather than in a file."""
        rest = {name: value for name, value in self.environ.items() if name != "DOCFLY_DATABASE_URL_FILE"}
        return {**rest, "DOCFLY_DATABASE_URL": str(self.facts["database_url"])}


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
