"""Orders live for weeks: today's code must go on with every history that yesterday's has written."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

import worker
from local.history import HISTORIES
from workflows.connection import CONVERTER

CASES = sorted(HISTORIES.glob("*.json"))


def replayer() -> Replayer:
    return Replayer(
        workflows=worker.WORKFLOWS,
        workflow_runner=worker.RUNNER,
        interceptors=worker.INTERCEPTORS,
        data_converter=CONVERTER,
    )


def history(case: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("order-replayed", case.read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
async def test_it_replays(case: Path) -> None:
    await replayer().replay_workflow(history(case))


def test_there_is_a_case_for_every_ending_and_stage() -> None:
    from tests.workflows.make_histories import PLAYS

    assert {play.__name__ for play in PLAYS} <= {case.stem for case in CASES}


async def test_it_would_notice_another_order_of_steps() -> None:
    changed = (HISTORIES / "activated.json").read_text().replace('"open_account"', '"revoke_account"')
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(WorkflowHistory.from_json("order-replayed", changed))
