"""Boosts, orders, pages that follow one another, facets and sums: alike on both siblings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.kernel.index import (
    Bands,
    Boost,
    Document,
    Generation,
    Hit,
    Index,
    Match,
    Position,
    Range,
    SearchRequest,
    Sort,
    Term,
    UnfitGeneration,
    Values,
)
from tests.contract.index.people import PEOPLE, person, write_all

TOWNS = ("440100", "310000", "530100")


def crowd(many: int = 230) -> list[Document]:
    """Many people with few distinct scores, pays and birthdays; some hold neither."""
    return [
        person(
            f"w{place:03d}",
            words="保洁" if place % 3 else "保安 保洁",
            places=[TOWNS[place % 3], TOWNS[place % 3], "000000"],
            pay=3000 + place % 4 * 500 if place % 5 else None,
            born=date(1980, 1, 1) + timedelta(days=place % 7) if place % 4 else None,
            visible=place % 2 == 0,
        )
        for place in range(many)
    ]


async def pages(index: Index, request: SearchRequest) -> list[Hit]:
    """Every hit, page after page."""
    found: list[Hit] = []
    while True:
        page = (await index.search("people", request)).hits
        found += page
        if len(page) < request.size:
            return found
        request = replace(request, after=page[-1].position)


ORDERS: list[SearchRequest] = [
    SearchRequest(),
    SearchRequest(match=Match({"words": 1.0}, {"保安": 1.0})),
    SearchRequest(match=Match({"words": 1.0}, {"保安": 1.0}), require_match=False),
    SearchRequest(boosts=[Boost(Term("places", [TOWNS[1]]), 2.0), Boost(Range("pay", at_least=4000), 0.5)]),
    SearchRequest(
        match=Match({"words": 1.0}, {"保洁": 1.0}), boosts=[Boost(Term("visible", [True]), 4.0)], require_match=False
    ),
    SearchRequest(sort=Sort("pay")),
    SearchRequest(sort=Sort("pay", descending=True)),
    SearchRequest(sort=Sort("born")),
    SearchRequest(sort=Sort("born", descending=True), match=Match({"words": 1.0}, {"保安": 1.0})),
]


@pytest.mark.parametrize("request_", ORDERS)
async def test_pages_follow_one_another_in_one_order(index: Index, generation: Generation, request_: SearchRequest) -> None:
    await write_all(index, generation, crowd())
    whole = await index.search("people", replace(request_, size=1000))
    assert len(whole.hits) == whole.total > 60
    for size in (7, 60):
        found = await pages(index, replace(request_, size=size))
        assert [hit.id for hit in found] == [hit.id for hit in whole.hits]
        assert [hit.position for hit in found] == [hit.position for hit in whole.hits]


def _keys(hits: Sequence[Hit]) -> list[object]:
    return [hit.position.key for hit in hits if hit.position is not None]


async def test_a_sort_puts_who_has_no_value_last_either_way(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE[:2] + PEOPLE[3:])
    up = (await index.search("people", SearchRequest(sort=Sort("born")))).hits
    assert [(hit.id, hit.score) for hit in up] == [("d", 0.0), ("b", 0.0), ("a", 0.0)]
    assert _keys(up) == [date(1601, 2, 3), date(1970, 10, 10), date(1980, 1, 14)]
    for descending, order in ((False, "bad"), (True, "abd")):
        hits = (await index.search("people", SearchRequest(sort=Sort("pay", descending=descending)))).hits
        assert "".join(hit.id for hit in hits) == order
    assert _keys(hits) == [8000, 4500, None]


async def test_a_page_goes_on_where_the_last_ended_though_documents_came_and_went(index: Index, generation: Generation) -> None:
    await write_all(index, generation, crowd(40))
    request = SearchRequest(sort=Sort("pay"), size=10)
    first = (await index.search("people", request)).hits
    shown = {hit.id for hit in first}
    gone = [Document(first[-1].id, 2, tombstone=True), Document(first[0].id, 2, tombstone=True)]
    await write_all(index, generation, [*gone, person("a_new", pay=1)])
    rest = await pages(index, replace(request, after=first[-1].position))
    assert {hit.id for hit in rest} == {document.id for document in crowd(40)} - shown


async def test_boosts_add_to_the_score_and_leave_nobody_out(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    boosts = [Boost(Term("visible", [True]), 2.0), Boost(Range("pay", at_least=5000), 0.25)]
    hits = (await index.search("people", SearchRequest(boosts=boosts))).hits
    assert [(hit.id, hit.score) for hit in hits] == [("a", 2.25), ("b", 2.0), ("c", 0.25), ("d", 0.0)]
    words = Match({"words": 1.0}, {"保洁": 1.0})
    plain = (await index.search("people", SearchRequest(match=words))).hits[0].score
    both = (await index.search("people", SearchRequest(match=words, boosts=boosts))).hits
    assert [hit.id for hit in both] == ["b"], "the words are still required"
    assert both[0].score == pytest.approx(plain + 2.0)


async def test_facets_and_sums_count_every_hit_once(index: Index, generation: Generation) -> None:
    await write_all(index, generation, crowd())
    held = [document for document in crowd() if "保安" in document.fields["words"]]
    request = SearchRequest(
        match=Match({"words": 1.0}, {"保安": 1.0}),
        size=3,
        facets={
            "towns": Values("places"),
            "two": Values("places", most=2),
            "pay": Bands({"≤3500": Range("pay", at_most=3500), "≥4000": Range("pay", at_least=4000)}),
        },
        sums=["pay"],
    )
    first = await index.search("people", request)
    second = await index.search("people", replace(request, after=first.hits[-1].position))
    pays = [document.fields["pay"] or 0 for document in held]
    for page in (first, second):
        assert page.total == len(held)
        assert page.facets["towns"] == {"000000": len(held), TOWNS[0]: len(held)}
        assert list(page.facets["two"]) == ["000000", TOWNS[0]], "equal counts in order of the value"
        assert page.facets["pay"] == {"≤3500": sum(0 < pay <= 3500 for pay in pays), "≥4000": sum(pay >= 4000 for pay in pays)}
        assert page.sums == {"pay": sum(pays)}
    nothing = await index.search("people", replace(request, filter=Term("visible", [])))
    assert (nothing.total, nothing.sums, nothing.facets["towns"]) == (0, {"pay": 0}, {})


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(sort=Sort("places")),
        SearchRequest(sort=Sort("visible")),
        SearchRequest(facets={"a": Values("words")}),
        SearchRequest(facets={"a": Bands({"b": Range("places", at_least=1)})}),
        SearchRequest(sums=["born"]),
        SearchRequest(boosts=[Boost(Term("visible", [True]), 0.0)]),
    ],
)
async def test_what_a_field_cannot_do_is_an_error(index: Index, generation: Generation, request_: SearchRequest) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(ValueError, match=r".+"):
        await index.search("people", request_)


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(sort=Sort("height")),
        SearchRequest(facets={"a": Values("height")}),
        SearchRequest(sums=["height"]),
        SearchRequest(boosts=[Boost(Term("height", ["1"]), 1.0)]),
    ],
)
async def test_a_field_that_the_build_lacks_is_told(index: Index, generation: Generation, request_: SearchRequest) -> None:
    await write_all(index, generation, PEOPLE)
    with pytest.raises(UnfitGeneration, match="height"):
        await index.search("people", request_)


async def test_nothing_lies_behind_the_last(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    for request in (SearchRequest(after=Position(0.0, "d")), SearchRequest(sort=Sort("pay"), after=Position(None, "d"))):
        assert (await index.search("people", request)).hits == []
