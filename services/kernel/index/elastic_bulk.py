"""Bulk requests: what goes into one, and what each item's answer means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.kernel.index.port import Document, WriteOutcome, WriteResult

CHUNK_BYTES: Final = 4_000_000
CHUNK_ITEMS: Final = 1_000

_CONFLICT: Final = 409
_OVERLOADED: Final = 429
_BLOCKED: Final = 403
_MISSING: Final = 404
_OUR_SIDE: Final = range(400, 500)
_WRITTEN: Final = range(200, 300)


class GenerationMissing(Exception):
    """The index that was written to does not exist any more."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document on its way: its `place` among those to be written, and its two lines."""

    place: int
    id: str
    lines: bytes


def item(place: int, document: Document, body: bytes) -> Item:
    """The document under its aggregate's version: Elasticsearch refuses what is not newer."""
    action = {"index": {"_id": document.id, "version": document.version, "version_type": "external"}}
    return Item(place, document.id, orjson.dumps(action) + b"\n" + body + b"\n")


def chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Batches of bounded number and size (a single document may be larger)."""
    batch: list[Item] = []
    size = 0
    for one in items:
        if batch and (len(batch) >= CHUNK_ITEMS or size + len(one.lines) > CHUNK_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.lines)
    if batch:
        yield batch


def result(id_: str, answer: Mapping[str, Any]) -> WriteResult:
    """What Elasticsearch said of one item. Raises GenerationMissing."""
    status = answer["status"]
    if status in _WRITTEN:
        return WriteResult(id_, WriteOutcome.DONE)
    if status == _CONFLICT:
        return WriteResult(id_, WriteOutcome.STALE)
    if status == _MISSING:
        raise GenerationMissing(_reason(answer))
    refused = status in _OUR_SIDE and status not in {_OVERLOADED, _BLOCKED}
    return WriteResult(id_, WriteOutcome.REFUSED if refused else WriteOutcome.HOLD, _reason(answer))


def _reason(answer: Mapping[str, Any]) -> str:
    error = answer.get("error", {})
    # Elasticsearch quotes the value that it cannot read; reasons go to logs and dead letters, values do not.
    return f"{answer['status']} {error.get('type', '')}: {error.get('reason', '').split(' Preview of', 1)[0]}"
