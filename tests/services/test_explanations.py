"""Why somebody stands where they stand, or stands in no list; what was understood of a person's words."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.bus import open_bus
from services.kernel.clock import FixedClock
from services.kernel.erasure import ErasureLedger
from services.kernel.http.application import create_application
from services.kernel.http.auth import Principal, Scope
from services.kernel.index import open_index
from services.kernel.text.segmenter import Segmenter
from services.matcher import app
from services.matcher.indexer import Indexer
from tests.builders import TODAY, settings
from tests.contract.streams import published, running
from tests.services.stream_events import posting_changed, worker_changed
from tests.services.test_matching import CARER, NANNY, caught_up

WARD = {
    "description": "照顾失能老人，夜班轮值，包吃住",
    "lodging": "包吃住",
    "hours": "三班倒",
    "certificates": "健康证、养老护理员证",
}
HELPER = {
    "intention_occupations": "养老院护理",
    "experience": "养老院做了三年",
    "intention_places": "广州",
    "certificates": "养老护理员五级",
    "remark": "夜班没问题",
}
DEAR = CARER | {"intention_pay": "一万五，少了不去", "certificates": "母婴护理员证"}
HOMELY = {"intention_occupations": "月嫂", "intention_places": "县内", "remark": "不出远门，晚上要回家"}
WARD_GUARD = {"description": "小区站岗", "certificates": "保安员证必须"}
GUARD = {"intention_occupations": "保安", "experience": "东莞小区保安三年", "intention_places": "上海"}
KEYS = {"staff": PrincipalKind.STAFF, "kiosk": PrincipalKind.KIOSK}


class _AnyOfTwo:
    """Tokens "staff" and "kiosk": who calls is what the test is about, not how credentials are checked."""

    async def authenticate(self, token: str) -> Principal:
        return Principal(token, frozenset(Permission), KEYS[token], Scope.everywhere(), token)


@pytest.fixture
async def http(tmp_path: Path, segmenter: Segmenter) -> AsyncIterator[httpx.AsyncClient]:
    made = settings(tmp_path)
    bus, index = open_bus(f"embedded://{tmp_path}/bus.db"), open_index(f"embedded://{tmp_path}/index")
    application = create_application(
        title="test", parts=[app.part(made, index, bus, FixedClock(TODAY))], authenticator=_AnyOfTwo()
    )
    async with (
        running(Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02).run),
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://test") as client,
    ):
        await published(
            bus,
            [
                worker_changed("w_carer", words=CARER),
                worker_changed("w_helper", words=HELPER, work_limits=["no_heavy_lifting"]),
                worker_changed("w_dear", words=DEAR),
                worker_changed("w_homely", words=HOMELY),
                worker_changed("w_guard", words=GUARD),
                posting_changed("p_nanny", title="住家月嫂", pay_min=9000, pay_max=12000, words=NANNY),
                posting_changed("p_ward", title="养老护理员", pay_min=5000, pay_max=6000, words=WARD),
                posting_changed("p_guard", title="保安员", pay_min=5000, pay_max=6000, words=WARD_GUARD),
            ],
        )
        await caught_up(bus, index, segmenter)
        yield client
    await index.close()
    await bus.close()


async def asked(http: httpx.AsyncClient, path: str, who: str = "staff") -> dict[str, Any]:
    response = await http.get(path, headers={"Authorization": f"Bearer {who}"})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def explained(http: httpx.AsyncClient, posting: str, worker: str, who: str = "staff") -> dict[str, Any]:
    return await asked(http, f"/v1/postings/{posting}/candidates/{worker}/explanation", who)


async def test_an_explanation_is_that_of_the_list(http: httpx.AsyncClient) -> None:
    listed = (await asked(http, "/v1/postings/p_nanny/candidates"))["items"]
    found = await explained(http, "p_nanny", "w_carer")
    assert found["standing"] == "proposed"
    assert listed[found["rank"] - 1]["worker_id"] == "w_carer"
    assert found["score"] == listed[found["rank"] - 1]["score"]
    assert found["reasons"] == listed[found["rank"] - 1]["reasons"]
    wish = next(part for part in found["parts"] if part["name"] == "occupation_wanted")
    source = wish["sources"][0]
    assert (source["of"], source["label"], source["text"]) == ("worker", "意向工种", "月嫂")
    assert source["known_since"] is not None
    assert any(words.startswith("你想做") for words in found["words_for_the_worker"])


async def test_who_is_excluded_learns_the_reason_and_the_nearest_miss(http: httpx.AsyncClient) -> None:
    found = await explained(http, "p_guard", "w_guard")
    assert (found["standing"], found["rank"]) == ("excluded", None)
    assert found["exclusion"] == {"code": "lacks_certificate_by_law", "reason": "依法须持保安员证"}
    assert found["nearest_miss"]["words"] == "考取保安员证即可"
    assert found["nearest_miss"]["by"] == "worker"


async def test_whose_pay_is_short_needs_more_pay(http: httpx.AsyncClient) -> None:
    found = await explained(http, "p_nanny", "w_dear")
    raises = [one for one in [found["nearest_miss"], *found["changes"]] if one and one["code"] == "pay"]
    assert raises
    assert raises[0]["words"].startswith("薪资提高到15000元")


async def test_who_stays_near_home_is_excluded_in_their_own_words(http: httpx.AsyncClient) -> None:
    found = await explained(http, "p_nanny", "w_homely")
    assert found["exclusion"]["code"] == "stays_near_home"
    assert found["words_for_the_worker"][0].startswith("你只在家乡附近做")


async def test_outsiders_learn_nothing_of_health(http: httpx.AsyncClient) -> None:
    staff, kiosk = await explained(http, "p_ward", "w_helper"), await explained(http, "p_ward", "w_helper", "kiosk")
    assert any("不能负重" in words for words in staff["gaps"])
    assert staff["score"] == kiosk["score"]
    assert "不能负重" not in str(kiosk)
    assert not {"work_limits", "readiness"} & {part["name"] for part in kiosk["parts"]}
    listed = await asked(http, "/v1/postings/p_ward/candidates", "kiosk")
    assert "不能负重" not in str(listed)


async def test_the_workers_side_speaks_to_the_worker(http: httpx.AsyncClient) -> None:
    found = await asked(http, "/v1/workers/w_carer/openings/p_nanny/explanation")
    assert found["standing"] == "proposed"
    assert any("你" in words for words in found["reasons"])


async def test_what_was_understood_is_told_with_its_words(http: httpx.AsyncClient) -> None:
    found = await asked(http, "/v1/workers/w_dear/facts")
    told = {(one["what"], one["value"]): one for one in found["understood"]}
    assert told["想做", "月嫂"]["source"]["text"] == "月嫂"
    assert told["想做", "月嫂"]["correct_in"] == "occupations"
    assert told["期望月薪", "15000元，低于15000元不去"]["source"]["label"] == "期望月薪"
    assert found["lexicon_version"]
    refused = await http.get("/v1/workers/w_dear/facts", headers={"Authorization": "Bearer kiosk"})
    assert refused.status_code == 403


async def test_who_wrote_reads_their_own_write(http: httpx.AsyncClient) -> None:
    answer = await asked(http, "/v1/postings/p_nanny/candidates?min_version=1")
    assert answer["subject_version"] == 1
    early = await http.get("/v1/workers/w_carer/openings?min_version=2", headers={"Authorization": "Bearer staff"})
    assert early.status_code == 503
    assert early.json()["code"] == "not_yet_searchable"


async def test_unknown_pairs_are_not_found(http: httpx.AsyncClient) -> None:
    for path in ("/v1/postings/p_none/candidates/w_carer/explanation", "/v1/postings/p_nanny/candidates/w_none/explanation"):
        assert (await http.get(path, headers={"Authorization": "Bearer staff"})).status_code == 404
