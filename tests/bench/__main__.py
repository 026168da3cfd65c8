"""`make bench`: print the table, with Java also the rows of the real backends. `make bench ARGS="segmentation"`: some."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from services.kernel import logs
from services.kernel.ids import new_id
from services.kernel.index import open_index
from tests.bench import freshness, indexing, matching, segmentation, writing
from tests.bench.measuring import Row
from tests.journey.chain import real_chain
from tests.servers import elasticsearch, kafka, postgres
from tests.servers.databases import execute
from tests.servers.machine import Missing
from tests.servers.server import Server

Rows = AsyncIterator[Row]
_STARTS: Final[Mapping[str, Callable[[], Server]]] = {
    "PostgreSQL": postgres.start,
    "Kafka": kafka.start,
    "Elasticsearch": elasticsearch.start,
}


class Servers:
    """The real servers, each started when the first row asks for it."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str, Server] = {}

    def url(self, name: str) -> str:
        """Raises Missing."""
        if name not in self._running:
            started = time.monotonic()
            self._running[name] = server = _STARTS[name]()
            self._stack.callback(server.stop)
            _say(f"# {name} started in {time.monotonic() - started:.1f} s")
        return self._running[name].url


async def matcher_embedded(_servers: Servers, folder: Path) -> Rows:
    index = open_index(f"embedded://{folder}/index")
    async for row in matching.rows(index, "embedded", (1.30, 1.30)):
        yield row
    await index.close()


async def matcher_real(servers: Servers, _folder: Path) -> Rows:
    index = open_index(f"{servers.url('Elasticsearch')}?prefix={new_id('bench').lower()}")
    async for row in matching.rows(index, "Elasticsearch", (1.10, 1.25)):
        yield row
    await index.close()


async def indexer(servers: Servers, _folder: Path) -> Rows:
    index = open_index(f"{servers.url('Elasticsearch')}?prefix={new_id('bench').lower()}")
    async for row in indexing.rows(index):
        yield row
    await index.close()


async def latency_real(servers: Servers, folder: Path) -> Rows:
    postgres_url = servers.url("PostgreSQL")
    urls = {"bus_url": servers.url("Kafka"), "index_url": servers.url("Elasticsearch")}
    for name in ("workers", "jobs", "access"):
        await execute(postgres_url, f"CREATE DATABASE bench_{name}")
        urls[f"{name}_store_url"] = f"{postgres_url.rpartition('/')[0]}/bench_{name}"
    with real_chain(folder / "var", urls) as chain:
        async for row in freshness.real(chain):
            yield row


SECTIONS: Final[Mapping[str, Callable[[Servers, Path], Rows]]] = {
    "segmentation": lambda _servers, _folder: segmentation.rows(),
    "writing": lambda _servers, _folder: writing.rows(),
    "matcher-embedded": matcher_embedded,
    "latency-embedded": lambda _servers, folder: freshness.embedded(folder / "var"),
    "indexer": indexer,
    "matcher-real": matcher_real,
    "latency-real": latency_real,
}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _tell(section: str, row: Row) -> None:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = {True: "yes", False: "NO", None: ""}[row.met]
    command = f'make bench ARGS="{section}"'
    _say(f"| {row.aspect} | {row.ours} | {row.yardstick} | {ratio} | {row.goal} | {verdict} | `{command}` |")


async def _section(name: str, servers: Servers) -> None:
    with tempfile.TemporaryDirectory(prefix="yungong-bench-") as folder:
        try:
            async for row in SECTIONS[name](servers, Path(folder)):
                _tell(name, row)
        except Missing as missing:
            _say(f"| {name} | not measured: {missing} | | | | | |")


def main() -> None:
    """Measure and print, a section at a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    wanted = parser.parse_args().sections or list(SECTIONS)
    if unknown := set(wanted) - SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}")
    logs.configure("ERROR", "json")
    started = time.monotonic()
    _say(f"# {platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}")
    _say("| aspect | ours | yardstick | ratio | goal | met | command |\n|---|---|---|---|---|---|---|")
    with ExitStack() as stack:
        servers = Servers(stack)
        for name in wanted:
            asyncio.run(_section(name, servers))
    _say(f"# {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
