"""How far the index is, as anybody can tell from index and bus, without the process that indexes."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.bus import Bus
from services.kernel.index import Index
from services.matcher.indexer import generations
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.generations import TOPIC


@dataclass(frozen=True, slots=True)
class CollectionStatus:
    """One collection: live documents, the generation that serves ("" before the first), the one under construction (""),
    whether it was built for our schema and lexicon, and how many messages are not in it yet."""

    documents: int
    generation: str
    building: str
    current: bool
    topic: str
    lag: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Both collections, and the lexicon that this process segments with."""

    collections: Mapping[Collection, CollectionStatus]
    lexicon_version: str

    @property
    def lag(self) -> Mapping[str, int]:
        """Topic name → messages not yet searchable."""
        return {status.topic: status.lag for status in self.collections.values()}


async def read(index: Index, bus: Bus, lexicon_version: str) -> IndexStatus:
    """The present status. Raises IndexUnavailable, BusUnavailable."""
    found = {collection: await _collection(index, bus, collection, lexicon_version) for collection in Collection}
    return IndexStatus(found, lexicon_version)


async def _collection(index: Index, bus: Bus, collection: Collection, lexicon_version: str) -> CollectionStatus:
    wanted = schema(collection, lexicon_version)
    plan = generations.Plan.of(await index.generations(collection), wanted)
    topic = TOPIC[collection]
    # Before the first build serves nothing is searchable: a group that does not exist is behind by everything.
    group = generations.group(plan.serving) if plan.serving else "indexer-none"
    return CollectionStatus(
        documents=await index.count(collection),
        generation=plan.serving.name if plan.serving else "",
        building=plan.building.name if plan.building else "",
        current=plan.serving is not None and plan.serving.schema_version == wanted.version,
        topic=topic.name,
        lag=(await bus.lag([topic], group))[topic.name],
    )
