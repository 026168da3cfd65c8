"""Taking turns, and what a row of the table says."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 5

Timed = Callable[[], float | Awaitable[float]]
"""One turn; its seconds."""


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio`: ours over the yardstick's (None without one); `met`: the goal is reached (None without one)."""

    aspect: str
    ours: str
    yardstick: str
    ratio: float | None
    goal: str
    met: bool | None


async def in_turns(ours: Timed, yardstick: Timed, rounds: int = ROUNDS) -> tuple[float, float]:
    """The medians of the seconds of each, measured one after the other, `rounds` times. The first turns warm up."""
    pairs = [(await _seconds(ours), await _seconds(yardstick)) for _ in range(rounds + 1)][1:]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


async def _seconds(turn: Timed) -> float:
    taken = turn()
    return taken if isinstance(taken, float) else await taken


def timed(work: Callable[[], object]) -> float:
    """The processor's seconds that `work` takes: what it does alone, whoever else keeps the machine busy."""
    started = time.process_time()
    work()
    return time.process_time() - started


async def awaited(work: Awaitable[object]) -> float:
    """The seconds until `work` is done."""
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


def p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
