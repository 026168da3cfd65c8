"""Figures of the register: as it stood on a day, how complete it is, and the sheets that carry them."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from tests.bureau import Bureau, Query, bureau


async def counted(desk: Bureau, query: Query, by: str = "province") -> dict[tuple[str, ...], int]:
    """Key -> how many."""
    answer = await desk.get("/v1/workers/statistics", query, by=by)
    return {tuple(cell["key"]): cell["workers"] for cell in answer["cells"]}


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """Sheet -> rows of cells."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


async def test_figures_are_those_of_the_day(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        first = await desk.register(2)
        await desk.register(3, county_code="530326", household_category="HS04", words={"intention_places": "县内"})
        desk.calendar.day = date(2026, 12, 1)
        await desk.patch(f"/v1/workers/{first}", 1, {"employment_status": "S5"})
        desk.calendar.day = date(2027, 1, 10)
        await desk.post(f"/v1/workers/{first}/withdrawal", {}, status=200)
        await desk.register(4)
        desk.calendar.day = date(2027, 2, 1)
        status = {"by": "status", "county_code": "530627"}
        assert await counted(desk, status | {"as_of": "2026-10-31"}) == {}
        assert await counted(desk, status | {"as_of": "2026-11-01"}) == {("S1",): 1}
        assert await counted(desk, status | {"as_of": "2026-11-30"}) == {("S1",): 1}
        assert await counted(desk, status | {"as_of": "2026-12-01"}) == {("S5",): 1}
        assert await counted(desk, status | {"as_of": "2027-01-10"}) == {("S1",): 1}
        assert await counted(desk, {"by": "destination"}) == {("D1",): 1, ("D3",): 1}
        assert await counted(desk, {"by": "freshness", "as_of": "2026-11-20"}) == {("F030",): 2}
        assert await counted(desk, {"by": "freshness"}) == {("F030",): 1, ("F180",): 1}
        assert await counted(desk, {"by": "category"}, by="huize") == {("HS04",): 1}
        default = await desk.get("/v1/workers/statistics")
        assert (default["by"], default["headings"], default["total"]) == (["county", "category"], ["县", "户类型"], 2)
        assert default["cells"][0]["labels"] == ["曲靖市会泽县", "脱贫不稳定户"]
        for query, code in (
            ({"as_of": "2027-02-02"}, "date_to_come"),
            ({"by": "shoe_size"}, "literal_error"),
            ({"county_code": "000000"}, "unknown_code"),
        ):
            refused = await desk.get("/v1/workers/statistics", query, status=400)
            assert refused["errors"][0]["code"] == code


async def test_several_dimensions_add_up_to_the_same_people(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        for sequence in range(2, 9):
            await desk.register(sequence, willingness="W2" if sequence % 2 else "W3", township=f"第{sequence % 3}镇")
        everything = "/v1/workers/statistics?by=prefecture&by=township&by=willingness&by=sex&by=age&by=ethnicity"
        answer = await desk.get(everything)
        assert answer["total"] == sum(cell["workers"] for cell in answer["cells"]) == 7
        assert {cell["key"][0] for cell in answer["cells"]} == {"530600"}
        assert {cell["labels"][4] for cell in answer["cells"]} == {"35–44 岁"}
        twice = await desk.get("/v1/workers/statistics?by=sex&by=sex", status=400)
        assert twice["errors"][0]["code"] == "repeated"


async def test_the_sheet_holds_the_same_figures_as_numbers(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        await desk.register(2)
        await desk.register(3, employment_status="S2")
        await desk.register(4, county_code="530326")
        found = sheets(await desk.get("/v1/workers/statistics.xlsx"))
        table = found["县×当前状态"]
        assert table[0][1:] == ["合计", "在家待业", "务农"]
        assert table[1:] == [["曲靖市会泽县", 1, 1, 0], ["昭通市镇雄县", 2, 1, 1], ["合计", 3, 2, 1]]
        assert sum(row[-1] for row in found["明细"][1:]) == 3
        of_county = sheets(await desk.get("/v1/workers/statistics.xlsx", {"county_code": "530627"}))
        assert of_county["乡镇×户类型"][1:] == [["乌峰街道", 2, 2], ["合计", 2, 2]]


async def test_completeness_is_added_up_by_place_with_what_would_help_most(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        await desk.register(2)
        lacking = await desk.register(3, phone="", willingness=None)
        await desk.register(4, county_code="530326")
        (worst, best) = (await desk.get("/v1/workers/quality"))["items"]
        one = (await desk.get(f"/v1/workers/{lacking}"))["quality"]["score"]
        assert (worst["county_code"], worst["workers"], best["county_code"]) == ("530627", 2, "530326")
        assert worst["score"] == round((best["score"] + one) / 2, 1)
        assert {entry["field"]: entry["workers"] for entry in worst["missing"]}["phone"] == 1
        gains = [entry["points"] * entry["workers"] for entry in worst["missing"]]
        assert gains == sorted(gains, reverse=True)
        (town,) = (await desk.get("/v1/workers/quality", {"county_code": "530627"}))["items"]
        assert (town["township"], town["workers"]) == ("乌峰街道", 2)
        assert (await desk.get("/v1/workers/quality", by="huize"))["items"][0]["county_code"] == "530326"
        first = await desk.get("/v1/workers/quality/profiles", {"limit": 1})
        assert first["items"][0]["worker"]["id"] == lacking
        assert first["items"][0]["quality"]["missing"][0]["field"] == "phone"
        rest = await desk.get("/v1/workers/quality/profiles", {"cursor": first["next_cursor"]})
        assert len(rest["items"]) == 2


async def test_stale_intentions_are_told_by_township_and_responsible_person(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        old, never = await desk.register(2), await desk.register(3, willingness=None, words={})
        body = {"name": "陆村长", "county_code": "530627", "township": "乌峰街道"}
        cadre_id = (await desk.post("/v1/cadres", body))["id"]
        await desk.post("/v1/followups/bulk", {"worker_ids": [old, never], "assign": {"cadre_id": cadre_id}}, status=200)
        desk.calendar.day = date(2027, 3, 1)
        fresh = await desk.register(4)
        await desk.post(f"/v1/workers/{fresh}/assignment", {"cadre_id": cadre_id}, status=200)
        report = await desk.get("/v1/followups/stale", {"stale_days": 90})
        (row,) = report["items"]
        assert (row["cadre_name"], row["workers"], row["stale"], row["never_asked"]) == ("陆村长", 3, 2, 1)
        assert (row["oldest_confirmed_on"], report["total"]) == ("2026-11-01", 2)
        assert (await desk.get("/v1/followups/stale", {"stale_days": 300}))["total"] == 1
        found = sheets(await desk.get("/v1/followups/stale.xlsx", {"stale_days": 90}))
        assert found["意向过期"][1] == ["昭通市镇雄县", "乌峰街道", "陆村长", 3, 2, 1, "2026-11-01"]
        await desk.post(f"/v1/workers/{old}/contacts", {"channel": "V1", "outcome": "FU02"})
        desk.calendar.day = date(2027, 4, 1)
        late = sheets(await desk.get("/v1/followups/overdue.xlsx"))
        assert late["逾期未联系"][1] == ["昭通市镇雄县", "乌峰街道", "陆村长", 1, 0, 1, 0, "2027-03-08"]


async def test_a_list_to_take_along_names_people_in_clear_and_each_is_audited(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        await desk.register(2, stated={"village": "毛坪村"})
        await desk.register(3, county_code="530326")
        desk.calendar.day = date(2026, 12, 1)
        await desk.post("/v1/followups/worksheets", {}, status=400)
        content = await desk.post("/v1/followups/worksheets", {"purpose": "contact_worker"}, by="zhenxiong", status=200)
        (heading, row) = sheets(content)["待联系"]
        line = dict(zip(heading, row, strict=True))
        assert (line["姓名"], line["联系电话"], line["村"]) == ("余德珍", "15400000002", "毛坪村")
        assert (line["为什么要联系"], line["意向工种"], line["本次结果"]) == ("登记后还没有联系过", "保洁", None)
