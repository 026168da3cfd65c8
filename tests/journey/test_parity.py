"""The same people and openings through both chains — embedded, and PostgreSQL → relay → Kafka → indexer → Elasticsearch →
matcher — come out in the same order."""

from pathlib import Path

import pytest

from services.cli.evaluation.collection import read_collection
from services.cli.evaluation.run import Direction, EvaluationFailed, Outcome, run
from tests.servers.databases import execute
from tests.servers.server import Server

COLLECTION = read_collection(Path(__file__).parents[1] / "data" / "judged_collection")
DIRECTIONS: tuple[Direction, ...] = ("candidates", "openings")
TOP = 10
DATABASES = {"YUNGONG_WORKERS_STORE_URL": "parity_workers", "YUNGONG_JOBS_STORE_URL": "parity_jobs"}


def _top(outcome: Outcome, direction: Direction, query: str) -> list[str]:
    scores = outcome.runs[direction, "parts"][query]
    return sorted(scores, key=lambda one: -scores[one])[:TOP]


def _same_positions(one: Outcome, other: Outcome, direction: Direction) -> tuple[int, int]:
    """How many of the first ten positions hold the same, of how many."""
    same = total = 0
    for query in one.runs[direction, "parts"]:
        here, there = _top(one, direction, query), _top(other, direction, query)
        total += max(len(here), len(there))
        same += sum(a == b for a, b in zip(here, there, strict=False))
    return same, total


@pytest.mark.real
@pytest.mark.timeout(300)
async def test_both_chains_rank_alike(
    postgres_server: Server, empty_kafka: Server, elasticsearch_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = postgres_server.url.rpartition("/")[0]
    for variable, database in DATABASES.items():
        await execute(postgres_server.url, f"CREATE DATABASE {database}")
        monkeypatch.setenv(variable, f"{base}/{database}")
    monkeypatch.setenv("YUNGONG_BUS_URL", empty_kafka.url)
    monkeypatch.setenv("YUNGONG_INDEX_URL", elasticsearch_server.url)

    real = await run(COLLECTION, lambda *_: None, "real")
    embedded = await run(COLLECTION, lambda *_: None, "embedded")

    for direction in DIRECTIONS:
        same, total = _same_positions(real, embedded, direction)
        assert total > 200
        assert same / total >= 0.99, f"{direction}: {same} of {total} positions are the same"


async def test_real_refuses_embedded_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUNGONG_BUS_URL", raising=False)
    with pytest.raises(EvaluationFailed, match="YUNGONG_BUS_URL"):
        await run(COLLECTION, lambda *_: None, "real")
