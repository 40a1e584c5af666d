"""What an order costs: events of history and billable actions, counted on the real server."""

from collections import Counter

import pytest
from temporalio.api.enums.v1 import EventType

from tests.personas import Partner, Stage

MOST_EVENTS = 48
MOST_ACTIONS = 14
BILLABLE = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
)


@pytest.mark.parametrize("product", ["docfly_pa", "docfly"])
@pytest.mark.usefixtures("provider", "catcher")
async def test_a_happy_order_is_cheap(bianchi: Partner, stage: Stage, product: str) -> None:
    order_id = await bianchi.activated(product)
    handle = stage.workflow(order_id)
    await handle.result()
    history = await handle.fetch_history()
    kinds = Counter(event.event_type for event in history.events)
    attempts = sum(event.activity_task_started_event_attributes.attempt for event in history.events)
    seen = {EventType.Name(kind): times for kind, times in kinds.items()}
    assert len(history.events) <= MOST_EVENTS, seen
    assert attempts + sum(kinds[kind] for kind in BILLABLE) <= MOST_ACTIONS, seen
