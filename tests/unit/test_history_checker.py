"""The judge of journeys finds what each layer may lose, invent or keep back."""

from dataclasses import replace

import pytest

from services.kernel.index import Document, Hit
from tests.history.checker import violations
from tests.history.layers import Layers
from tests.history.operations import Operation, Outcome

OPERATIONS = [
    Operation("registered", "w_1", 1, outcome=Outcome.OK),
    Operation("amended", "w_1", 2, outcome=Outcome.OK),
    Operation("amended", "w_1", outcome=Outcome.FAILED),
    Operation("registered", "w_2", 1, outcome=Outcome.OK),
    Operation("withdrawn", "w_2", 2, gone=True, outcome=Outcome.OK),
]
WELL = Layers(
    rows={"w_1": Document("w_1", 2, {}, {"profile": 2}), "w_2": Document("w_2", 2, tombstone=True)},
    outbox=frozenset({("w_1", 1), ("w_1", 2), ("w_2", 2)}),  # the rest was purged
    topic=[("w_1", 1), ("w_2", 1), ("w_1", 2), ("w_1", 1), ("w_1", 2), ("w_2", 2)],  # a batch was sent twice
    index={"w_1": Hit("w_1", 2, 0.0, {"profile": 2, "updated": "then"})},
)


def test_nothing_is_wrong_where_nothing_is_wrong() -> None:
    assert violations(OPERATIONS, WELL) == []


def test_what_is_unknown_may_have_been_done_or_not() -> None:
    unknown = [*OPERATIONS, Operation("amended", "w_1", outcome=Outcome.UNKNOWN)]
    assert violations(unknown, WELL) == []
    done = replace(
        WELL,
        rows={**WELL.rows, "w_1": Document("w_1", 3, {}, {"profile": 2})},
        topic=[*WELL.topic, ("w_1", 3)],
        index={"w_1": Hit("w_1", 3, 0.0, {"profile": 2})},
    )
    assert violations(unknown, done) == []
    assert violations(OPERATIONS, done) == ["database: w_1 is at version 3, and nobody asked for more than 2"]


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (replace(WELL, rows={"w_2": WELL.rows["w_2"]}), "database: w_1 was acknowledged at version 2 and is not there"),
        (
            replace(WELL, rows={**WELL.rows, "w_1": Document("w_1", 1)}),
            "database: w_1 was acknowledged at version 2 and is at 1",
        ),
        (replace(WELL, rows={**WELL.rows, "w_2": Document("w_2", 2)}), "database: w_2 at version 2 is there"),
        (
            replace(WELL, rows={**WELL.rows, "w_9": Document("w_9", 1)}),
            "database: 1 records that nobody asked for, w_9 among them",
        ),
        (
            replace(WELL, outbox=frozenset(), topic=[("w_1", 1), ("w_2", 2)]),
            "outbox: w_1 is at version 2, which was never told",
        ),
        (
            replace(WELL, topic=[("w_1", 1), ("w_2", 2)]),
            "topic: w_1 at version 2 is marked as published and is not there",
        ),
        (
            replace(WELL, topic=[*WELL.topic, ("w_1", 1)]),
            "topic: the last record of w_1 is version 1: compaction would lose 2",
        ),
        (replace(WELL, lag=3), "index: 0 changes wait to be published and 3 to be indexed"),
        (replace(WELL, unpublished=frozenset({("w_1", 2)})), "index: 1 changes wait to be published and 0 to be indexed"),
        (replace(WELL, dead=frozenset({("w_1", 2)})), "dead letters: w_1 at version 2"),
        (replace(WELL, index={}), "index: w_1 at version 2 is not found"),
        (
            replace(WELL, index={"w_1": Hit("w_1", 1, 0.0, {"profile": 1})}),
            "index: w_1 is at version 2 and found at 1",
        ),
        (
            replace(WELL, index={"w_1": Hit("w_1", 2, 0.0, {"profile": 1})}),
            "index: w_1 at version 2 is found otherwise than its row: profile",
        ),
        (
            replace(WELL, index={**WELL.index, "w_2": Hit("w_2", 1, 0.0, {})}),
            "index: w_2 is gone at version 2 and still found at 1",
        ),
    ],
)
def test_each_layer_is_named_for_what_it_did(layers: Layers, said: str) -> None:
    assert said in violations(OPERATIONS, layers)
