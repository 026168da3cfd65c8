"""Bulk requests: batches of bounded size, and what each item's answer means."""

from typing import Any

import pytest

from services.kernel.index import Document, WriteOutcome
from services.kernel.index.elastic_bulk import CHUNK_BYTES, CHUNK_ITEMS, GenerationMissing, Item, chunks, item, result


def _refused(status: int, reason: str = "why") -> dict[str, Any]:
    return {"_id": "a", "status": status, "error": {"type": "some_exception", "reason": reason}}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, WriteOutcome.DONE),
        (201, WriteOutcome.DONE),
        (409, WriteOutcome.STALE),
        (400, WriteOutcome.REFUSED),
        (413, WriteOutcome.REFUSED),
        (403, WriteOutcome.HOLD),
        (429, WriteOutcome.HOLD),
        (500, WriteOutcome.HOLD),
        (503, WriteOutcome.HOLD),
    ],
)
def test_an_answer_is_one_of_four_outcomes(status: int, outcome: WriteOutcome) -> None:
    found = result("a", _refused(status) if status > 299 else {"status": status})
    assert (found.id, found.outcome) == ("a", outcome)
    if outcome in {WriteOutcome.REFUSED, WriteOutcome.HOLD}:
        assert found.reason == f"{status} some_exception: why"


def test_a_generation_that_is_gone_is_not_the_documents_fault() -> None:
    with pytest.raises(GenerationMissing, match="some_exception"):
        result("a", _refused(404))


def test_reasons_do_not_quote_values() -> None:
    quoted = "failed to parse field [pay] of type [long]. Preview of field's value: 'Zhang San'"
    assert "Zhang San" not in result("a", _refused(400, quoted)).reason


def test_a_document_travels_under_its_own_version() -> None:
    lines = item(3, Document("a", 7), b"{}").lines
    assert lines == b'{"index":{"_id":"a","version":7,"version_type":"external"}}\n{}\n'


def test_batches_are_bounded_and_keep_the_order() -> None:
    many = [Item(place, str(place), b"x") for place in range(2 * CHUNK_ITEMS + 1)]
    assert [len(batch) for batch in chunks(many)] == [CHUNK_ITEMS, CHUNK_ITEMS, 1]
    assert [one for batch in chunks(many) for one in batch] == many
    large = [Item(place, str(place), b"x" * (CHUNK_BYTES // 2 + 1)) for place in range(3)]
    assert [len(batch) for batch in chunks(large)] == [1, 1, 1]
    assert list(chunks([])) == []
