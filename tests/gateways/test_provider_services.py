"""The provider's live accounts, by the real client, at the simulator's process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from domain.errors import ProviderUnavailable
from domain.products import Quotas
from domain.service_errors import ProviderRefused
from gateways.provider import Provider
from local import ports
from tests.simulators import hands
from tests.simulators.another_make import AnotherMake, another_make

QUOTAS = Quotas(gb=9, users=2, archives=3, definitions=4)

Call = Callable[[Provider, UUID], Awaitable[object]]
CALLS: list[Call] = [
    lambda provider, order: provider.set_quotas(order, QUOTAS),
    Provider.suspend,
    Provider.resume,
    Provider.usage,
]
every_call = pytest.mark.parametrize("call", CALLS, ids=["set_quotas", "suspend", "resume", "usage"])


@pytest.fixture
async def client(provider: hands.Provider) -> AsyncIterator[Provider]:
    made = Provider(provider.url, seconds=0.3)
    yield made
    await made.close()


@pytest.fixture
def order(provider: hands.Provider) -> UUID:
    """The order of a live account."""
    order_id = uuid4()
    provider.put(order_id)
    return order_id


async def test_it_suspends_and_resumes_however_often_it_is_told(
    client: Provider, provider: hands.Provider, order: UUID
) -> None:
    states = []
    for step in (client.suspend, client.suspend, client.resume, client.resume):
        await step(order)
        states.append(provider.held(order)["state"])
    assert states == ["suspended", "suspended", "active", "active"]


async def test_what_is_live_is_told_as_live_even_while_it_is_suspended(client: Provider, order: UUID) -> None:
    await client.suspend(order)
    live = await client.revoke_account(order)
    assert (live.state, live.username) == ("active", f"df-{order.hex}")


async def test_it_grants_quotas_whole_and_leaves_the_state(
    client: Provider, provider: hands.Provider, order: UUID
) -> None:
    await client.suspend(order)
    for _ in range(2):
        await client.set_quotas(order, QUOTAS)
    held = provider.held(order)
    assert (held["quotas"], held["state"]) == (QUOTAS.model_dump(), "suspended")


async def test_it_tells_the_usage_also_while_suspended(client: Provider, provider: hands.Provider, order: UUID) -> None:
    assert await client.usage(order) == 0
    provider.use(order, 5 * 10**9)
    await client.suspend(order)
    assert await client.usage(order) == 5 * 10**9


@every_call
async def test_an_unknown_account_is_an_operators_affair(client: Provider, call: Call) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await call(client, uuid4())
    assert refused.value.code == 404


@every_call
async def test_so_is_one_that_is_not_live(client: Provider, provider: hands.Provider, call: Call) -> None:
    order = uuid4()
    provider.post(order, "revoke")
    with pytest.raises(ProviderRefused) as refused:
        await call(client, order)
    assert refused.value.code == 409


@every_call
@pytest.mark.parametrize(("mode", "code"), [("error", 503), ("hang", None)])
async def test_an_outage_is_asked_again(
    client: Provider, provider: hands.Provider, order: UUID, call: Call, mode: str, code: int | None
) -> None:
    before = provider.held(order)
    provider.mode(mode, order=order, calls="all")
    with pytest.raises(ProviderUnavailable) as outage:
        await call(client, order)
    assert (outage.value.code, provider.held(order)) == (code, before)
    provider.mode("instant", order=order)
    await call(client, order)


@every_call
async def test_so_is_a_provider_who_is_away(call: Call) -> None:
    away = Provider(f"http://127.0.0.1:{ports.free()}")
    with pytest.raises(ProviderUnavailable):
        await call(away, uuid4())
    await away.close()


@pytest.fixture
async def other() -> AsyncIterator[AnotherMake]:
    async with another_make() as made:
        yield made


@pytest.fixture
async def at_other(other: AnotherMake) -> AsyncIterator[Provider]:
    made = Provider(other.url)
    yield made
    await made.close()


@pytest.mark.parametrize("code", [200, 202, 400, 403, 404, 422, 429])
async def test_a_revoking_without_an_answer_is_asked_again(at_other: Provider, other: AnotherMake, code: int) -> None:
    """Money hangs on it: only the provider's yes or no ends it. A 404, or a 200 of nothing, is anybody's on the way."""
    other.answers["revoke"] = code
    with pytest.raises(ProviderUnavailable) as unclear:
        await at_other.revoke_account(uuid4())
    assert unclear.value.code == code


async def test_what_is_live_is_live_also_when_nobody_can_read_it(at_other: Provider, other: AnotherMake) -> None:
    order = uuid4()
    other.answers |= {"revoke": 409, str(order): 404}
    assert (await at_other.revoke_account(order)).state == "active"
