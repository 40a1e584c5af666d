"""The same races as beside, and the worker killed again and again, as the kernel would."""

from functools import partial

from tests.personas import Stage
from tests.races.test_cancel_against_activation import Ended, run_races, until_some_end
from tests.simulators.hands import Provider
from tests.workflows.processes import WorkerProcess, annexe

RACES = 30


async def test_every_race_has_exactly_one_ending_when_the_worker_is_killed(stage: Stage, provider: Provider) -> None:
    async with annexe(stage, namespace="killed-races") as house:
        await run_races(house, provider, partial(keep_killing, WorkerProcess(house.settings)), races=RACES)


async def keep_killing(process: WorkerProcess, ended: Ended) -> None:
    """And the supervisor after it."""
    try:
        while True:
            await process.start()
            await until_some_end(ended, most=5)
            await process.kill()
    finally:
        await process.kill()
