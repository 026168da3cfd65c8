"""The streams between services: one place that names them.

Every topic is compacted and keyed by aggregate id, so that the last record of a key is the present state of one aggregate
and a new reader can rebuild everything by reading from the start.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """A stream: `name` on the bus, `partitions` it is created with (order holds within a key, hence within a partition)."""

    name: str
    partitions: int


WORKER_PROFILES: Final = Topic("yungong.workers.profiles.v1", partitions=6)
JOB_POSTINGS: Final = Topic("yungong.jobs.postings.v1", partitions=6)
ERASURES: Final = Topic("yungong.workers.erasures.v1", partitions=1)
DEAD_LETTERS: Final = Topic("yungong.dead-letters.v1", partitions=1)

TOPICS: Final = (WORKER_PROFILES, JOB_POSTINGS, ERASURES, DEAD_LETTERS)
