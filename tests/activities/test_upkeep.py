"""How an account is to be kept: the provider hears the last word, whoever was heard in between."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.testing import ActivityEnvironment

from activities.upkeep import Upkeep
from db import services
from db.connection import Sessions
from db.services import ServiceRow
from domain.errors import ProviderUnavailable
from domain.orders import Step
from domain.service_errors import ProviderRefused
from domain.services import ServiceStatus
from gateways.provider import Provider
from tests.activities.conftest import Desk
from tests.activities.test_repeats import accept, assign, place
from tests.simulators.another_make import AnotherMake, another_make


@pytest.fixture
async def other() -> AsyncIterator[AnotherMake]:
    async with another_make() as made:
        yield made


@pytest.fixture
async def upkeep(sessions: Sessions, other: AnotherMake) -> AsyncIterator[Upkeep]:
    provider = Provider(other.url)
    yield Upkeep(sessions, provider=provider)
    await provider.close()


@pytest.fixture
async def row(desk: Desk) -> ServiceRow:
    """The service of an order that is active; the provider knows how it is to be kept."""
    for step in (place, accept, assign):
        await step(desk)
    await desk.activation.record_activation(desk.at(Step))
    return await as_it_is(desk)


async def as_it_is(desk: Desk) -> ServiceRow:
    async with desk.sessions() as session:
        return await services.of_order(session, order_id=desk.placing.order_id)


async def become(desk: Desk, row: ServiceRow, status: ServiceStatus) -> None:
    async with desk.sessions.begin() as session:
        locked = await services.lock(session, service_id=row.id)
        locked.become(locked.service.model_copy(update={"status": status}))


async def tell(upkeep: Upkeep, row: ServiceRow, *, attempt: int = 1) -> None:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt)
    await environment.run(upkeep.tell_provider, row.id)


async def test_what_was_told_is_not_told_again(upkeep: Upkeep, other: AnotherMake, row: ServiceRow) -> None:
    await tell(upkeep, row)
    assert other.asked == []


async def test_a_word_without_an_answer_is_said_again(
    desk: Desk, upkeep: Upkeep, other: AnotherMake, row: ServiceRow
) -> None:
    """Somebody else was heard meanwhile; but the provider may hear the lost word after theirs."""
    await tell(upkeep, row, attempt=2)
    assert other.asked == ["resume", "quotas"]

    await become(desk, row, ServiceStatus.SUSPENDED)
    other.answers["suspend"] = 503
    with pytest.raises(ProviderUnavailable):
        await tell(upkeep, row)
    assert (await as_it_is(desk)).told is None


@pytest.mark.parametrize("refused", ["quotas", "suspend"])
async def test_a_refusal_of_one_leaves_out_nothing_else(
    desk: Desk, upkeep: Upkeep, other: AnotherMake, row: ServiceRow, refused: str
) -> None:
    await become(desk, row, ServiceStatus.SUSPENDED)
    other.answers[refused] = 409
    with pytest.raises(ProviderRefused):
        await tell(upkeep, row)
    assert sorted(other.asked) == ["quotas", "suspend"]
    assert (await as_it_is(desk)).told is None
