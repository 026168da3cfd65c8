"""Text: tokens, BM25 scores, order, and the cut."""

import pytest

from services.kernel.index import Document, Generation, Index, Match, SearchRequest, Term, UnfitGeneration
from tests.contract.index.people import PEOPLE, person, write_all


def words(*tokens: str, boost: float = 1.0) -> Match:
    return Match({"words": boost}, dict.fromkeys(tokens, 1.0))


async def ranked(index: Index, request: SearchRequest) -> list[str]:
    return [hit.id for hit in (await index.search("people", request)).hits]


async def test_chinese_tokens_are_found_whole_and_split_by_white_space_only(index: Index, generation: Generation) -> None:
    await write_all(
        index,
        generation,
        [
            person("a", words="住家育儿嫂 c1 logo-设计"),
            person("b", words="育儿嫂\u3000保洁\u00a0月嫂\t护理"),
            person("c", words=["做饭", "开车 送货"]),
        ],
    )
    expected = {"住家育儿嫂": "a", "育儿嫂": "b", "育儿": "", "c1": "a", "C1": "", "logo-设计": "a", "logo": "", "月嫂": "b"}
    expected |= {"护理": "b", "保洁": "b", "做饭": "c", "送货": "c"}
    assert {token: "".join(await ranked(index, SearchRequest(match=words(token)))) for token in expected} == expected


async def test_scores_are_bm25(index: Index, generation: Generation) -> None:
    await write_all(
        index,
        generation,
        [person("a", words="月嫂 带 宝宝 月嫂"), person("b", words="月嫂 保洁"), person("c", words="保洁"), person("d", pay=1)],
    )
    # N = 4, n(月嫂) = 2: idf = ln(1 + 2.5 / 2.5) = 0.693147. Lengths 4, 2, 1 and 1 (d has no words): mean 2.
    # a: 2 × 2.2 / (2 + 1.2 × (0.25 + 0.75 × 4 / 2)) = 1.073171; b: 1 × 2.2 / (1 + 1.2 × (0.25 + 0.75 × 2 / 2)) = 1
    hits = await index.search("people", SearchRequest(match=words("月嫂")))
    assert {hit.id: hit.score for hit in hits.hits} == pytest.approx({"a": 0.743866, "b": 0.693147}, abs=1e-5)
    assert [hit.id for hit in hits.hits] == ["a", "b"]
    boosted = await index.search("people", SearchRequest(match=Match({"words": 2.0}, {"月嫂": 1.5, "保洁": 0.5})))
    # b: 3 × 0.693147 + 1 × 0.693147; a: 3 × 0.743866; c: 1 × 0.693147 × 2.2 / (1 + 1.2 × (0.25 + 0.75 / 2)) = 0.871385
    assert {hit.id: hit.score for hit in boosted.hits} == pytest.approx({"b": 2.772589, "a": 2.231597, "c": 0.871385}, abs=1e-5)
    assert [hit.id for hit in boosted.hits] == ["b", "a", "c"]


async def test_scores_of_fields_add_up(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [person("a", words="月嫂", wish="月嫂"), person("b", words="月嫂"), person("c")])
    both = Match({"words": 1.0, "wish": 3.0}, {"月嫂": 1.0})
    score = {hit.id: hit.score for hit in (await index.search("people", SearchRequest(match=both))).hits}
    single = {hit.id: hit.score for hit in (await index.search("people", SearchRequest(match=words("月嫂")))).hits}
    wish = (await index.search("people", SearchRequest(match=Match({"wish": 3.0}, {"月嫂": 1.0})))).hits[0].score
    assert score["a"] == pytest.approx(single["a"] + wish, rel=1e-6)
    assert score["b"] == pytest.approx(single["b"], rel=1e-6)


