"""Candidates and openings as callers of different scopes get them."""

from collections.abc import AsyncIterator
from pathlib import Path

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
from services.matcher.indexer import Indexer, status
from tests.builders import TODAY, Callers, as_caller, serving, settings, staff_of
from tests.contract.streams import published, running, until
from tests.services.stream_events import posting_changed, worker_changed

CARER = {"intention_occupations": "月嫂", "experience": "在浦东做月嫂四年", "intention_places": "上海"}
READS = frozenset({Permission.MATCHES_READ})
CALLERS = {
    "zhenxiong": staff_of("530627"),
    "zhaotong": staff_of("530600"),
    "chuxiong": staff_of("532300"),
    "province": staff_of("530000"),
    "owner": Principal("owner", READS, PrincipalKind.EMPLOYER, Scope(employer_id="e_1")),
    "other": Principal("other", READS, PrincipalKind.EMPLOYER, Scope(employer_id="e_2")),
    "kiosk": Principal("kiosk", READS, PrincipalKind.KIOSK, Scope(fair_id="f_1")),
    "fair": Principal("fair", READS, PrincipalKind.KIOSK, Scope(frozenset({"530000"}), fair_id="f_1")),
}


@pytest.fixture
async def http(tmp_path: Path, segmenter: Segmenter) -> AsyncIterator[httpx.AsyncClient]:
    """The matcher alone, with workers of three counties and one employer's opening."""
    bus, index = open_bus(f"embedded://{tmp_path}/bus.db"), open_index(f"embedded://{tmp_path}/index")
    matcher = app.part(settings(tmp_path), index, bus, FixedClock(TODAY))
    application = create_application(title="匹配", parts=[matcher], authenticator=Callers(CALLERS))

    async def up_to_date() -> bool:
        found = await status.read(index, bus, segmenter.lexicon.version)
        return not any(found.lag.values()) and all(one.current for one in found.collections.values())

    async with (
        running(Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02).run),
        serving(application) as client,
    ):
        homes = {"w_zhenxiong": "530627", "w_yiliang": "530628", "w_chuxiong": "532301"}
        agreed = {"w_yiliang": {"employers": True}, "w_chuxiong": {"employers": False, "kiosk": True}}
        people = [
            worker_changed(
                key, county_code=home, words=CARER, visibility={"staff": True, "ranking": True} | agreed.get(key, {})
            )
            for key, home in homes.items()
        ]
        await published(bus, [*people, posting_changed("p_nanny", title="住家月嫂", employer_id="e_1")])
        await until(up_to_date)
        yield client
    await bus.close()
    await index.close()


async def candidates(http: httpx.AsyncClient, caller: str, order: str) -> tuple[int, set[str]]:
    """The status, and who is proposed."""
    headers = as_caller(caller)
    answer = await http.get("/v1/postings/p_nanny/candidates", params={"order": order}, headers=headers)
    return answer.status_code, {item["worker_id"] for item in answer.json().get("items", ())}


@pytest.mark.parametrize("order", ["parts", "bm25"])
async def test_candidates_live_where_the_caller_serves(http: httpx.AsyncClient, order: str) -> None:
    assert await candidates(http, "zhenxiong", order) == (200, {"w_zhenxiong"})
    assert await candidates(http, "zhaotong", order) == (200, {"w_zhenxiong", "w_yiliang"})
    assert await candidates(http, "chuxiong", order) == (200, {"w_chuxiong"})
    assert await candidates(http, "province", order) == (200, {"w_zhenxiong", "w_yiliang", "w_chuxiong"})
    assert await candidates(http, "kiosk", order) == (200, set())
    assert await candidates(http, "fair", order) == (200, {"w_chuxiong"})


async def test_an_employer_asks_for_its_own_opening_and_sees_only_who_agreed(http: httpx.AsyncClient) -> None:
    assert await candidates(http, "owner", "parts") == (200, {"w_yiliang"})
    assert await candidates(http, "owner", "bm25") == (200, {"w_yiliang"})
    assert await candidates(http, "other", "parts") == (404, set())


async def test_openings_are_for_a_worker_in_scope(http: httpx.AsyncClient) -> None:
    asked = {caller: await http.get("/v1/workers/w_zhenxiong/openings", headers=as_caller(caller)) for caller in CALLERS}
    assert {caller: answer.status_code for caller, answer in asked.items()} == {
        "zhenxiong": 200,
        "zhaotong": 200,
        "province": 200,
        "chuxiong": 404,
        "owner": 404,
        "other": 404,
        "kiosk": 404,
        "fair": 404,
    }
    unknown = await http.get("/v1/workers/w_nobody/openings", headers=as_caller("chuxiong"))
    assert unknown.json()["detail"] == asked["chuxiong"].json()["detail"]
