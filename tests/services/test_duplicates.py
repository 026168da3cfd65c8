"""The same opening from two channels: recognised, counted once, merged or told apart."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.jobs.duplicates.finder import Finder
from tests.builders import new_posting
from tests.services.jobs_service import Served, jobs_service

FIRST = new_posting(source_text="沪滇劳务协作平台", number="P1", words={"description": "照顾一岁半宝宝，做辅食，哄睡，单休"})
AGAIN = new_posting(
    employer_name="上海棠梨湾家庭服务公司",
    number="",
    source_text="微信群转发",
    title="育儿嫂（住家）",
    pay_min=7000,
    pay_max=9000,
    words={"description": "急招！照顾一岁半宝宝，做辅食，哄睡，单休，有意联系"},
)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        await service.jobs.background.__aexit__()  # the test takes the steps by hand
        yield service


async def _post(served: Served, body: dict[str, Any]) -> dict[str, Any]:
    response = await served.client.post("/v1/postings", json=body)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def _look(served: Served) -> list[dict[str, Any]]:
    """The proposed pairs after everything was looked at."""
    finder = Finder(served.jobs.store, served.jobs.audit, served.clock)
    while await finder.step():
        pass
    items: list[dict[str, Any]] = (await served.client.get("/v1/postings/duplicates")).json()["items"]
    return items


async def _vacancies(served: Served) -> int:
    return int((await served.client.get("/v1/postings/counts")).json()["vacancies"])


async def test_an_opening_from_two_channels_is_proposed_and_counted_once(served: Served) -> None:
    first, again = await _post(served, FIRST), await _post(served, AGAIN)
    (pair,) = await _look(served)
    assert (pair["first"]["id"], pair["second"]["id"], pair["state"]) == (first["id"], again["id"], "proposed")
    assert pair["score"] >= 0.8
    assert pair["second"]["duplicate_of"] == first["id"]
    assert await _vacancies(served) == first["headcount"]
    assert await _look(served) == [pair]  # looking again finds nothing new


@pytest.mark.parametrize(
    "changes",
    [
        {"division_code": "310104"},
        {"employer_name": "上海柚见物业管理有限公司", "words": {}},
        {"title": "小区保安", "words": {"description": "巡逻，站岗，两班倒，有保安员证优先"}},
        {"source_text": FIRST["source_text"], "employer_name": FIRST["employer_name"], "number": "P2"},
    ],
)
async def test_what_differs_or_came_the_same_way_is_another_opening(served: Served, changes: dict[str, Any]) -> None:
    await _post(served, FIRST)
    await _post(served, AGAIN | changes)
    assert await _look(served) == []
    assert await _vacancies(served) == 6


async def test_merged_one_is_closed_as_a_duplicate(served: Served) -> None:
    first, again = await _post(served, FIRST), await _post(served, AGAIN)
    await _look(served)
    path = f"/v1/postings/duplicates/{first['id']}/{again['id']}/decision"
    merged = (await served.client.post(path, json={"decision": "merge", "keep": "second"})).json()
    assert (merged["first"]["status"], merged["first"]["reason_code"]) == ("withdrawn", "duplicate")
    assert (merged["second"]["status"], merged["second"]["duplicate_of"]) == ("published", None)
    assert merged["first"]["reason"] == again["id"]
    assert await _look(served) == []
    assert await _vacancies(served) == 3
    late = await served.client.post(path, json={"decision": "reject"})
    assert (late.status_code, late.json()["code"]) == (409, "pair_decided")


async def test_told_apart_both_count_and_stay_so(served: Served) -> None:
    first, again = await _post(served, FIRST), await _post(served, AGAIN)
    await _look(served)
    path = f"/v1/postings/duplicates/{first['id']}/{again['id']}/decision"
    assert (await served.client.post(path, json={"decision": "reject", "reason": "两户人家"})).json()["state"] == "rejected"
    assert await _vacancies(served) == 6
    version = (await served.client.get(f"/v1/postings/{again['id']}")).headers["etag"]
    await served.client.patch(f"/v1/postings/{again['id']}", json={"headcount": 4}, headers={"If-Match": version})
    assert await _look(served) == []
    assert await _vacancies(served) == 7


async def test_when_the_first_closes_the_second_counts_by_itself(served: Served) -> None:
    first, _again = await _post(served, FIRST), await _post(served, AGAIN)
    await _look(served)
    await served.client.post(f"/v1/postings/{first['id']}/withdrawal")
    await _look(served)
    assert await _vacancies(served) == 3
