"""`make history id=…` on a running system."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from local.history import HISTORIES, fetch, write
from tests.personas import Partner, Stage

ROOT = Path(__file__).parents[2]


async def test_it_keeps_what_happened_and_not_where(bianchi: Partner, stage: Stage, tmp_path: Path) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    await stage.workflow(order_id).result()
    history = await fetch(
        UUID(order_id), address=stage.settings.temporal_address, namespace=stage.settings.temporal_namespace
    )
    write(history, tmp_path / "case.json")
    text = (tmp_path / "case.json").read_text()
    assert len(json.loads(text)["events"]) == len(history.events)
    assert str(os.getpid()) + "@" not in text


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.history", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [(), ("x",), (str(uuid4()), "y"), (str(uuid4()),)])
def test_it_says_how_it_is_used(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(*arguments, DOCFLY_HOME=str(tmp_path), TEMPORAL_ADDRESS="")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("python -m local.history <order id>")


def test_it_says_that_it_knows_no_such_order(stage: Stage) -> None:
    order_id = str(uuid4())
    ended = run(order_id, TEMPORAL_ADDRESS=stage.settings.temporal_address)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"the history of order {order_id}: workflow not found" in ended.stderr
    assert not (HISTORIES / f"{order_id}.json").exists()
