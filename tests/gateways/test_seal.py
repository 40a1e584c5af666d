"""The seal: on these very bytes, stamped for them, and by a certificate that is valid."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import SealNotValid, TimestampUnavailable
from gateways.seal import AT_ONCE, Seal
from simulators.certificates import YEARS, self_signed
from tests.samples import pdf
from tests.simulators.hands import Timestamps


async def test_what_is_sealed_begins_with_what_was_given(timestamps: Timestamps) -> None:
    seal = Seal(self_signed("DocFly"), timestamp_url=timestamps.url)
    assert (await seal.seal(pdf())).startswith(pdf())
    seal.close()


@pytest.mark.parametrize("mode", ["refuse", "error", "garbage", "wrong"])
async def test_it_refuses_what_is_no_stamp_on_these_bytes(timestamps: Timestamps, mode: str) -> None:
    timestamps.mode(mode)
    seal = Seal(self_signed("DocFly"), timestamp_url=timestamps.url)
    with pytest.raises(TimestampUnavailable):
        await seal.seal(pdf())
    seal.close()


@pytest.mark.parametrize("begins_in", [timedelta(days=1), -YEARS - timedelta(days=1)], ids=["not-yet", "not-any-more"])
def test_it_refuses_to_begin_with_a_certificate_that_is_not_valid(begins_in: timedelta) -> None:
    key = self_signed("DocFly", begins=datetime.now(UTC) + begins_in)
    with pytest.raises(SealNotValid, match="DOCFLY_SEAL_KEY"):
        Seal(key, timestamp_url="http://127.0.0.1:9")


async def test_a_certificate_that_runs_out_seals_nothing_more(timestamps: Timestamps) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    seal = Seal(self_signed("DocFly", begins=soon - YEARS), timestamp_url=timestamps.url)
    await asyncio.sleep((soon - datetime.now(UTC)).total_seconds())
    with pytest.raises(SealNotValid):
        await seal.seal(pdf())
    seal.close()


async def test_an_authority_that_hangs_holds_up_nobody_elses_work(timestamps: Timestamps) -> None:
    """Contracts are typeset in threads as well, and names of hosts are looked up there."""
    timestamps.mode("hang")
    seal = Seal(self_signed("DocFly"), timestamp_url=timestamps.url)
    asked = [asyncio.create_task(seal.seal(pdf())) for _ in range(50)]
    await asyncio.sleep(0)  # until they are under way
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "done"), timeout=5) == "done"
    given_way = [await one for one in asyncio.as_completed(map(refusal, asked[AT_ONCE:]), timeout=8)]
    assert {type(one) for one in given_way} == {TimestampUnavailable}
    seal.close()
    timestamps.mode("stamp")
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def refusal(seal: asyncio.Task[bytes]) -> object:
    return (await asyncio.gather(seal, return_exceptions=True))[0]
