"""Events are contracts with examples; every example is read by the model that names it, and holds nothing it must not."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from services.contracts import erasures, events, outcomes, topics
from services.contracts.envelope import BadEnvelope, Envelope

EXAMPLES = sorted((Path(events.__file__).parent / "examples").glob("*.json"))
MODELS: dict[str, type[BaseModel]] = {
    "worker_changed": events.WorkerChanged,
    "posting_changed": events.PostingChanged,
    "referral_outcome": outcomes.ReferralOutcome,
    "person_erased": erasures.PersonErased,
}
FORBIDDEN_FIELDS = {"name", "id_number", "phone", "sex", "gender", "ethnicity", "religion", "marital_status", "bank_card"}
IDENTIFIER = re.compile(r"\d{15,18}[\dXx]?|1[3-9]\d{9}")


def test_every_contract_has_an_example() -> None:
    assert {path.stem.split(".")[0] for path in EXAMPLES} == set(MODELS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_read_whole(path: Path) -> None:
    text = path.read_text("utf-8")
    model = MODELS[path.stem.split(".")[0]].model_validate_json(text)
    assert model.model_dump(mode="json") == json.loads(text)
    assert not IDENTIFIER.search(text)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_no_contract_carries_what_must_not_travel(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    fields = set(schema["properties"]) | {key for d in schema.get("$defs", {}).values() for key in d["properties"]}
    assert not fields & FORBIDDEN_FIELDS


def test_the_envelope_survives_its_headers() -> None:
    envelope = Envelope(
        id="e1",
        type=events.WORKER_CHANGED,
        source="/workers",
        subject="w_1",
        version=3,
        time=datetime(2026, 11, 1, tzinfo=UTC),
        data=b"{}",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    assert Envelope.parse(envelope.headers(), b"{}") == envelope


@pytest.mark.parametrize(
    "broken",
    [
        {"ce_specversion": "0.3"},
        {"ce_aggregateversion": "0"},
        {"ce_aggregateversion": "x"},
        {"ce_time": "yesterday"},
        {"ce_id": None},
    ],
)
def test_a_broken_envelope_is_named(broken: dict[str, str | None]) -> None:
    headers = Envelope("e", "t", "/s", "w", 1, datetime(2026, 11, 1, tzinfo=UTC), b"{}").headers()
    headers |= {key: value for key, value in broken.items() if value is not None}
    for key in (key for key, value in broken.items() if value is None):
        del headers[key]
    with pytest.raises(BadEnvelope):
        Envelope.parse(headers, b"{}")


def test_topic_names_are_unique_and_versioned() -> None:
    names = [topic.name for topic in topics.TOPICS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"yungong\.[a-z.-]+\.v\d+", name) for name in names)