async def test_a_filter_does_not_score(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    plain = await index.search("people", SearchRequest(match=words("保洁")))
    filtered = await index.search("people", SearchRequest(filter=Term("visible", [True]), match=words("保洁")))
    assert plain.hits == filtered.hits
    assert await ranked(index, SearchRequest(filter=Term("visible", [False]), match=words("保洁"))) == []
    assert [hit.score for hit in (await index.search("people", SearchRequest())).hits] == [0.0] * 4


@pytest.mark.parametrize("size", [0, 1, 7, 39, 40, 41])
async def test_ties_are_broken_by_id_also_at_the_cut(index: Index, generation: Generation, size: int) -> None:
    everybody = [person(f"{number:02}", words="月嫂 保洁") for number in range(40)]
    for start in (30, 10, 0, 20):
        await write_all(index, generation, everybody[start : start + 10][::-1])
    expected = [document.id for document in everybody][:size]
    for match in (words("月嫂"), None):
        hits = await index.search("people", SearchRequest(match=match, size=size))
        assert ([hit.id for hit in hits.hits], hits.total) == (expected, 40)


async def test_a_better_score_comes_first_whatever_ties_below_it(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [person(f"{number:02}", words="月嫂 保洁") for number in range(30)])
    await write_all(index, generation, [person("99", words="月嫂 月嫂")])
    assert await ranked(index, SearchRequest(match=words("月嫂"), size=4)) == ["99", "00", "01", "02"]


async def test_without_a_common_token_documents_follow_only_if_asked_for(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    request = SearchRequest(filter=Term("visible", [True, False]), match=words("夜班"))
    assert await ranked(index, request) == ["c"]
    loose = SearchRequest(filter=request.filter, match=request.match, require_match=False)
    hits = await index.search("people", loose)
    assert ([hit.id for hit in hits.hits], hits.total) == (["c", "a", "b"], 3)
    assert hits.hits[0].score > 0 == hits.hits[1].score
    cut = await index.search("people", SearchRequest(match=request.match, require_match=False, size=2))
    assert ([hit.id for hit in cut.hits], cut.total) == (["c", "a"], 4)


async def test_nothing_to_look_for_finds_nothing_or_everything(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    for match in (Match({"words": 1.0}, {}), Match({}, {"月嫂": 1.0})):
        assert await ranked(index, SearchRequest(match=match)) == []
        assert await ranked(index, SearchRequest(match=match, require_match=False)) == list("abcd")


async def test_tombstones_are_never_found_by_text(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    await write_all(index, generation, [Document("a", 2, tombstone=True)])
    assert await ranked(index, SearchRequest(match=words("月嫂"))) == []
    assert await ranked(index, SearchRequest(match=words("月嫂"), require_match=False)) == list("bcd")


@pytest.mark.parametrize("token", ['"', "words:月嫂", "*", "月嫂~", "(", "AND", "\\", "月嫂 保洁", "\x00", "a" * 255])
async def test_nothing_typed_is_parsed(index: Index, generation: Generation, token: str) -> None:
    await write_all(index, generation, PEOPLE)
    assert await ranked(index, SearchRequest(match=words(token))) == []


async def test_requests_beyond_the_law_are_refused(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    endless = {f"t{number}": 1.0 for number in range(4_097)}
    for match in (Match({"words": 1.0}, endless), words("月嫂", boost=0.0), Match({"pay": 1.0}, {"月嫂": 1.0})):
        with pytest.raises(ValueError, match=r".+"):
            await index.search("people", SearchRequest(match=match))
    for size in (-1, 10_001):
        with pytest.raises(ValueError, match="size"):
            await index.search("people", SearchRequest(size=size))
    with pytest.raises(UnfitGeneration, match="height"):
        await index.search("people", SearchRequest(match=Match({"height": 1.0}, {"月嫂": 1.0})))


async def test_a_long_request_within_the_law_is_answered(index: Index, generation: Generation) -> None:
    await write_all(index, generation, PEOPLE)
    tokens = dict.fromkeys(["月嫂", *(f"t{number}" for number in range(2_047))], 1.0)
    assert await ranked(index, SearchRequest(match=Match({"words": 1.0, "wish": 1.0}, tokens))) in (["d", "a"], ["a", "d"])
