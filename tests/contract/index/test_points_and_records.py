"""Distances, and nested records that are searched one by one."""

from datetime import date

import pytest

from services.kernel.index import (
    All,
    AnyOf,
    Document,
    Exists,
    FieldKind,
    Generation,
    Index,
    Match,
    Near,
    Nested,
    Not,
    Point,
    Query,
    Range,
    Schema,
    SearchRequest,
    Term,
    UnfitGeneration,
)
from tests.contract.index.people import KUNMING, SHANGHAI, ZHENXIONG, found, person, write_all

HEALTH = {"name": "健康证", "examined": False}
NANNY = {"name": "母婴护理员证", "level": 4, "expires": date(2027, 6, 30), "examined": True}
COOK = {"name": ["中式烹调师证", "厨师证"], "level": 3, "expires": date(2026, 1, 31)}
NOTHING: dict[str, object] = {"name": None, "level": []}

PEOPLE = (
    person("a", words="月嫂", home=SHANGHAI, papers=[HEALTH, NANNY]),
    person("b", words="月嫂", home=[KUNMING, ZHENXIONG], papers=COOK),
    person("c", words="月嫂", home=Point(25.049153, 102.724601), papers=[NOTHING, HEALTH]),  # 1.007 km east of KUNMING
    person("d", words="月嫂"),
)

CASES: list[tuple[Query, str]] = [
    (Near("home", SHANGHAI, 1), "a"),
    (Near("home", KUNMING, 1.006), "b"),
    (Near("home", KUNMING, 1.009), "bc"),
    (Near("home", KUNMING, 342), "bc"),
    (Near("home", Point(24.0, 102.714601), 116.0), ""),  # 116.663 km south
    (Near("home", Point(24.0, 102.714601), 116.7), "bc"),
    (Near("home", ZHENXIONG, 0.001), "b"),
    (Near("home", Point(-90, 0), 20_100), "abc"),
    (Exists("home"), "abc"),
    (Nested("papers", Term("name", ["健康证"])), "ac"),
    (Nested("papers", Term("name", ["厨师证"])), "b"),
    (Nested("papers", Term("name", ["证"])), ""),
    (Nested("papers", All([Term("name", ["母婴护理员证"]), Range("level", at_most=4)])), "a"),
    (Nested("papers", All([Term("name", ["健康证"]), Range("level", at_most=4)])), ""),  # of different papers
    (Nested("papers", Range("level", at_least=3)), "ab"),
    (Nested("papers", Range("level", at_least=4, at_most=3)), ""),
    (Nested("papers", Range("level")), "ab"),
    (Nested("papers", Term("level", [3, 5])), "b"),
    (Nested("papers", Range("expires", at_least=date(2026, 2, 1))), "a"),
    (Nested("papers", Range("expires", at_most=date(2026, 1, 31))), "b"),
    (Nested("papers", Term("examined", [False])), "ac"),
    (Nested("papers", Exists("expires")), "ab"),
    (Nested("papers", Not(Exists("expires"))), "ac"),
    (Nested("papers", All([Not(Term("name", ["健康证"])), Not(Exists("level"))])), "c"),
    (Nested("papers", AnyOf([Term("name", ["厨师证"]), Term("level", [4])])), "ab"),
    (Nested("papers", AnyOf([])), ""),
    (Nested("papers", All([])), "abc"),
    (Exists("papers"), "abc"),
    (All([Near("home", KUNMING, 100), Nested("papers", Range("level", at_most=3))]), "b"),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
async def test_a_filter_finds_what_fits_and_its_negation_the_rest(
    index: Index, generation: Generation, query: Query, expected: str
) -> None:
    await write_all(index, generation, PEOPLE)
    assert await found(index, query) == set(expected)
    assert await found(index, Not(query)) == set("abcd") - set(expected)


async def test_a_newer_version_takes_its_points_and_records_along(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    await write_all(index, generation, [person("a", 2, home=KUNMING, papers=[COOK]), Document("b", 2, tombstone=True)])
    assert await found(index, Near("home", SHANGHAI, 50)) == set()
    assert await found(index, Near("home", ZHENXIONG, 50)) == set()
    assert await found(index, Nested("papers", Term("name", ["母婴护理员证"]))) == set()
    assert await found(index, Nested("papers", Term("name", ["厨师证"]))) == {"a"}
    assert await index.count("people") == 3


async def test_records_neither_score_nor_weigh_in_scores(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [person("a", words="月嫂", papers=[HEALTH] * 50), person("b", words="保洁")])
    hits = await index.search("people", SearchRequest(match=Match({"words": 1.0}, {"月嫂": 1.0})))
    # idf of one in two documents: ln 2. The fifty records are no documents.
    assert {hit.id: hit.score for hit in hits.hits} == pytest.approx({"a": 0.693147}, abs=1e-5)
    fits = Nested("papers", Term("name", ["健康证"]))
    filtered = await index.search("people", SearchRequest(filter=fits, match=Match({"words": 1.0}, {"月嫂": 1.0})))
    assert filtered.hits == hits.hits


@pytest.mark.parametrize(
    "query",
    [
        Near("pay", KUNMING, 10),
        Near("home", KUNMING, 0),
        Near("home", KUNMING, float("nan")),
        Near("home", Point(91, 0), 10),
        Near("home", Point(0, float("nan")), 10),
        Term("home", ["25.0,102.7"]),
        Range("home", at_least=1),
        Nested("papers", Term("level", ["4"])),
        Nested("papers", Term("expires", ["2027-06-30"])),
        Nested("papers", Range("name", at_least=1)),
    ],
)
async def test_a_value_of_the_wrong_kind_is_an_error(index: Index, generation: Generation, query: Query) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(ValueError, match=r".+"):
        await index.search("people", SearchRequest(filter=query))


@pytest.mark.parametrize(
    "query",
    [
        Near("work", KUNMING, 10),
        Nested("home", Exists("name")),
        Nested("courses", Exists("name")),
        Nested("papers", Exists("issuer")),
        Nested("papers", Nested("papers", Exists("name"))),
        Nested("papers", Near("home", KUNMING, 10)),
        Exists("courses"),
    ],
)
async def test_a_field_that_the_build_lacks_is_an_error_not_an_empty_answer(
    index: Index, generation: Generation, query: Query
) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(UnfitGeneration):
        await index.search("people", SearchRequest(filter=query))


@pytest.mark.parametrize(
    "schema",
    [
        Schema("people", {}, "1", {"papers": {"words": FieldKind.TEXT}}),
        Schema("people", {}, "1", {"papers": {"home": FieldKind.POINT}}),
        Schema("people", {}, "1", {"papers": {"Name": FieldKind.KEYWORD}}),
        Schema("people", {"papers": FieldKind.KEYWORD}, "1", {"papers": {"name": FieldKind.KEYWORD}}),
    ],
)
async def test_a_schema_that_no_sibling_can_keep_is_refused(index: Index, schema: Schema) -> None:
    with pytest.raises(ValueError, match=r".+"):
        await index.create(schema)
