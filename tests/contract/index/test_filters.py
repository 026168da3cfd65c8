"""Filters of every kind, and their negations."""

from datetime import date

import pytest

from services.kernel.index import (
    All,
    AnyOf,
    Exists,
    Generation,
    Holds,
    Index,
    Not,
    Query,
    Range,
    SearchRequest,
    Term,
    UnfitGeneration,
)
from tests.contract.index.people import PEOPLE, found, write_all

CASES: list[tuple[Query, str]] = [
    (Term("places", ["310000"]), "a"),
    (Term("places", ["440100", "310115", "nowhere"]), "ab"),
    (Term("places", []), ""),
    (Term("visible", [True]), "ab"),
    (Term("visible", [False]), "c"),
    (Term("visible", [True, False]), "abc"),
    (Term("pay", [6000, 8000]), "ac"),
    (Range("pay", at_least=6000), "ac"),
    (Range("pay", at_most=4500), "bc"),
    (Range("pay", at_least=4500, at_most=4500), "b"),
    (Range("pay", at_least=5000, at_most=4000), ""),
    (Range("pay"), "abc"),
    (Range("born", at_least=date(1980, 1, 14)), "a"),
    (Range("born", at_most=date(1970, 10, 10)), "bd"),
    (Range("born", at_least=date(1601, 2, 3), at_most=date(1601, 2, 3)), "d"),
    (Range("born", at_least=date(1980, 1, 15)), ""),
    (Exists("places"), "ab"),
    (Exists("words"), "abc"),
    (Exists("wish"), "d"),
    (Exists("pay"), "abc"),
    (Exists("born"), "abd"),
    (Exists("visible"), "abc"),
    (All([Term("visible", [True]), Range("pay", at_least=5000)]), "a"),
    (All([]), "abcd"),
    (Holds("words", ["保洁", "夜班"]), "bc"),
    (Holds("words", ["保洁 擦", "洁", ""]), ""),
    (All([Holds("words", ["月嫂", "保洁"]), Not(Holds("words", ["擦"]))]), "a"),
    (AnyOf([Term("visible", [False]), Range("pay", at_least=8000)]), "ac"),
    (AnyOf([]), ""),
    (All([Not(Term("visible", [True])), AnyOf([Exists("born"), Term("pay", [4000])])]), "cd"),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
async def test_a_filter_finds_what_fits_and_its_negation_the_rest(
    index: Index, generation: Generation, query: Query, expected: str
) -> None:
    await write_all(index, generation, PEOPLE)
    assert await found(index, query) == set(expected)
    assert await found(index, Not(query)) == set("abcd") - set(expected)
    assert await found(index, Not(Not(query))) == set(expected)


@pytest.mark.parametrize(
    "query",
    [
        Term("pay", ["many"]),
        Term("visible", ["true"]),
        Term("places", [310000]),
        Term("words", ["月嫂"]),
        Holds("places", ["310000"]),
        Range("places", at_least=1),
        Range("pay", at_least=date(1980, 1, 1)),
        Range("born", at_most=1980),
    ],
)
async def test_a_value_of_the_wrong_kind_is_an_error(index: Index, generation: Generation, query: Query) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(ValueError, match=r".+"):
        await index.search("people", SearchRequest(filter=query))


@pytest.mark.parametrize(
    "query", [Term("height", ["180"]), Holds("height", ["高"]), Range("height", at_least=1), Not(Exists("height"))]
)
async def test_a_field_that_the_build_lacks_is_an_error_not_an_empty_answer(
    index: Index, generation: Generation, query: Query
) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(UnfitGeneration, match="height"):
        await index.search("people", SearchRequest(filter=query))


async def test_codes_are_whole_and_text_is_never_parsed(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    assert await found(index, Term("places", ["3101"])) == set()
    assert await found(index, Term("places", ["310115 310000"])) == set()
    assert await found(index, Term("places", ["places:* OR 440100"])) == set()
