"""The embedded log on disk: one SQLite file, no asyncio. A LogFile is one connection, for one thread at a time.

The file may be open in several processes (the server, and a command line beside it).
"""

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, Self

from services.contracts.topics import Topic
from services.kernel.bus.port import Message, Partition, Record

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS partition (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL, next_offset INTEGER NOT NULL, UNIQUE (topic, number)
);
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY, partition_id INTEGER NOT NULL, offset INTEGER NOT NULL, key TEXT NOT NULL, value BLOB,
    headers TEXT NOT NULL, timestamp_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS record_by_offset ON record (partition_id, offset);
CREATE INDEX IF NOT EXISTS record_by_key ON record (partition_id, key, offset);
CREATE TABLE IF NOT EXISTS position (
    consumers TEXT NOT NULL, partition_id INTEGER NOT NULL, next_offset INTEGER NOT NULL, PRIMARY KEY (consumers, partition_id)
) WITHOUT ROWID;
"""
_WAL_ATTEMPTS: Final = 100
_WAL_PAUSE_S: Final = 0.02
_COMPACT_SLICE: Final = """
DELETE FROM record WHERE id > :after AND id <= :upto AND timestamp_ms < :before AND EXISTS (
    SELECT 1 FROM record AS newer
    WHERE newer.partition_id = record.partition_id AND newer.key = record.key AND newer.offset > record.offset
)
"""


def partition_number(key: str, partitions: int) -> int:
    """Which partition a key belongs to: the same for ever, in every process."""
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) % partitions


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for others here, whatever the time-out: two that open a new file together would collide.
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == _WAL_ATTEMPTS - 1:
                raise
            time.sleep(_WAL_PAUSE_S)
        else:
            return


class LogFile:
    """Every method is one transaction. Raises sqlite3.Error as it comes; embedded.py knows what it means."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[Partition, int] = {}
        self._sizes: dict[str, int] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open, and create where missing."""
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous = FULL")
            # What compaction removes of an erased person is overwritten, not only unlinked.
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        self._connection.close()

    def ensure(self, topics: Iterable[Topic]) -> None:
        """Create the topics that are missing. One that exists keeps the number of partitions it was created with."""
        missing = [topic for topic in topics if topic.name not in self._sizes and not self._known(topic.name)]
        if not missing:
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for topic in missing:
                if not self._known(topic.name):
                    self._connection.executemany(
                        "INSERT INTO partition (topic, number, next_offset) VALUES (?, ?, 0)",
                        [(topic.name, number) for number in range(topic.partitions)],
                    )
        for topic in missing:
            self._known(topic.name)

    def _known(self, topic: str) -> bool:
        found = self._connection.execute("SELECT id, number FROM partition WHERE topic = ?", (topic,)).fetchall()
        if found:
            self._ids.update({Partition(topic, number): identity for identity, number in found})
            self._sizes[topic] = len(found)
        return bool(found)

    def partitions(self, topics: Iterable[str]) -> list[Partition]:
        """The partitions of topics that exist, in order."""
        return [Partition(topic, number) for topic in sorted(set(topics)) for number in range(self._sizes[topic])]

    def append(self, records: Sequence[Record], timestamp_ms: int) -> None:
        """Append all or nothing; durable when it returns."""
        self.ensure({record.topic for record in records})
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            ends: dict[int, int] = {}
            rows = []
            for record in records:
                identity = self._home(record)
                offset = ends[identity] if identity in ends else self._end(identity)
                ends[identity] = offset + 1
                headers = json.dumps(dict(record.headers))
                rows.append((identity, offset, record.key, record.value, headers, timestamp_ms))
            self._connection.executemany(
                "INSERT INTO record (partition_id, offset, key, value, headers, timestamp_ms) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            self._connection.executemany(
                "UPDATE partition SET next_offset = ? WHERE id = ?", [(end, identity) for identity, end in ends.items()]
            )

    def _home(self, record: Record) -> int:
        name = record.topic.name
        return self._ids[Partition(name, partition_number(record.key, self._sizes[name]))]

    def _end(self, identity: int) -> int:
        found = self._connection.execute("SELECT next_offset FROM partition WHERE id = ?", (identity,)).fetchone()
        return int(found[0])

    def read(self, positions: Mapping[Partition, int], limit: int) -> dict[Partition, list[Message]]:
        """Up to `limit` messages from those positions on, partitions in the order given; empty ones are left out."""
        batches: dict[Partition, list[Message]] = {}
        left = limit
        for partition, offset in positions.items():
            if left <= 0:
                break
            rows = self._connection.execute(
                "SELECT offset, key, value, headers, timestamp_ms FROM record"
                " WHERE partition_id = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (self._ids[partition], offset, left),
            ).fetchall()
            if rows:
                batches[partition] = [
                    Message(partition, place, key, value, json.loads(headers), stamp)
                    for place, key, value, headers, stamp in rows
                ]
                left -= len(rows)
        return batches

    def positions(self, group: str, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The group's committed position per partition; 0, the earliest, where it never committed."""
        kept = dict(
            self._connection.execute("SELECT partition_id, next_offset FROM position WHERE consumers = ?", (group,)).fetchall()
        )
        return {partition: kept.get(self._ids[partition], 0) for partition in partitions}

    def commit(self, group: str, next_offsets: Mapping[Partition, int]) -> None:
        """Keep the group's positions."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO position (consumers, partition_id, next_offset) VALUES (?, ?, ?)"
                " ON CONFLICT (consumers, partition_id) DO UPDATE SET next_offset = excluded.next_offset",
                [(group, self._ids[partition], offset) for partition, offset in next_offsets.items()],
            )

    def ends(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The offset that the next record of each partition will have."""
        return {partition: self._end(self._ids[partition]) for partition in partitions}

    def compact(self, after: int, count: int, before_ms: int) -> int | None:
        """Remove what is superseded and was appended before `before_ms`, among `count` records after record id `after`.

        Returns where to go on, None at the end: short transactions, so that publishing never waits long.
        """
        with closing(self._connection.execute("SELECT max(id) FROM record")) as cursor:
            last = cursor.fetchone()[0] or 0
        if after >= last:
            return None
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(_COMPACT_SLICE, {"after": after, "upto": after + count, "before": before_ms})
        return after + count
