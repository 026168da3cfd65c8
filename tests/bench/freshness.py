"""From a change that was acknowledged to an answer that knows of it, and what each process takes of memory."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from statistics import median

import httpx

from services.cli import data_directory
from services.kernel.http.local_credential import LocalCredential
from tests.bench.measuring import Row, milliseconds, p99
from tests.journey.chain import EVERYBODY, Chain
from tests.journey.test_up import up
from tests.registers import new_worker

CHANGES, EVERY_S = 200, 0.01

Goal = tuple[str, float]


async def embedded(data: Path) -> AsyncIterator[Row]:
    """All in one process, as `make run` starts it without the sample."""
    with up(data, "--no-sample") as one:
        async with _client(data_directory.announced_url(data) or "", data) as http:
            async for row in _latency("embedded", http, http, ("≤ 60 ms", 0.06), at_once=1):
                yield row
        yield _memory("everything in one process", one.process.pid, "≤ 300 MB", 300)


async def real(chain: Chain) -> AsyncIterator[Row]:
    """Each part a process of its own; the index refreshes once a second."""
    await asyncio.to_thread(chain.start, "workers")
    await asyncio.to_thread(chain.start, *(EVERYBODY.keys() - {"workers"}))
    async with chain.client("workers") as workers, chain.client("matcher") as matcher:
        goal = ("≤ 1 s refresh + 150 ms", 1.15)
        async for row in _latency("PostgreSQL, Kafka, Elasticsearch", workers, matcher, goal, at_once=4):
            yield row
    for name, process in chain.processes.items():
        yield _memory(name, process.process.pid)


def _client(url: str, data: Path) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {LocalCredential.read(data)}"}
    return httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30)


async def _latency(
    chain: str, workers: httpx.AsyncClient, matcher: httpx.AsyncClient, goal: Goal, *, at_once: int
) -> AsyncIterator[Row]:
    """`at_once`: changes on their way together. Who looks for them takes time from the processes that are measured."""
    await asyncio.gather(*(_searchable(workers, matcher, number) for number in range(1, 5)))  # warm
    turn = asyncio.Semaphore(at_once)

    async def one(number: int) -> float:
        async with turn:
            return await _searchable(workers, matcher, number)

    seconds = await asyncio.gather(*(one(number) for number in range(100, 100 + CHANGES)))
    named: Mapping[str, Callable[[list[float]], float]] = {"p50": median, "p99": p99}
    for name, of in named.items():
        taken = of(list(seconds))
        wanted, met = (goal[0], taken <= goal[1]) if name == "p99" else ("", None)
        yield Row(f"{chain}: change → searchable, {name} of {CHANGES}", milliseconds(taken), "", None, wanted, met)


async def _searchable(workers: httpx.AsyncClient, matcher: httpx.AsyncClient, number: int) -> float:
    """Seconds from the answer to a registration until the matcher knows the person. What is asked until then costs one look."""
    made = await workers.post("/v1/workers", json=new_worker(number))
    assert made.status_code == 201, made.text
    acknowledged = time.perf_counter()
    path = f"/v1/workers/{made.json()['id']}/openings?limit=1"
    while True:
        asked = time.perf_counter()
        if (await matcher.get(path)).status_code == 200:
            return asked - acknowledged
        await asyncio.sleep(EVERY_S)


def _memory(name: str, pid: int, goal: str = "", most: int | None = None) -> Row:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024
    return Row(f"memory: {name}", f"{resident} MB", "", None, goal, None if most is None else resident <= most)
