"""The indexer: follows the streams into the index, and builds a new generation whenever the one that serves does not fit."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from services.kernel.bus import Bus, BusUnavailable, ConsumerLoop, DeadLetters
from services.kernel.erasure import ErasureLedger
from services.kernel.index import Generation, Index, IndexUnavailable
from services.kernel.pauses import Backoff
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer import generations
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.feed import Feed
from services.matcher.indexer.generations import TOPIC, Plan

LOOK_EVERY_S: Final = 2.0
BUILD_LOOK_EVERY_S: Final = 0.2
NEARLY: Final = 500
"""Messages behind at which a build is close enough for the serving generation to pause until it has caught up."""

_HANDOVER_S: Final = 10.0
_HANDOVER_LOOK_S: Final = 0.02

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    """A generation's consumer loop at work."""

    loop: ConsumerLoop
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def end(self) -> None:
        """Finish the batch in hand and stop. Raises what the loop raised."""
        self.stop.set()
        await self.task


class CollectionIndexer:
    """Follows one collection's stream. One `run` at a time; several processes may each have one."""

    def __init__(
        self,
        bus: Bus,
        index: Index,
        collection: Collection,
        segmenter: Segmenter,
        erased: ErasureLedger,
        *,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._bus = bus
        self._index = index
        self._collection = collection
        self._segmenter = segmenter
        self._erased = erased
        self._schema = schema(collection, segmenter.lexicon.version)
        self._topic = TOPIC[collection]
        self._look_every_s = look_every_s
        self._feeds: dict[str, _Running] = {}
        self._trouble = ""
        self._refusal = ""

    @property
    def trouble(self) -> str:
        """What keeps the collection from being up to date; "" when well."""
        loops = [running.loop.trouble for running in self._feeds.values()]
        return "; ".join(filter(None, [self._trouble, self._refusal, *loops]))

    async def rebuild(self) -> Generation:
        """Ask for a new build of the collection beside the one that serves; the indexers that run carry it out.

        The build under way when there is one. Raises IndexUnavailable.
        """
        plan = await generations.look(self._index, self._schema)
        return plan.building or await generations.create_build(self._index, self._schema)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises ConsumerStopped when the stream cannot be followed; waits out bus and index."""
        backoff = Backoff()
        try:
            while not stop.is_set():
                try:
                    building = await self._look(stop)
                except (IndexUnavailable, BusUnavailable) as error:
                    self._trouble = str(error)
                    _log.warning("indexer_waits", collection=self._collection.value, trouble=self._trouble)
                    await self._pause(stop, backoff.next_pause_s())
                else:
                    self._trouble = ""
                    backoff.reset()
                    await self._pause(stop, min(self._look_every_s, BUILD_LOOK_EVERY_S) if building else self._look_every_s)
        finally:
            await self._feed([])

    async def _pause(self, stop: asyncio.Event, pause_s: float) -> None:
        """Until `stop`, a broken loop, or the next look is due."""
        stopping = asyncio.create_task(stop.wait())
        try:
            waits = {stopping, *(running.task for running in self._feeds.values())}
            await asyncio.wait(waits, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        await self._end([name for name, running in self._feeds.items() if running.task.done()])

    async def _look(self, stop: asyncio.Event) -> bool:
        """Bring about what the plan wants; whether a build is under way."""
        plan = await generations.look(self._index, self._schema)
        if plan.wants_build(self._schema):
            build = await generations.create_build(self._index, self._schema)
            _log.info("build_begun", collection=self._collection.value, generation=build.name)
            plan = await generations.look(self._index, self._schema)
        await self._feed(plan.to_feed())
        if plan.building is not None:
            await self._swap_when_ready(plan, plan.building, stop)
        return plan.building is not None

    async def _feed(self, wanted: list[Generation]) -> None:
        """Run exactly these generations' loops."""
        names = {generation.name for generation in wanted}
        await self._end([name for name in self._feeds if name not in names])
        for generation in wanted:
            if generation.name not in self._feeds:
                self._feeds[generation.name] = self._started(generation)

    async def _end(self, names: list[str]) -> None:
        """End these loops. Raises what the first of those that broke had raised, once all have ended."""
        endings = [self._feeds.pop(name).end() for name in names]
        for outcome in await asyncio.gather(*endings, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    def _started(self, generation: Generation) -> _Running:
        outdated = generation.schema_version != self._schema.version
        feed = Feed(self._index, generation, self._collection, self._segmenter, erased=self._erased, outdated=outdated)
        loop = ConsumerLoop(self._bus, [self._topic], generations.group(generation), feed, DeadLetters(self._bus))
        stop = asyncio.Event()
        return _Running(loop, stop, asyncio.create_task(loop.run(stop), name=generations.group(generation)))

    async def _swap_when_ready(self, plan: Plan, building: Generation, stop: asyncio.Event) -> None:
        serving = None if plan.damaged else plan.serving
        if await self._behind(serving, building) > NEARLY:
            return
        if serving is not None:
            if await self._refused(serving, building):
                return
            # Nobody must see a record's version go back: the one that serves stands still until the other has passed it.
            await self._feed([building])
        if await self._caught_up(serving, building, stop):
            await generations.swap(self._index, plan.serving, building)
            _log.info("build_serves", collection=self._collection.value, generation=building.name)
        else:
            await self._feed(plan.to_feed())

    async def _refused(self, serving: Generation, building: Generation) -> bool:
        refusal = await generations.swap_refusal(self._index, serving, building)
        if refusal and refusal != self._refusal:
            _log.error("swap_refused", collection=self._collection.value, reason=refusal)
        self._refusal = refusal
        return bool(refusal)

    async def _caught_up(self, serving: Generation | None, building: Generation, stop: asyncio.Event) -> bool:
        """Whether the build came, within a while, to where the serving one stands. Without one, near the end will do."""
        deadline = asyncio.get_running_loop().time() + _HANDOVER_S
        feed = self._feeds[building.name].task
        while await self._behind(serving, building):
            if stop.is_set() or feed.done():
                return False
            if asyncio.get_running_loop().time() > deadline:
                return serving is None
            await asyncio.sleep(_HANDOVER_LOOK_S)
        return True

    async def _behind(self, serving: Generation | None, building: Generation) -> int:
        """How many messages the serving generation has that the build has not; without one, how many there are.

        Compared with the serving one, not with the end: under a flood of changes both may be far from that.
        """
        group = generations.group(building)
        if serving is None:
            return (await self._bus.lag([self._topic], group))[self._topic.name]
        reached = await self._bus.positions([self._topic], group)
        served = await self._bus.positions([self._topic], generations.group(serving))
        return sum(max(0, offset - reached.get(partition, 0)) for partition, offset in served.items())


class Indexer:
    """Both collections."""

    def __init__(
        self, bus: Bus, index: Index, segmenter: Segmenter, erased: ErasureLedger, *, look_every_s: float = LOOK_EVERY_S
    ) -> None:
        """`erased`: followed by its owner. `look_every_s`: how often to look for a rebuild that was asked for or is ready."""
        self.erased = erased
        self.collections: Mapping[Collection, CollectionIndexer] = {
            collection: CollectionIndexer(bus, index, collection, segmenter, erased, look_every_s=look_every_s)
            for collection in Collection
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Follow both streams until `stop` is set. Raises ConsumerStopped: then both have stopped in order."""
        await self.erased.read(stop)
        ended = asyncio.Event()
        tasks = [asyncio.create_task(one.run(ended), name=f"indexer-{name}") for name, one in self.collections.items()]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.set()
            stopping.cancel()
            await asyncio.wait(tasks)
        for task in tasks:
            task.result()

    async def rebuild(self) -> Mapping[Collection, Generation]:
        """Ask for a new build of both collections. Raises IndexUnavailable."""
        return {collection: await one.rebuild() for collection, one in self.collections.items()}

    async def ready(self) -> Mapping[str, str]:
        """Collection → "" while it follows its stream, else what keeps it (see readiness)."""
        return {f"index_{collection.value}": one.trouble for collection, one in self.collections.items()}
