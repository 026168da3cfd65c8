"""Which generation serves, which is being built, and when the one takes the other's place.

A generation is numbered by its name: later names are newer. Of a collection's generations

* the active one serves, and is fed until its successor is ready;
* the oldest newer one with our schema version is under construction: it is filled from the start of the stream under a
  consumer group of its own, beside the serving one, and goes on where it was after a crash;
* the one that served before stays until the next swap, so that the way back is open; older ones are dropped.

Who creates a newer generation with our schema version asks for a rebuild: every indexer that runs sees it and fills it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from services.contracts.topics import JOB_POSTINGS, WORKER_PROFILES, Topic
from services.kernel.index import Generation, Index, IndexDamaged, Schema, SearchRequest
from services.matcher.indexer.documents import Collection

TOPIC: Final[dict[Collection, Topic]] = {Collection.WORKERS: WORKER_PROFILES, Collection.POSTINGS: JOB_POSTINGS}
LEAST_SHARE: Final = 0.8
"""Of the serving generation's live documents; JobTech's importers draw the same line."""

_SAMPLE: Final = 100


def group(generation: Generation) -> str:
    """The consumer group that fills a generation."""
    return f"indexer-{generation.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is: `serving` is None before the first build is ready, `damaged` says that it cannot be read any more."""

    serving: Generation | None
    building: Generation | None
    damaged: bool = False

    @classmethod
    def of(cls, generations: Sequence[Generation], schema: Schema) -> Self:
        """The plan that a collection's generations, oldest first, amount to."""
        serving = next((one for one in generations if one.active), None)
        newer = [one for one in generations if not one.active and (serving is None or one.name > serving.name)]
        return cls(serving, next((one for one in newer if one.schema_version == schema.version), None))

    def wants_build(self, schema: Schema) -> bool:
        """Nothing that is there, or under way, fits our schema."""
        served = self.serving is not None and not self.damaged and self.serving.schema_version == schema.version
        return self.building is None and not served

    def to_feed(self) -> list[Generation]:
        """The generations that follow the stream."""
        serving = None if self.damaged else self.serving
        return [generation for generation in (serving, self.building) if generation is not None]


async def look(index: Index, schema: Schema) -> Plan:
    """The present plan of a collection; a build that cannot be read any more is given up. Raises IndexUnavailable."""
    plan = Plan.of(await index.generations(schema.collection), schema)
    if plan.building is not None and await _damaged(index, plan.building):
        await index.drop(plan.building)
        return await look(index, schema)
    return replace(plan, damaged=plan.serving is not None and await _damaged(index, plan.serving))


async def _damaged(index: Index, generation: Generation) -> bool:
    try:
        await index.count(generation.collection, generation)
    except IndexDamaged:
        return True
    return False


async def create_build(index: Index, schema: Schema) -> Generation:
    """Begin a build. Of several begun at once the oldest is kept and returned to all. Raises IndexUnavailable."""
    made = await index.create(schema)
    oldest = Plan.of(await index.generations(schema.collection), schema).building
    if oldest is None or oldest.name == made.name:
        return made
    await index.drop(made)
    return oldest


async def swap_refusal(index: Index, serving: Generation, building: Generation) -> str:
    """Why the build must not take the serving generation's place; "" when it may.

    It must hold at least LEAST_SHARE of the live documents, and each of a sample (the oldest, which a stream that lost
    records would lack first). Raises IndexUnavailable.
    """
    collection = serving.collection
    before, now = await index.count(collection, serving), await index.count(collection, building)
    if now < LEAST_SHARE * before:
        return f"{building.name} holds {now} documents, {serving.name} {before}"
    sample = [hit.id for hit in (await index.search(collection, SearchRequest(size=_SAMPLE))).hits]
    missing = set(sample) - set(await index.get(collection, sample, building))
    # What was withdrawn between the two looks is missing for a reason.
    lost = await index.get(collection, sorted(missing))
    return f"{building.name} lacks {len(lost)} of {len(sample)} sampled documents" if lost else ""


async def swap(index: Index, serving: Generation | None, building: Generation) -> None:
    """Let the build serve; keep the one that served until now, drop what is older. Raises IndexUnavailable."""
    await index.activate(building)
    kept = {building.name, serving.name if serving else ""}
    for generation in await index.generations(building.collection):
        if generation.name < building.name and generation.name not in kept:
            await index.drop(generation)
