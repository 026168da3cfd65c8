"""Asking for a rebuild of the index and following it, from outside of the process that carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.kernel.bus import Bus
from services.kernel.index import Generation, Index
from services.matcher.indexer import generations
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.generations import TOPIC, Plan


class Stage(StrEnum):
    """How far a build is."""

    BUILDING = "building"
    SERVING = "serving"  # it took the other's place
    REFUSED = "refused"  # it read the whole stream and must not take the other's place
    GONE = "gone"  # somebody dropped it


@dataclass(frozen=True, slots=True)
class Progress:
    """One build: documents in it, messages it has still to read, and why it was refused."""

    stage: Stage
    documents: int
    behind: int
    reason: str = ""


async def ask(index: Index, lexicon_version: str) -> Mapping[Collection, Generation]:
    """Begin a build of each collection, or take the one under way; running indexers carry it out. Raises IndexUnavailable."""
    asked = {}
    for collection in Collection:
        wanted = schema(collection, lexicon_version)
        plan = Plan.of(await index.generations(collection), wanted)
        asked[collection] = plan.building or await generations.create_build(index, wanted)
    return asked


async def progress(index: Index, bus: Bus, build: Generation) -> Progress:
    """How far `build` is. Raises IndexUnavailable, BusUnavailable."""
    collection = Collection(build.collection)
    known = await index.generations(collection)
    present = next((one for one in known if one.name == build.name), None)
    if present is None:
        return Progress(Stage.GONE, 0, 0)
    topic = TOPIC[collection]
    documents = await index.count(collection, present)
    behind = (await bus.lag([topic], generations.group(build)))[topic.name]
    if present.active:
        return Progress(Stage.SERVING, documents, behind)
    serving = next((one for one in known if one.active), None)
    if behind or serving is None:
        return Progress(Stage.BUILDING, documents, behind)
    reason = await generations.swap_refusal(index, serving, present)
    return Progress(Stage.REFUSED if reason else Stage.BUILDING, documents, behind, reason)
