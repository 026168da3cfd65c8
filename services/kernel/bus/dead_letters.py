"""What could not be handled, put aside with its origin and the reason, to be looked at and replayed.

A dead letter is a record of contracts.topics.DEAD_LETTERS, keyed by group and origin, so that the same failure is kept once
however often it is delivered. Replaying one leaves a tombstone at its key.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.contracts.topics import DEAD_LETTERS, TOPICS, Topic
from services.kernel.bus.port import Bus, Message, Record
from services.kernel.clock import Clock, SystemClock

_BY_NAME = {topic.name: topic for topic in TOPICS}


class Letter(BaseModel):
    """One dead letter: the message as it was, who could not handle it, when and why."""

    model_config = ConfigDict(frozen=True)

    group: str
    topic: str
    partition: int
    offset: int
    key: str
    reason: str
    at: datetime
    headers: Mapping[str, str]
    value_base64: str | None

    @property
    def id(self) -> str:
        """Its key on the dead letters' topic."""
        return f"{self.group}/{self.topic}/{self.partition}/{self.offset}"

    @property
    def value(self) -> bytes | None:
        """The message's value; None for a tombstone."""
        return None if self.value_base64 is None else base64.b64decode(self.value_base64)

    @classmethod
    def of(cls, message: Message, group: str, reason: str, at: datetime) -> Self:
        return cls(
            group=group,
            topic=message.partition.topic,
            partition=message.partition.number,
            offset=message.offset,
            key=message.key,
            reason=_printable(reason),
            at=at,
            headers=message.headers,
            value_base64=None if message.value is None else base64.b64encode(message.value).decode("ascii"),
        )


def _printable(reason: str) -> str:
    # A reason may quote what is wrong, lone surrogates too, and must never be poison itself.
    return reason.encode("utf-8", "backslashreplace").decode("utf-8")[:2000]


class Replay(StrEnum):
    """What became of a letter that was to be replayed."""

    REPLAYED = "replayed"
    SUPERSEDED = "superseded"  # a newer record of its key exists: replaying the older one would hide it from later readers
    UNKNOWN = "unknown"  # no such letter, or it was replayed before
    FAILED = "failed"  # the bus did not acknowledge: nothing was lost, try again


class DeadLetters:
    """The dead letters on one bus."""

    def __init__(self, bus: Bus, clock: Clock | None = None) -> None:
        self._bus = bus
        self._clock = clock or SystemClock()

    async def put(self, message: Message, group: str, reason: str) -> bool:
        """Keep a message that `group` cannot handle. True: it is durable. Never raises for the bus's own trouble."""
        letter = Letter.of(message, group, reason, self._clock.now())
        return await self._published(Record(DEAD_LETTERS, letter.id, letter.model_dump_json().encode()))

    async def list(self) -> Sequence[Letter]:
        """All that wait, oldest first. Raises BusUnavailable."""
        letters: dict[str, Letter] = {}
        async for message in self._bus.snapshot([DEAD_LETTERS]):
            letters.pop(message.key, None)
            if message.value is not None:
                letters[message.key] = Letter.model_validate_json(message.value)
        return list(letters.values())

    async def show(self, letter_id: str) -> Letter | None:
        """The letter of that id, None when there is none. Raises BusUnavailable."""
        return next((letter for letter in await self.list() if letter.id == letter_id), None)

    async def replay(self, ids: Iterable[str]) -> Mapping[str, Replay]:
        """Publish the letters' messages again where they came from; what became of each. Raises BusUnavailable.

        Every group of that topic sees the message again, which costs nothing: readers go by version.
        """
        waiting = {letter.id: letter for letter in await self.list()}
        wanted = list(dict.fromkeys(ids))
        newest = await self._newest([waiting[wish] for wish in wanted if wish in waiting])
        return {wish: await self._replay(waiting[wish], newest) if wish in waiting else Replay.UNKNOWN for wish in wanted}

    async def _newest(self, letters: Sequence[Letter]) -> Mapping[tuple[str, str], int]:
        """(topic, key) → offset of the newest record."""
        topics = [_topic(name) for name in sorted({letter.topic for letter in letters})]
        keys = {(letter.topic, letter.key) for letter in letters}
        offsets: dict[tuple[str, str], int] = {}
        if topics:
            async for message in self._bus.snapshot(topics):
                place = (message.partition.topic, message.key)
                if place in keys:
                    offsets[place] = message.offset
        return offsets

    async def _replay(self, letter: Letter, newest: Mapping[tuple[str, str], int]) -> Replay:
        outcome = Replay.SUPERSEDED
        if newest.get((letter.topic, letter.key), -1) <= letter.offset:
            outcome = Replay.REPLAYED
            again = Record(_topic(letter.topic), letter.key, letter.value, letter.headers)
            if not await self._published(again):
                return Replay.FAILED
        return outcome if await self._published(Record(DEAD_LETTERS, letter.id, None)) else Replay.FAILED

    async def _published(self, record: Record) -> bool:
        (arrived,) = await self._bus.publish([record])
        return arrived


def _topic(name: str) -> Topic:
    return _BY_NAME.get(name) or Topic(name, partitions=1)
