"""Waiting: pauses that end early when work is to stop, and growing pauses while something is down."""

import asyncio
import random
from typing import Final

_SPREAD: Final = random.SystemRandom()


async def occurs(event: asyncio.Event, within_s: float) -> bool:
    """Wait until `event` is set, at most `within_s` seconds. True: it is set."""
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True


class Backoff:
    """Pauses that double from `first_s` to `ceiling_s`, each cut by up to a half at random: many do not return at once."""

    def __init__(self, first_s: float = 0.1, ceiling_s: float = 5.0) -> None:
        self._first_s = first_s
        self._ceiling_s = ceiling_s
        self._next_s = first_s

    def next_pause_s(self) -> float:
        """Seconds to wait now; the next call gives about twice as many."""
        pause_s = self._next_s
        self._next_s = min(self._next_s * 2, self._ceiling_s)
        return pause_s * _SPREAD.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It worked: begin again with the shortest pause."""
        self._next_s = self._first_s
