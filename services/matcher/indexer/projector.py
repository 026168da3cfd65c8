"""Event -> document. Pure: the same event gives the same document, whenever and wherever it is read."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from pydantic import ValidationError

from services.contracts.envelope import BadEnvelope, Envelope
from services.contracts.events import (
    POSTING_CHANGED,
    POSTING_GONE,
    WORKER_CHANGED,
    WORKER_GONE,
    PostingChanged,
    WorkerChanged,
)
from services.kernel.index import Document
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection, posting_document, worker_document

_Payload = TypeVar("_Payload", WorkerChanged, PostingChanged)
_Reader = Callable[[Envelope, Segmenter], Document]


class Poison(ValueError):
    """The record will never be a document. The message says why, in words that hold nobody's data."""


def project(collection: Collection, headers: Mapping[str, str], value: bytes | None, segmenter: Segmenter) -> Document:
    """The document, or tombstone, that a record on a collection's stream stands for. Raises Poison."""
    try:
        envelope = Envelope.parse(headers, value)
    except BadEnvelope as error:
        raise Poison(f"no event: {error}") from error
    reader = _READERS[collection].get(envelope.type)
    if reader is None:
        raise Poison(f"unknown type {envelope.type!r} on the stream of {collection}")
    document = reader(envelope, segmenter)
    if (document.id, document.version) != (envelope.subject, envelope.version):
        raise Poison(f"envelope and payload disagree on id or version (envelope: version {envelope.version})")
    return document


def _gone(envelope: Envelope, _segmenter: Segmenter) -> Document:
    return Document(envelope.subject, envelope.version, tombstone=True)


def _worker(envelope: Envelope, segmenter: Segmenter) -> Document:
    return worker_document(_payload(WorkerChanged, envelope), envelope.time, segmenter)


def _posting(envelope: Envelope, segmenter: Segmenter) -> Document:
    return posting_document(_payload(PostingChanged, envelope), envelope.time, segmenter)


def _payload(model: type[_Payload], envelope: Envelope) -> _Payload:
    try:
        return model.model_validate_json(envelope.data or b"")
    except ValidationError as error:
        found = [f"{'.'.join(map(str, problem['loc'])) or 'payload'}: {problem['type']}" for problem in error.errors()]
        # `from None`: pydantic's own message quotes the input, and this one goes to logs and dead letters.
        raise Poison(f"payload of {envelope.type}: {'; '.join(found)}") from None


_READERS: Final[Mapping[Collection, Mapping[str, _Reader]]] = {
    Collection.WORKERS: {WORKER_CHANGED: _worker, WORKER_GONE: _gone},
    Collection.POSTINGS: {POSTING_CHANGED: _posting, POSTING_GONE: _gone},
}
