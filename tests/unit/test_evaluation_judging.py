"""What the report says beside the figures: significance, folds, fairness, violations, worked out by hand."""

from datetime import date
from typing import Any

import pytest

from services.cli.evaluation import bounds, fairness, significance, worst
from services.cli.evaluation.collection import Collection


def test_a_difference_in_every_query_is_no_chance_and_none_is() -> None:
    queries = [f"q{number}" for number in range(20)]
    better = dict.fromkeys(queries, 0.9)
    assert significance.p_value(better, dict.fromkeys(queries, 0.5)) < 0.001
    assert significance.p_value(better, better) == 1.0
    mixed = {query: 0.5 + (0.1 if number % 2 else -0.1) for number, query in enumerate(queries)}
    assert significance.p_value(mixed, dict.fromkeys(queries, 0.5)) > 0.5


def test_folds_are_the_same_ones_every_time_and_hold_every_query_once() -> None:
    queries = [f"q{number}" for number in range(23)]
    dealt = significance.folds(queries)
    assert dealt == significance.folds(list(reversed(queries)))
    assert sorted(query for fold in dealt for query in fold) == sorted(queries)
    assert {len(fold) for fold in dealt} == {4, 5}


def test_a_list_that_mirrors_its_people_diverges_less_than_one_that_parts_them() -> None:
    mixed, parted = ["a", "b"] * 10, ["a"] * 10 + ["b"] * 10
    assert fairness.ndkl(["a"] * 5) == 0.0
    assert fairness.ndkl(mixed) < fairness.ndkl(parted)
    assert fairness.selection_ratio([parted], {"a", "b"}) == 0.0
    assert fairness.selection_ratio([mixed], {"a", "b"}) == 1.0
    assert fairness.selection_ratio([parted], {"a"}) == 1.0


def collection(**posting: Any) -> Collection:
    workers = [{"序号": "W1", "出生日期": "2009-05-01"}, {"序号": "W2", "出生日期": "1985-05-01"}]
    opening = {"岗位编号": "P1", "岗位名称": "小区保安", "有效期至": "2026-12-01"} | posting
    return Collection(date(2026, 11, 1), workers, [opening], {"P1": {"W2": 3}}, {})


@pytest.mark.parametrize(
    ("posting", "found"),
    [
        ({}, ["P1 W1 未到法定年龄"]),
        ({"岗位名称": "绿化工"}, []),
        ({"有效期至": "2026-10-31", "岗位名称": "绿化工"}, ["P1 W1 岗位已截止", "P1 W2 岗位已截止"]),
    ],
)
def test_violations_are_counted_from_the_records(posting: dict[str, str], found: list[str]) -> None:
    assert bounds.violations(collection(**posting), {"P1": {"W1": 2.0, "W2": 1.0}}, {}) == found
    assert bounds.violations(collection(**posting), {}, {"W1": {"P1": 1.0}, "W2": {"P1": 1.0}}) == found


async def test_the_worst_queries_tell_who_should_stand_higher_and_what_stands_against_them() -> None:
    grades = {"P1": {"W1": 3, "W2": 1}, "P2": {"W1": 3}}
    run = {"P1": {"W9": 3.0, "W2": 2.0, "W1": 1.0}, "P2": {"W1": 1.0}}

    async def explain(query: str, document: str) -> dict[str, Any]:
        return {"rank": 3, "exclusion": None, "gaps": [f"{query} {document}"]}

    found = await worst.worst(grades, run, explain)
    assert [one["query"] for one in found] == ["P1", "P2"]
    assert found[0]["misses"] == [
        {"document": "W1", "grade": 3, "rank": 3, "why": ["P1 W1"]},
        {"document": "W2", "grade": 1, "rank": 3, "why": ["P1 W2"]},
    ]
    assert found[1]["misses"] == []
