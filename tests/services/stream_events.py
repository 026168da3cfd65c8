"""Records as the workers and jobs services publish them, made from the contracts' own examples."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.events import (
    POSTING_CHANGED,
    POSTING_GONE,
    WORKER_CHANGED,
    WORKER_GONE,
    PostingChanged,
    WorkerChanged,
)
from services.contracts.topics import JOB_POSTINGS, WORKER_PROFILES
from services.kernel.bus import Record

TIME = datetime(2026, 11, 1, 4, tzinfo=UTC)


def _example(name: str) -> dict[str, Any]:
    text = files("services.contracts").joinpath("examples", f"{name}.v1.json").read_text("utf-8")
    example: dict[str, Any] = json.loads(text)
    return example


def worker(id_: str, version: int = 1, **changes: Any) -> WorkerChanged:
    """The example's worker under another id; `words` replaces single words, and then nothing stated stands above them."""
    example = _example("worker_changed")
    if "words" in changes:
        example["stated"] = {}
    words = example["words"] | changes.pop("words", {})
    return WorkerChanged.model_validate(example | changes | {"worker_id": id_, "version": version, "words": words})


def posting(id_: str, version: int = 1, **changes: Any) -> PostingChanged:
    """The example's posting under another id; `words` replaces single words."""
    example = _example("posting_changed")
    words = example["words"] | changes.pop("words", {})
    return PostingChanged.model_validate(example | changes | {"posting_id": id_, "version": version, "words": words})


def envelope(subject: str, version: int, type_: str, data: bytes | None) -> Envelope:
    return Envelope(f"evt_{subject}_{version}", type_, "/tests", subject, version, TIME, data)


def worker_changed(id_: str, version: int = 1, **changes: Any) -> Record:
    value = worker(id_, version, **changes).model_dump_json().encode()
    return Record(WORKER_PROFILES, id_, value, envelope(id_, version, WORKER_CHANGED, value).headers())


def worker_gone(id_: str, version: int) -> Record:
    return Record(WORKER_PROFILES, id_, None, envelope(id_, version, WORKER_GONE, None).headers())


def posting_changed(id_: str, version: int = 1, **changes: Any) -> Record:
    value = posting(id_, version, **changes).model_dump_json().encode()
    return Record(JOB_POSTINGS, id_, value, envelope(id_, version, POSTING_CHANGED, value).headers())


def posting_gone(id_: str, version: int) -> Record:
    return Record(JOB_POSTINGS, id_, None, envelope(id_, version, POSTING_GONE, None).headers())
