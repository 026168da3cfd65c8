"""Searching through the interface: filters and their negation, text, facets, orders, pages, scope, suggestions."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.events import WorkerWords
from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.bus import Record, open_bus
from services.kernel.clock import FixedClock
from services.kernel.erasure import ErasureLedger
from services.kernel.http.application import create_application
from services.kernel.http.auth import Principal, Scope
from services.kernel.index import open_index
from services.kernel.text.segmenter import Segmenter
from services.matcher import app
from services.matcher.indexer import Indexer, status
from tests.builders import STAFF, TODAY, Callers, as_caller, serving, settings, staff_of
from tests.contract.streams import published, running, until
from tests.services.stream_events import posting_changed, worker_changed

READS = frozenset({Permission.MATCHES_READ})
CALLERS = {
    "all": STAFF,
    "zhenxiong": staff_of("530627"),
    "owner": Principal("owner", READS, PrincipalKind.EMPLOYER, Scope(employer_id="e_1")),
    "kiosk": Principal("kiosk", READS, PrincipalKind.KIOSK, Scope(fair_id="f_1")),
}
NOTHING = {"certificates": "", "age": "", "education": "", "lodging": "", "hours": "", "description": ""}
SILENT = WorkerWords().model_dump()
HOME: dict[str, Any] = {
    "county_code": "530627",
    "willingness": "W3",
    "intention_confirmed_on": None,
    "household_category": "HS07",
    "stated": {},
}


def person(key: str, born: str, words: dict[str, str], **changes: Any) -> Record:
    return worker_changed(key, birth_date=born, words=SILENT | words, **(HOME | {"number": key} | changes))


def opening(key: str, words: dict[str, str], **changes: Any) -> Record:
    place: dict[str, Any] = {"province_code": "440000", "city_code": "441900", "district_code": None, "valid_until": None}
    told = {"title": "保安", "headcount": 40, "pay_min": 5000, "pay_max": 5600, "number": key, "employer_id": "e_2"}
    return posting_changed(key, words=NOTHING | words, **(place | told | changes))


PEOPLE = [
    person(
        "w_guard",
        "1990-05-01",
        {
            "intention_occupations": "保安",
            "intention_places": "东莞",
            "certificates": "保安员证",
            "intention_pay": "5000",
            "start": "随时",
        },
    ),
    person(
        "w_late",
        "1980-05-01",
        {"intention_occupations": "保安", "intention_places": "佛山", "intention_pay": "6000", "start": "明年六月"},
    ),
    person(
        "w_nanny",
        "1975-05-01",
        {"intention_occupations": "月嫂", "intention_places": "上海", "lodging": "住家", "remark": "会讲粤语"},
        county_code="530628",
        household_category="HS02",
    ),
    person(
        "w_day",
        "1970-05-01",
        {"intention_occupations": "家政阿姨，不住家", "intention_places": "上海"},
        intention_confirmed_on="2026-10-20",
    ),
    person("w_hidden", "1990-05-01", {"intention_occupations": "保安"}, basis=None),
]
IN_PUDONG: dict[str, Any] = {"province_code": "310000", "city_code": "310000", "district_code": "310115"}
OPENINGS = [
    opening(
        "p_nanny",
        {"lodging": "住家"},
        title="住家月嫂",
        headcount=5,
        pay_min=9000,
        pay_max=12000,
        employer_id="e_1",
        **IN_PUDONG,
    ),
    opening("p_guard", {"lodging": "包吃住"}),
    opening("p_same", {}, duplicate_of="p_guard"),
    opening("p_over", {}, valid_until="2026-10-31"),
]


@pytest.fixture
async def http(tmp_path: Path, segmenter: Segmenter) -> AsyncIterator[httpx.AsyncClient]:
    """The matcher alone, with four people and three openings to be found."""
    bus, index = open_bus(f"embedded://{tmp_path}/bus.db"), open_index(f"embedded://{tmp_path}/index")
    matcher = app.part(settings(tmp_path), index, bus, FixedClock(TODAY))
    application = create_application(title="检索", parts=[matcher], authenticator=Callers(CALLERS))

    async def up_to_date() -> bool:
        found = await status.read(index, bus, segmenter.lexicon.version)
        return not any(found.lag.values()) and all(one.current for one in found.collections.values())

    async with (
        running(Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02).run),
        serving(application) as client,
    ):
        await published(bus, [*PEOPLE, *OPENINGS])
        await until(up_to_date)
        client.headers.update(as_caller("all"))
        yield client
    await bus.close()
    await index.close()


async def asked(http: httpx.AsyncClient, over: str, **search: Any) -> dict[str, Any]:
    response = await http.post(f"/v1/search/{over}", json=search)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def ids(http: httpx.AsyncClient, over: str = "workers", **search: Any) -> list[str]:
    return [item.get("worker_id") or item["posting_id"] for item in (await asked(http, over, **search))["items"]]


async def test_who_is_meant_comes_first(http: httpx.AsyncClient) -> None:
    cases = [
        ("东莞 保安", "w_guard"),
        ("想去佛山的保安", "w_late"),
        ("过完年能走的保安", "w_guard"),
        ("有保安证", "w_guard"),
        ("会粤语", "w_nanny"),
        ("不住家的阿姨 上海", "w_day"),
        ("四十五岁以上 做家政", "w_day"),
        ("上海 月搜", "w_nanny"),
    ]
    assert [(q, (await ids(http, q=q))[0]) for q, _ in cases] == cases


async def test_what_decides_leaves_out(http: httpx.AsyncClient) -> None:
    assert await ids(http, q="四十岁以下 保安") == ["w_guard"]
    assert "w_late" not in await ids(http, q="随时能走的保安")
    assert "w_nanny" not in await ids(http, q="不要住家的 家政")
    assert "w_hidden" not in await ids(http, limit=100)


async def test_filters_and_their_negation_part_everybody(http: httpx.AsyncClient) -> None:
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"homes": ["530628"]}, {"w_nanny"}),
        ({"homes": ["530600"]}, {"w_guard", "w_late", "w_nanny", "w_day"}),
        ({"places": ["440000"]}, {"w_guard", "w_late"}),
        ({"places": ["310000"]}, {"w_nanny", "w_day"}),
        ({"occupations": ["P01"]}, {"w_guard", "w_late"}),
        ({"household": ["HS02"]}, {"w_nanny"}),
        ({"certificates": ["保安员证"]}, {"w_guard"}),
        ({"age": {"at_least": 40, "at_most": 52}}, {"w_late", "w_nanny"}),
        ({"age": {"at_most": 36}}, {"w_guard"}),
        ({"pay": {"at_most": 5500}}, {"w_guard"}),
        ({"start_by": "2026-12-01"}, {"w_guard"}),
        ({"live_in": ["refuses"]}, {"w_day"}),
        ({"marks": ["cantonese"]}, {"w_nanny"}),
        ({"confirmed_within_days": 30}, {"w_day"}),
        ({"near": {"division_code": "530628", "km": 5}}, {"w_nanny"}),
        ({"numbers": ["w_guard", "w_nanny"]}, {"w_guard", "w_nanny"}),
    ]
    everybody = {"w_guard", "w_late", "w_nanny", "w_day"}
    for filters, found in cases:
        assert set(await ids(http, filters=filters)) == found, filters
        assert set(await ids(http, exclude=filters)) == everybody - found, filters


async def test_openings_by_filter_radius_and_pay_with_vacancies_counted_once(http: httpx.AsyncClient) -> None:
    dongguan = {"near": {"latitude": 23.02, "longitude": 113.75, "km": 30}}
    answer = await asked(http, "postings", filters=dongguan)
    assert {item["posting_id"] for item in answer["items"]} == {"p_guard", "p_same"}
    assert answer["vacancies"] == 40
    assert await ids(http, "postings", exclude=dongguan) == ["p_nanny"]
    assert await ids(http, "postings", filters={"pay": {"at_least": 8000}}) == ["p_nanny"]
    assert await ids(http, "postings", q="八千以上 住家", limit=1) == ["p_nanny"]
    assert "p_over" not in await ids(http, "postings", q="保安")


async def test_unknown_codes_are_named_and_never_answered_with_nothing(http: httpx.AsyncClient) -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("workers", {"filters": {"homes": ["530627", "999999"]}}, "/filters/homes/1"),
        ("workers", {"exclude": {"occupations": ["Z9"]}}, "/exclude/occupations/0"),
        ("workers", {"filters": {"household": ["HS99"]}}, "/filters/household/0"),
        ("workers", {"filters": {"education_at_least": "E9"}}, "/filters/education_at_least"),
        ("postings", {"filters": {"kinds": ["odd"]}}, "/filters/kinds/0"),
        ("postings", {"filters": {"near": {"division_code": "999999", "km": 3}}}, "/filters/near/division_code"),
    ]
    for over, search, pointer in cases:
        response = await http.post(f"/v1/search/{over}", json=search)
        problem = response.json()
        assert (response.status_code, problem["code"]) == (400, "unknown_code")
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_bad_input_is_refused(http: httpx.AsyncClient) -> None:
    cases: list[dict[str, Any]] = [
        {"q": "保" * 201},
        {"limit": 0},
        {"limit": 101},
        {"sort": "luck"},
        {"facets": ["luck"]},
        {"filters": {"luck": 1}},
        {"filters": {"homes": []}},
    ]
    for search in cases:
        response = await http.post("/v1/search/workers", json=search)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_input"), search


async def test_facets_name_what_they_count(http: httpx.AsyncClient) -> None:
    names = ["county", "category", "occupation", "freshness", "status", "age"]
    answer = await asked(http, "workers", facets=names, limit=1)
    counted = {name: {one["label"]: one["count"] for one in counts} for name, counts in answer["facets"].items()}
    assert counted["county"] == {"昭通市镇雄县": 3, "昭通市彝良县": 1}
    assert counted["occupation"]["保安员"] == 2
    assert counted["freshness"] == {"0–30天": 1, "没有登记过日期": 3}
    assert counted["age"] == {"30–39岁": 1, "40–49岁": 1, "50–59岁": 2}
    assert sum(counted["category"].values()) == 4


async def test_pages_follow_one_another(http: httpx.AsyncClient) -> None:
    for sort, descending in product(["relevance", "age", "pay", "confirmed", "start"], [False, True]):
        search: dict[str, Any] = {"q": "保安 上海 家政", "sort": sort, "descending": descending}
        whole = await ids(http, **search, limit=100)
        found: list[str] = []
        cursor = None
        while cursor is not None or not found:
            page = await asked(http, "workers", **search, limit=1, cursor=cursor)
            found += [item["worker_id"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert found == whole, search
        assert len(set(found)) == len(found) > 2


async def test_orders_are_what_they_are_called(http: httpx.AsyncClient) -> None:
    assert await ids(http, sort="age") == ["w_guard", "w_late", "w_nanny", "w_day"]
    assert (await ids(http, sort="pay", descending=True))[:2] == ["w_late", "w_guard"]
    assert (await ids(http, sort="confirmed"))[0] == "w_day"


async def test_a_cursor_is_good_for_its_own_search_only(http: httpx.AsyncClient) -> None:
    cursor = (await asked(http, "workers", q="保安", limit=1))["next_cursor"]
    assert cursor
    for search in (
        {"q": "月嫂", "cursor": cursor},
        {"q": "保安", "sort": "age", "cursor": cursor},
        {"q": "保安", "cursor": "x" + cursor[1:]},
    ):
        response = await http.post("/v1/search/workers", json=search | {"limit": 1})
        assert (response.status_code, response.json()["code"]) == (400, "bad_cursor")
    other = await http.post("/v1/search/postings", json={"q": "保安", "limit": 1, "cursor": cursor})
    assert other.json()["code"] == "bad_cursor"


async def test_the_answer_says_how_it_was_understood(http: httpx.AsyncClient) -> None:
    understood = (await asked(http, "workers", q="四十岁以下 女保安 想去东莞"))["understood"]
    assert [(one["text"], one["use"]) for one in understood["concepts"]] == [
        ("四十岁以下", "filter"),
        ("保安", "order"),
        ("想去东莞", "order"),
    ]
    assert understood["ignored"][0] == {"text": "女", "reason": "依法不作为检索条件"}
    assert (understood["asked"], understood["met"]) == (2, 1), "too few meet everything: those that meet most are shown too"


async def test_answers_are_masked_and_tell_their_versions(http: httpx.AsyncClient) -> None:
    answer = await asked(http, "workers", q="保安")
    assert all("*" in item["summary"]["masked_name"] for item in answer["items"])
    assert answer["lexicon_version"]
    assert answer["weights_version"]


async def test_everybody_finds_within_the_own_scope(http: httpx.AsyncClient) -> None:
    async def found(caller: str, over: str) -> set[str]:
        response = await http.post(f"/v1/search/{over}", json={"limit": 100}, headers=as_caller(caller))
        return {item.get("worker_id") or item["posting_id"] for item in response.json()["items"]}

    assert await found("zhenxiong", "workers") == {"w_guard", "w_late", "w_day"}
    assert await found("owner", "workers") == set()
    assert await found("kiosk", "workers") == set()
    assert await found("owner", "postings") == {"p_nanny"}
    assert await found("kiosk", "postings") == {"p_nanny", "p_guard", "p_same"}
    counted = await http.post("/v1/search/workers", json={"facets": ["county"]}, headers=as_caller("zhenxiong"))
    assert [one["value"] for one in counted.json()["facets"]["county"]] == ["530627"]


async def suggested(http: httpx.AsyncClient, q: str, over: str = "workers", caller: str = "all") -> list[str]:
    response = await http.get("/v1/suggest", params={"q": q, "over": over}, headers=as_caller(caller))
    assert response.status_code == 200, response.text
    items = response.json()["items"]
    assert all(item["hits"] > 0 for item in items)
    return [item["completed"] for item in items]


async def test_suggestions_by_letters_pinyin_initials_and_slips(http: httpx.AsyncClient) -> None:
    for typed in ("保", "baoan", "bay", "保按", "保鞍", "baoann"):
        assert "保安员" in await suggested(http, typed), typed
    assert "月嫂" in await suggested(http, "月搜")
    assert not [text for text in await suggested(http, "月搜") if "搜" in text], "a slip is accepted, never offered"


async def test_suggestions_still_have_hits_with_what_was_typed_before(http: httpx.AsyncClient) -> None:
    assert "保安员 东莞" in await suggested(http, "保安员 dong")
    assert "月嫂 东莞" not in await suggested(http, "月嫂 dong")
    assert await suggested(http, "木匠") == []
    assert "月嫂" in await suggested(http, "yues")
    assert await suggested(http, "yues", caller="zhenxiong") == []
    assert await suggested(http, "yues", over="postings", caller="owner") == ["月嫂"]
    assert await suggested(http, "") == []
