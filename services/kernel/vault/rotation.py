"""Changing the master key: a new one into the ring, every data key wrapped anew, the old one out of the ring.

Each step stands by itself: whoever is killed between two, or within one, runs the same command again and it goes on from
where the ring and the databases say that it is. Services run on meanwhile: they read the ring again when it was replaced.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Final

from services.kernel.store.port import Store
from services.kernel.vault.datakeys import DataKeys
from services.kernel.vault.keyfile import RingFile, RingSource
from services.kernel.vault.suites import Suite

BATCH: Final = 500


class NotYet(Exception):
    """Old masters still wrap data keys, or the ring cannot be changed from here. The message says which."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A database and its data keys."""

    store: Store
    keys: DataKeys

    async def by_master(self) -> Mapping[int, int]:
        """Master version -> how many data keys it wraps."""
        async with self.store.read() as connection:
            return await self.keys.by_master(connection)


@dataclass(frozen=True, slots=True)
class Step:
    """What was just done for good: a master was `added`, or `rewrapped` so many keys of a `database`."""

    master: int
    database: str = ""
    rewrapped: int = 0


async def unfinished(source: RingSource, databases: Mapping[str, Sealed]) -> int:
    """How many data keys an older master than the current one wraps."""
    current = source.ring().current
    counts = [await database.by_master() for database in databases.values()]
    return sum(keys for count in counts for version, keys in count.items() if version != current)


async def rotate(source: RingSource, databases: Mapping[str, Sealed], suite: Suite) -> AsyncGenerator[Step, None]:
    """Go on with a rotation that was broken off, else begin one. A ring that is no file is given its new master by hand first.

    Raises NotYet when there is nothing to go on with and the ring cannot be changed from here.
    """
    if not await unfinished(source, databases):
        if not isinstance(source, RingFile):
            raise NotYet("the key ring is not a file: add a master to the setting first")
        source.replace(source.ring().with_new_master(suite))
        yield Step(source.ring().current)
    current = source.ring().current
    for name, database in databases.items():
        while True:
            async with database.store.write() as connection:
                rewrapped = await database.keys.rewrap(connection, BATCH)
            if not rewrapped:
                break
            yield Step(current, name, rewrapped)


async def retire(source: RingSource, databases: Mapping[str, Sealed]) -> int:
    """Take the older masters out of the ring; how many they were. Backups from before the rotation stay closed from then on.

    Raises NotYet.
    """
    if left := await unfinished(source, databases):
        raise NotYet(f"{left} data keys are still wrapped by an older master")
    if not isinstance(source, RingFile):
        raise NotYet("the key ring is not a file: take the older masters out of the setting")
    ring = source.ring()
    source.replace(ring.without_old_masters())
    return len(ring.masters) - 1
