"""The matcher's API on the embedded bus and index: from what services publish to ranked answers with reasons."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.kernel.bus import Bus, open_bus
from services.kernel.clock import FixedClock
from services.kernel.erasure import ErasureLedger
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.index import Index, open_index
from services.kernel.text.segmenter import Segmenter
from services.matcher import app
from services.matcher.indexer import Indexer, status
from tests.builders import TODAY, serving, settings
from tests.contract.streams import published, running, until
from tests.services.stream_events import posting_changed, posting_gone, worker_changed, worker_gone

CARER = {"intention_occupations": "月嫂", "experience": "在浦东做月嫂四年", "intention_places": "上海", "intention_pay": "八千"}
GUARD = {"intention_occupations": "保安", "experience": "东莞小区保安三年", "intention_places": "东莞", "intention_pay": "5000"}
NANNY = {"description": "照顾产妇和新生儿，包吃住，要有经验", "lodging": "住家", "certificates": "", "age": "", "education": ""}


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[Bus]:
    bus = open_bus(f"embedded://{tmp_path}/bus.db")
    yield bus
    await bus.close()


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    index = open_index(f"embedded://{tmp_path}/index")
    yield index
    await index.close()


@pytest.fixture
async def http(tmp_path: Path, bus: Bus, index: Index, segmenter: Segmenter) -> AsyncIterator[httpx.AsyncClient]:
    """The matcher alone, with two workers and three openings published and searchable."""
    made = settings(tmp_path)
    application = create_application(
        title="test",
        parts=[app.part(made, index, bus, FixedClock(TODAY))],
        authenticator=LocalCredential.ensure(made.data),
    )
    async with (
        running(Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02).run),
        serving(application, made.data) as client,
    ):
        await published(
            bus,
            [
                worker_changed("w_carer", words=CARER),
                worker_changed("w_guard", words=GUARD),
                worker_changed("w_hidden", basis=None, words=CARER),
                posting_changed("p_nanny", title="住家月嫂", pay_min=9000, pay_max=12000, words=NANNY),
                posting_changed("p_over", title="住家月嫂", valid_until="2026-10-31", words=NANNY),
                posting_changed("p_guard", title="保安", words={"description": "小区站岗", "certificates": ""}),
            ],
        )
        await caught_up(bus, index, segmenter)
        yield client


async def caught_up(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    async def nothing_under_way() -> bool:
        found = await status.read(index, bus, segmenter.lexicon.version)
        return not any(found.lag.values()) and all(one.current for one in found.collections.values())

    await until(nothing_under_way)


async def test_who_wants_and_knows_the_work_comes_first(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/v1/postings/p_nanny/candidates")).json()
    first = answer["items"][0]
    assert (first["worker_id"], first["rank"]) == ("w_carer", 1)
    assert any("月嫂" in reason for reason in first["reasons"])
    assert "w_hidden" not in {item["worker_id"] for item in answer["items"]}
    assert answer["posting"]["title"] == "住家月嫂"
    assert answer["lexicon_version"]
    assert answer["weights_version"]


async def test_the_score_is_the_sum_of_the_parts_as_printed(http: httpx.AsyncClient) -> None:
    for item in (await http.get("/v1/postings/p_nanny/candidates")).json()["items"]:
        assert item["score"] == pytest.approx(sum(part["value"] * part["weight"] for part in item["parts"]), abs=1e-9)
        assert all(0 <= part["value"] <= 1 for part in item["parts"])


async def test_lists_are_best_first_and_the_same_every_time(http: httpx.AsyncClient) -> None:
    one, other = [(await http.get("/v1/postings/p_guard/candidates")).json()["items"] for _ in range(2)]
    assert one == other
    assert [item["score"] for item in one] == sorted((item["score"] for item in one), reverse=True)


async def test_an_opening_that_is_over_has_no_candidates_and_stands_in_no_list(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/postings/p_over/candidates")).json()["items"] == []
    found = (await http.get("/v1/workers/w_carer/openings")).json()["items"]
    assert "p_over" not in {item["posting_id"] for item in found}


async def test_a_worker_reads_words_for_the_worker(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/v1/workers/w_carer/openings")).json()
    assert answer["items"][0]["posting_id"] == "p_nanny"
    assert any(reason.startswith("你") for reason in answer["items"][0]["reasons"])


async def test_answers_are_masked(http: httpx.AsyncClient) -> None:
    summary = (await http.get("/v1/postings/p_nanny/candidates")).json()["items"][0]["summary"]
    assert "*" in summary["masked_name"]
    assert not {"name", "phone", "identity_number", "sex", "ethnicity"} & set(summary)


async def test_the_yardstick_has_one_part_and_the_same_exclusions(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/v1/postings/p_nanny/candidates", params={"order": "bm25"})).json()
    assert all([part["name"] for part in item["parts"]] == ["text"] for item in answer["items"])
    assert "w_hidden" not in {item["worker_id"] for item in answer["items"]}


@pytest.mark.parametrize(
    "path", ["/v1/postings/p_none/candidates", "/v1/workers/w_none/openings", "/v1/workers/w_hidden/openings"]
)
async def test_what_is_not_there_is_a_problem(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("limit", [0, 101, "x"])
async def test_limits_are_checked(http: httpx.AsyncClient, limit: object) -> None:
    response = await http.get("/v1/postings/p_nanny/candidates", params={"limit": str(limit)})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


async def test_the_limit_is_kept(http: httpx.AsyncClient) -> None:
    assert len((await http.get("/v1/postings/p_guard/candidates", params={"limit": 1})).json()["items"]) == 1


async def test_how_far_the_index_is(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/v1/index/status")).json()
    assert (answer["workers"], answer["postings"]) == (3, 3)
    assert set(answer["lag"].values()) == {0}
    assert {"lexicon", "weights"} <= set(answer["versions"])


async def test_who_is_gone_is_in_no_list(http: httpx.AsyncClient, bus: Bus, index: Index, segmenter: Segmenter) -> None:
    await published(bus, [worker_gone("w_carer", 2), posting_gone("p_guard", 2)])
    await caught_up(bus, index, segmenter)
    found = (await http.get("/v1/postings/p_nanny/candidates")).json()["items"]
    assert "w_carer" not in {item["worker_id"] for item in found}
    assert (await http.get("/v1/postings/p_guard/candidates")).status_code == 404


async def test_a_thousand_requests_at_once_are_each_answered_as_if_alone(http: httpx.AsyncClient) -> None:
    paths = ["/v1/postings/p_nanny/candidates", "/v1/postings/p_guard/candidates", "/v1/workers/w_carer/openings"]
    alone = {path: (await http.get(path)).json() for path in paths}
    asked = [paths[number % len(paths)] for number in range(1000)]
    answers = await asyncio.gather(*(http.get(path) for path in asked))
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == alone[path] for path, answer in zip(asked, answers, strict=True))
