"""Every report of the register gives the same figures from both stores."""

from datetime import date
from pathlib import Path
from typing import get_args

from services.workers.statistics.cube import Dimension
from tests.bureau import Bureau, bureau


async def test_reports_are_the_same_from_both_stores(empty_store_url: str, tmp_path: Path) -> None:
    async with bureau(tmp_path, workers_store_url=empty_store_url) as desk:
        first, second, third = await _people(desk)
        desk.calendar.day = date(2027, 6, 15)
        for dimension in get_args(Dimension):
            answer = await desk.get("/v1/workers/statistics", {"by": dimension})
            assert answer["total"] == sum(cell["workers"] for cell in answer["cells"]) == 3, dimension
        await _figures(desk)
        tasks = await desk.get("/v1/followups/tasks", {"limit": 2})
        rest = await desk.get("/v1/followups/tasks", {"cursor": tasks["next_cursor"], "limit": 2})
        assert [one["worker"]["id"] for one in (*tasks["items"], *rest["items"])] == [first, *sorted((second, third))]
        (late,) = (await desk.get("/v1/followups/overdue"))["items"]
        assert (late["cadre_name"], late["overdue"], late["longer"]) == ("陆村长", 1, 1)
        stale = (await desk.get("/v1/followups/stale"))["items"]
        assert {(row["cadre_name"], row["stale"], row["never_asked"]) for row in stale} == {
            ("陆村长", 1, 0),
            ("", 1, 1),
            ("", 1, 0),
        }
        quality = (await desk.get("/v1/workers/quality"))["items"]
        assert [place["workers"] for place in quality] == [2, 1]
        one = await desk.get("/v1/workers/quality/profiles", {"limit": 1})
        more = await desk.get("/v1/workers/quality/profiles", {"cursor": one["next_cursor"]})
        scores = [item["quality"]["score"] for item in (*one["items"], *more["items"])]
        assert (len(scores), scores) == (3, sorted(scores))
        for flag, found in (("true", 1), ("false", 1)):
            page = await desk.get("/v1/households", {"zero_employment": flag})
            assert (len(page["items"]), page["items"][0]["zero_employment"]) == (found, flag == "true")


async def _people(desk: Bureau) -> tuple[str, str, str]:
    first = await desk.register(2, ethnicity="07", education="E2")
    second = await desk.register(3, willingness=None, words={})
    third = await desk.register(4, county_code="530326", employment_status="S5")
    cadre = await desk.post("/v1/cadres", {"name": "陆村长", "county_code": "530627"})
    await desk.post(f"/v1/workers/{first}/assignment", {"cadre_id": cadre["id"]}, status=200)
    await desk.post(f"/v1/workers/{first}/contacts", {"channel": "V1", "outcome": "FU02"})
    for code, county, worker_id in (("1", "530627", first), ("2", "530326", third)):
        member = {"name": "余德珍", "relation": "L0", "worker_id": worker_id, "able": True}
        await desk.post("/v1/households", {"code": code, "county_code": county, "members": [member]})
    return first, second, third


async def _figures(desk: Bureau) -> None:
    expected = {
        "freshness": {("F365", 2), ("not_known", 1)},
        "age": {("A45", 3)},
        "ethnicity": {("07", 1), ("not_known", 2)},
        "prefecture": {("530300", 1), ("530600", 2)},
        "status": {("S1", 2), ("S5", 1)},
    }
    for dimension, figures in expected.items():
        answer = await desk.get("/v1/workers/statistics", {"by": dimension})
        assert {(cell["key"][0], cell["workers"]) for cell in answer["cells"]} == figures
    empty = await desk.get("/v1/workers/statistics", {"as_of": "2026-10-31"})
    assert (empty["total"], empty["cells"]) == (0, [])
