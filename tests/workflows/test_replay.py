"""Orders live for weeks: today's code must go on with every history that yesterday's has written."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

import worker
from local.history import HISTORIES
from tests.workflows.plays import PLAYS
from tests.workflows.service_plays import SERVICE_PLAYS
from workflows.connection import CONVERTER

CASES = sorted(HISTORIES.glob("*.json"))
HAPPY = HISTORIES / "activated.json"
STEPS = ("ACTIVITY_TASK_SCHEDULED", "MARKER_RECORDED")
"""What the code has had done; the rest is what has happened to it."""


def replayer() -> Replayer:
    return Replayer(
        workflows=worker.WORKFLOWS,
        workflow_runner=worker.RUNNER,
        interceptors=worker.INTERCEPTORS,
        data_converter=CONVERTER,
    )


async def replay(text: str) -> None:
    """Raise NondeterminismError if the code would do otherwise."""
    await replayer().replay_workflow(WorkflowHistory.from_json("order-replayed", text))


@pytest.fixture(params=CASES, ids=lambda case: case.stem)
def saved(request: pytest.FixtureRequest) -> str:
    case: Path = request.param
    return case.read_text()


async def test_it_replays(saved: str) -> None:
    await replay(saved)


def test_there_is_a_case_for_every_ending_and_stage() -> None:
    assert {play.__name__ for play in (*PLAYS, *SERVICE_PLAYS)} <= {case.stem for case in CASES}


async def test_it_would_notice_another_step() -> None:
    with pytest.raises(NondeterminismError):
        await replay(HAPPY.read_text().replace('"open_account"', '"revoke_account"'))


async def test_it_would_notice_another_order_of_steps() -> None:
    history = json.loads(HAPPY.read_text())
    steps = [number for number, event in enumerate(history["events"]) if event["eventType"].endswith(STEPS)]
    assert len(steps) > 4
    _swap(history["events"], steps[0], steps[1])
    with pytest.raises(NondeterminismError):
        await replay(json.dumps(history))


def _swap(events: list[dict[str, Any]], one: int, other: int) -> None:
    """What they say, not their numbers: those must go on from one to the next."""
    numbered = {name: (events[one][name], events[other][name]) for name in ("eventId", "eventTime")}
    events[one], events[other] = events[other], events[one]
    for name, (first, second) in numbered.items():
        events[one][name], events[other][name] = first, second


async def test_it_would_notice_a_step_too_many() -> None:
    history = json.loads((HISTORIES / "declined.json").read_text())
    history["events"] = [event for event in history["events"] if "timer" not in str(event.keys()).lower()]
    for number, event in enumerate(history["events"], start=1):
        event["eventId"] = str(number)
    with pytest.raises(NondeterminismError):
        await replay(json.dumps(history))


async def test_of_the_reminders_that_an_outage_held_up_one_goes_out() -> None:
    """The timer of day 3, seen on day 14: the code does what it would have done for a single reminder."""
    history = json.loads((HISTORIES / "awaiting_after_a_reminder.json").read_text())
    fired = next(n for n, event in enumerate(history["events"]) if event["eventType"].endswith("TIMER_FIRED"))
    for event in history["events"][fired:]:
        event["eventTime"] = _later(event["eventTime"], days=11)
    await replay(json.dumps(history))


def _later(instant: str, *, days: int) -> str:
    moment = datetime.fromisoformat(instant[:19]) + timedelta(days=days)
    return f"{moment.isoformat()}{instant[19:]}"
