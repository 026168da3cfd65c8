"""Sheets of openings: the partner regions' register, and what a bureau sends."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from services.jobs.app import part
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from tests.builders import CLOCK, serving, settings

REGISTER = Path(__file__).parents[1] / "data" / "registers" / "岗位需求表.xlsx"
HEADINGS = ("企业名称", "工种", "需求人数", "工作省份", "城市", "区县", "编号", "截止日期")
ROW = ("昆明云杉物业有限公司", "保洁", "5", "云南省", "昭通市", "镇雄县", "A1", "2027.3.31")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    application = create_application(
        title="jobs", parts=[part(settings(tmp_path), CLOCK)], authenticator=LocalCredential.ensure(tmp_path)
    )
    async with serving(application, tmp_path) as client:
        yield client


def _sheet(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["2026年沪滇劳务协作岗位汇总"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def _import(client: httpx.AsyncClient, content: bytes) -> Mapping[str, Any]:
    """The import when it is done."""
    response = await client.post("/v1/postings/imports", files={"file": ("岗位.xlsx", content)})
    assert response.status_code == 202, response.text
    while True:
        state: dict[str, Any] = (await client.get(response.headers["location"])).json()
        if state["state"] in ("done", "refused"):
            return state
        await asyncio.sleep(0.05)


def _counts(state: Mapping[str, Any]) -> dict[str, int]:
    return {name: state[name] for name in ("accepted", "rejected", "created", "changed", "unchanged")}


async def _postings(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/v1/postings", params={"limit": 200})).json()["items"]
    return items


async def test_the_register_is_taken_whole_and_again_changes_nothing(client: httpx.AsyncClient) -> None:
    register = await asyncio.to_thread(REGISTER.read_bytes)
    first = await _import(client, register)
    assert _counts(first) == {"accepted": 30, "rejected": 0, "created": 30, "changed": 0, "unchanged": 0}
    found = [(finding["code"], finding["reason"]) for finding in first["report"]["findings"]]
    assert [code for code, _ in found].count("expired") == 1
    assert sum("已存为草稿" in reason for _, reason in found) == 3  # sex twice, pathogen carriers once
    assert first["report"]["unknown_headings"] == []
    told = (await client.get("/v1/postings/counts")).json()
    again = await _import(client, register)
    assert _counts(again) == {"accepted": 30, "rejected": 0, "created": 0, "changed": 0, "unchanged": 30}
    assert (await client.get("/v1/postings/counts")).json() == told == {"postings": 30, "vacancies": 311, "unpublished": 27}
    places = {posting["number"]: (posting["city_code"], posting["district_code"]) for posting in await _postings(client)}
    assert (places["P006"], places["P007"], places["P016"], places["P020"], places["P024"]) == (
        ("441900", None),
        ("442000", None),
        ("441900", None),
        ("442000", None),
        ("441900", None),
    )
    assert (places["P027"], places["P028"], places["P029"]) == (
        ("530300", "530326"),
        ("532600", "532627"),
        ("532500", "532528"),
    )


async def test_a_bureau_s_own_headings(client: httpx.AsyncClient) -> None:
    state = await _import(client, _sheet(ROW))
    assert _counts(state)["created"] == 1
    (posting,) = await _postings(client)
    assert (posting["employer_name"], posting["title"], posting["headcount"]) == ("昆明云杉物业有限公司", "保洁", 5)
    assert (posting["district_code"], posting["number"], posting["valid_until"]) == ("530627", "A1", "2027-03-31")


async def test_a_changed_row_makes_a_new_version_and_the_old_sheet_none(client: httpx.AsyncClient) -> None:
    await _import(client, _sheet(ROW))
    changed = await _import(client, _sheet((*ROW[:2], "8", *ROW[3:])))
    assert _counts(changed)["changed"] == 1
    (posting,) = await _postings(client)
    assert (posting["version"], posting["headcount"]) == (2, 8)
    path = f"/v1/postings/{posting['id']}"
    await client.patch(path, json={"title": "小区保洁"}, headers={"If-Match": '"2"'})
    assert _counts(await _import(client, _sheet((*ROW[:2], "8", *ROW[3:]))))["unchanged"] == 1
    assert (await client.get(path)).json()["title"] == "小区保洁"


async def test_a_sheet_finds_its_posting_under_another_name_and_number(client: httpx.AsyncClient) -> None:
    await _import(client, _sheet(ROW))
    (posting,) = await _postings(client)
    corrected = {"employer_name": "昆明云杉物业服务有限公司", "number": "A-001"}
    await client.patch(f"/v1/postings/{posting['id']}", json=corrected, headers={"If-Match": '"1"'})
    assert _counts(await _import(client, _sheet(ROW)))["unchanged"] == 1
    assert [(kept["version"], kept["number"]) for kept in await _postings(client)] == [(2, "A-001")]


async def test_bad_rows_are_rejected_with_reasons_and_the_rest_is_taken(client: httpx.AsyncClient) -> None:
    no_place = (*ROW[:3], "", "", "", "A2", "")
    unknown_place = (*ROW[:3], "云南省", "昭通市", "镇雌县", "A3", "")
    no_headcount = (*ROW[:2], "", *ROW[3:6], "A4", "")
    state = await _import(client, _sheet(ROW, no_place, unknown_place, no_headcount, ROW))
    assert _counts(state) == {"accepted": 1, "rejected": 4, "created": 1, "changed": 0, "unchanged": 0}
    found = [(finding["row"], finding["column"], finding["code"]) for finding in state["report"]["findings"]]
    assert found == [
        (4, "工作区", "missing"),
        (5, "工作区", "unknown_place"),
        (6, "招聘人数", "missing"),
        (7, "岗位编号", "duplicate_in_file"),
    ]
    report = await client.get(f"/v1/postings/imports/{state['id']}/report.xlsx")
    rejected = openpyxl.load_workbook(io.BytesIO(report.content)).worksheets[0]
    assert any("镇雌县" in str(cell.value) for row in rejected.iter_rows() for cell in row)


async def test_a_withdrawn_posting_stays_withdrawn(client: httpx.AsyncClient) -> None:
    await _import(client, _sheet(ROW))
    (posting,) = await _postings(client)
    await client.post(f"/v1/postings/{posting['id']}/withdrawal")
    state = await _import(client, _sheet((*ROW[:2], "8", *ROW[3:])))
    assert [finding["code"] for finding in state["report"]["findings"]] == ["posting_withdrawn"]
    assert (await _postings(client))[0]["status"] == "withdrawn"


async def test_rows_without_a_number_are_known_by_what_they_say(client: httpx.AsyncClient) -> None:
    sheet = _sheet((*ROW[:6], "", ""), (*ROW[:2], "8", *ROW[3:6], "", ""))
    assert _counts(await _import(client, sheet))["created"] == 2
    assert _counts(await _import(client, sheet))["unchanged"] == 2


async def test_a_sheet_without_what_is_needed_is_refused_with_what_was_found(client: httpx.AsyncClient) -> None:
    state = await _import(client, _sheet(ROW[:2], headings=HEADINGS[:2]))
    assert (state["state"], state["refusal"]["code"]) == ("refused", "headings_missing")
    assert "招聘人数" in state["refusal"]["detail"]
    assert "企业名称" in state["refusal"]["detail"]


async def test_columns_of_terms_are_read_and_their_words_kept(client: httpx.AsyncClient) -> None:
    headings = (
        *HEADINGS,
        "统一社会信用代码",
        "用工形式",
        "社保",
        "结算方式",
        "到岗时间",
        "工作经验",
        "协作机制",
        "联系人",
        "联系电话",
    )
    terms = (
        "91350100M000100Y43",
        "劳务派遣",
        "五险、意外险",
        "月结",
        "2026年12月1日",
        "一年以上",
        "沪滇协作",
        "欧阳静娴",
        "13800001111",
    )
    row = (*ROW[:3], "上海市", "", "松江区", "B1", "", *terms)
    state = await _import(client, _sheet(row, headings=headings))
    assert _counts(state) == {"accepted": 1, "rejected": 0, "created": 1, "changed": 0, "unchanged": 0}
    assert state["report"]["unknown_headings"] == []
    (posting,) = await _postings(client)
    kept = posting["terms"]
    assert (kept["contract_form"], kept["settlement"], kept["start"]) == ("dispatch", "monthly", "2026-12-01")
    assert (kept["insurance"], kept["must"]["experience"]) == (["accident", "social_insurance"], "一年以上")
    assert posting["cooperation"] == {"scheme": "沪滇", "prefectures": ["530600", "532800"]}
    assert "保险：五险、意外险" in posting["words"]["description"]
    employer = (await client.get(f"/v1/employers/{posting['employer_id']}")).json()
    assert employer["uscc"] == "91350100M000100Y43"
    private = (await client.get(f"/v1/postings/{posting['id']}/private")).json()
    assert private["contact"] == {"name": "欧阳静娴", "phone": "13800001111", "other": ""}
    assert "13800001111" not in str(posting)
    renamed = ("昆明云杉物业管理有限公司", *row[1:6], "B2", *row[7:])
    assert _counts(await _import(client, _sheet(renamed, headings=headings)))["created"] == 1
    assert {one["employer_id"] for one in await _postings(client)} == {posting["employer_id"]}
    wrong = (*ROW[:6], "B3", "", "91350100M000100Y44", *terms[1:])
    found = (await _import(client, _sheet(wrong, headings=headings)))["report"]["findings"]
    assert "bad_uscc" in [finding["code"] for finding in found]
