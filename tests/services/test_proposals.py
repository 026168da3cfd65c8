"""Courses worth holding: who lacks nothing but one paper for published openings, and nobody else."""

import httpx

from services.kernel.bus import Bus
from services.kernel.index import Index
from services.kernel.text.segmenter import Segmenter
from tests.contract.streams import published
from tests.services.stream_events import posting_changed, worker_changed
from tests.services.test_matching import bus, caught_up, http, index

__all__ = ["bus", "http", "index"]

WANTS = {"intention_occupations": "养老护理员", "intention_places": "上海"}
ASKS = {"description": "护理院照护老人，包吃住", "certificates": "需持养老护理员证", "lodging": "包住"}


async def proposals(http: httpx.AsyncClient, **asked: str) -> list[dict[str, object]]:
    answer = await http.get("/v1/proposals/courses", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_who_lacks_only_one_paper_is_counted(
    http: httpx.AsyncClient, bus: Bus, index: Index, segmenter: Segmenter
) -> None:
    await published(
        bus,
        [
            posting_changed("p_care", title="养老护理员", headcount=5, words=ASKS),
            posting_changed("p_care_too", title="养老护理员", headcount=3, words=ASKS),
            posting_changed("p_gone", title="养老护理员", valid_until="2026-10-01", words=ASKS),
            worker_changed("w_lacks", words=WANTS),
            worker_changed("w_holds", words=WANTS | {"certificates": "养老护理员证四级"}),
            worker_changed("w_elsewhere", county_code="530326", words=WANTS),
            worker_changed("w_refuses", words=WANTS | {"intention_places": "不去上海，只去昆明"}),
            worker_changed("w_hidden_too", basis=None, words=WANTS),
        ],
    )
    await caught_up(bus, index, segmenter)
    (found,) = await proposals(http)
    assert (found["openings"], found["vacancies"]) == (2, 8)
    assert set(found["worker_ids"]) == {"w_lacks", "w_elsewhere"}  # type: ignore[call-overload]
    assert str(found["said"]).startswith("2 人只差")
    (there,) = await proposals(http, division_code="530326")
    assert there["worker_ids"] == ["w_elsewhere"]
    assert await proposals(http, division_code="530900") == []


async def test_an_unknown_division_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/proposals/courses", params={"division_code": "999999"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_code")
    assert "999999" in answer.text
