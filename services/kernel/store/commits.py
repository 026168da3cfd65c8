"""The hint from a store's writers to whoever waits for something new."""

import asyncio

from services.kernel.pauses import occurs


class CommitSignal:
    """Set by each commit, taken by the next wait."""

    def __init__(self) -> None:
        self._committed = asyncio.Event()

    def notify(self) -> None:
        self._committed.set()

    async def wait(self, timeout_s: float) -> None:
        """Return once something was committed since the last wait, else after `timeout_s` seconds."""
        await occurs(self._committed, timeout_s)
        self._committed.clear()
