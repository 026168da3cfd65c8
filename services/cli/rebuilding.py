"""A rebuild of the index, asked for and followed on a bar. With an embedded index this process carries it out itself."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from services.cli import console
from services.cli.console import CannotContinue
from services.kernel.bus import Bus
from services.kernel.erasure import ErasureLedger
from services.kernel.index import Generation, Index
from services.kernel.settings import Settings
from services.kernel.supervision import Supervisor
from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from services.kernel.urls import SCHEME
from services.matcher.indexer import Indexer, rebuilding
from services.matcher.indexer.documents import Collection
from services.matcher.indexer.rebuilding import Stage

LOOK_EVERY_S: Final = 0.3
REFUSED_LOOKS: Final = 3
"""Looks in a row that must find a build refused: what is written between two counts makes a single look uncertain."""

_NAMES: Final = {Collection.WORKERS: "劳动力", Collection.POSTINGS: "岗位"}


async def rebuild(settings: Settings, bus: Bus, index: Index, *, wait: bool) -> Mapping[str, str]:
    """Collection → the generation asked for; with `wait`, once it serves. Raises CannotContinue when one is refused or dropped,
    IndexUnavailable, BusUnavailable."""
    lexicon = await asyncio.to_thread(Lexicon.load)
    asked = await rebuilding.ask(index, lexicon.version)
    if wait:
        async with _indexing(settings, bus, index, lexicon):
            await _follow(bus, index, asked)
    return {collection.value: build.name for collection, build in asked.items()}


def _indexing(settings: Settings, bus: Bus, index: Index, lexicon: Lexicon) -> AbstractAsyncContextManager[object]:
    if not settings.index_url.startswith(SCHEME) and not settings.bus_url.startswith(SCHEME):
        return nullcontext()  # the indexers that run do the work
    erased = ErasureLedger(bus)
    return Supervisor({"indexer": Indexer(bus, index, Segmenter(lexicon), erased).run, "erasures": erased.run})


async def _follow(bus: Bus, index: Index, asked: Mapping[Collection, Generation]) -> None:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console.err,
        transient=True,
    )
    with bar:
        await asyncio.gather(*(_follow_one(bus, index, build, bar, _NAMES[which]) for which, build in asked.items()))


async def _follow_one(bus: Bus, index: Index, build: Generation, bar: Progress, name: str) -> None:
    task, refused, most = bar.add_task(name, total=None), 0, 0
    while True:
        seen = await rebuilding.progress(index, bus, build)
        most = max(most, seen.behind)
        bar.update(task, total=most or None, completed=most - seen.behind)
        refused = refused + 1 if seen.stage is Stage.REFUSED else 0
        if seen.stage is Stage.SERVING:
            return
        if seen.stage is Stage.GONE:
            raise CannotContinue(f"{name}：{build.name} 已被删去，没有接替。")
        if refused >= REFUSED_LOOKS:
            raise CannotContinue(
                f"{name}：新的一代没有接替，旧的照常使用（{seen.reason}）。核对后可用 --drop {build.name} 删去它。"
            )
        await asyncio.sleep(LOOK_EVERY_S)
