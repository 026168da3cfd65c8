"""Pauses grow, stay below their ceiling, and end early."""

import asyncio

from services.kernel.pauses import Backoff, occurs


def test_pauses_double_up_to_the_ceiling_and_begin_anew() -> None:
    backoff = Backoff(first_s=1, ceiling_s=10)
    for whole in (1, 2, 4, 8, 10, 10):
        assert whole / 2 <= backoff.next_pause_s() <= whole
    backoff.reset()
    assert backoff.next_pause_s() <= 1


def test_pauses_are_spread() -> None:
    assert len({Backoff().next_pause_s() for _ in range(20)}) > 1


async def test_waiting_ends_with_the_event() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(occurs(event, 100))
    event.set()
    assert await waiting


async def test_waiting_ends_without_the_event() -> None:
    assert not await occurs(asyncio.Event(), 0.001)
