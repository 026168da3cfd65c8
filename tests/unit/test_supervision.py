"""Supervised work: kept running, shown when it fails, stopped in order."""

import asyncio

from services.kernel.supervision import Supervisor


class Flaky:
    """Work that crashes a number of times, then runs until it is stopped."""

    def __init__(self, crashes: int) -> None:
        self.crashes = crashes
        self.running = asyncio.Event()
        self.stopped = False

    async def __call__(self, stop: asyncio.Event) -> None:
        if self.crashes > 0:
            self.crashes -= 1
            raise OSError("bus gone")
        self.running.set()
        await stop.wait()
        self.stopped = True


async def trouble(supervisor: Supervisor, name: str) -> str:
    """What the supervisor says of the work once the work has had its turns on the loop."""
    for _turn in range(10):
        await asyncio.sleep(0)
    return (await supervisor.ready())[name]


async def test_work_that_crashes_is_started_again() -> None:
    flaky, steady = Flaky(crashes=2), Flaky(crashes=0)
    async with Supervisor({"relay": flaky, "indexer": steady}, first_pause_s=0.001) as supervisor:
        await flaky.running.wait()
        await steady.running.wait()
        assert await supervisor.ready() == {"relay": "", "indexer": ""}
    assert flaky.stopped
    assert steady.stopped


async def test_a_crash_is_shown_until_the_work_runs_again() -> None:
    async with Supervisor({"relay": Flaky(crashes=1)}, first_pause_s=60) as supervisor:
        assert "OSError" in await trouble(supervisor, "relay")


async def test_work_that_merely_ends_is_trouble_too() -> None:
    async def ends(_stop: asyncio.Event) -> None:
        await asyncio.sleep(0)

    async with Supervisor({"indexer": ends}, first_pause_s=60) as supervisor:
        assert "意外结束" in await trouble(supervisor, "indexer")


async def test_work_that_ignores_the_stop_is_cancelled() -> None:
    cancelled = asyncio.Event()

    async def deaf(_stop: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with Supervisor({"deaf": deaf}, grace_s=0.01):
        await asyncio.sleep(0)
    assert cancelled.is_set()
