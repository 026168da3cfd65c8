"""The bus: durable, ordered per key, replayable streams. Siblings: the embedded log (embedded.py) and Kafka (kafka.py).

Law that both keep, tested by tests/contract/test_bus.py:

* A record that `publish` reported True for survives a kill -9 of every process and is delivered to every group.
* Records of one key are delivered in the order they were appended. Between keys there is no order.
* Delivery is at least once: what was polled and not committed is delivered again to the next subscriber of the group.
* A group that never committed starts at the earliest record.
* Topics are compacted: an older record of a key may vanish once a newer one of the same key exists; the newest never does,
  be it a tombstone.
* `publish`, `subscribe` and `snapshot` create the topics that do not exist yet; `ensure` does it ahead of them.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from services.contracts.topics import Topic


class BusUnavailable(Exception):
    """The bus cannot be reached or did not answer in time. Nothing is known of what was under way; try again later."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is published. `value` None is a tombstone: the key is gone."""

    topic: Topic
    key: str
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One ordered part of a topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Message:
    """What is delivered: a record and where it stands. `timestamp_ms` is the time of append, milliseconds since 1970 UTC."""

    partition: Partition
    offset: int
    key: str
    value: bytes | None
    headers: Mapping[str, str]
    timestamp_ms: int


class Subscription(Protocol):
    """One member of a consumer group. Not for use by two tasks at once."""

    async def poll(self, max_records: int, timeout_s: float) -> Mapping[Partition, Sequence[Message]]:
        """Up to `max_records` messages after the position, at once when there are any, else what came within `timeout_s`
        (possibly nothing). Advances the position in memory only. Raises BusUnavailable."""
        ...

    async def commit(self, next_offsets: Mapping[Partition, int]) -> None:
        """Keep, for the group, the offset of the next message to deliver, per partition. Partitions that were meanwhile given
        to another member are passed over silently: that member will deliver again. Raises BusUnavailable."""
        ...

    async def rewind(self, partition: Partition, offset: int) -> None:
        """Poll from `offset` again (a message on hold). Partitions given to another member are passed over silently."""
        ...

    async def lag(self) -> Mapping[Partition, int]:
        """Messages after the committed position, per partition assigned to this member. Like Bus.lag, it counts offsets:
        what compaction took away counts until it is passed. Raises BusUnavailable."""
        ...


class Bus(Protocol):
    """Where services meet. See the module's law."""

    async def ensure(self, topics: Sequence[Topic]) -> None:
        """Create the topics that do not exist yet (compacted). Raises BusUnavailable."""
        ...

    async def publish(self, records: Sequence[Record]) -> Sequence[bool]:
        """Append the records, several in flight. True at i: record i is durable. False: refused or unknown (it may have been
        appended), send it and everything after it of its key again. Never raises for the bus's own trouble."""
        ...

    def subscribe(self, topics: Sequence[Topic], group: str) -> AbstractAsyncContextManager[Subscription]:
        """Join `group`; leaving the context leaves the group without committing."""
        ...

    async def lag(self, topics: Sequence[Topic], group: str) -> Mapping[str, int]:
        """Messages after the group's committed position, per topic name, asked without joining. Raises BusUnavailable."""
        ...

    async def positions(self, topics: Sequence[Topic], group: str) -> Mapping[Partition, int]:
        """The group's committed position (offset of the next message) in every partition, asked without joining; 0 where it
        never committed. Raises BusUnavailable."""
        ...

    def snapshot(self, topics: Sequence[Topic]) -> AsyncIterator[Message]:
        """Every record from the earliest to the last at the time of asking, without a group: in order per key, no order
        between keys. Raises BusUnavailable."""
        ...

    async def close(self) -> None: ...
