"""A sweep acts on all partners there are: its tests have a house of their own, and no other test's services in it."""

from collections.abc import AsyncIterator

import pytest

import worker
from tests.personas import Stage
from tests.workflows.processes import annexe


@pytest.fixture(scope="session")
async def stage(stage: Stage) -> AsyncIterator[Stage]:
    """In the place of the whole suite's."""
    async with (
        annexe(stage, namespace="sweeps") as house,
        worker.running(house.temporal, house.settings, house.sessions),
    ):
        yield house
