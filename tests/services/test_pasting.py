"""A posting from a pasted message, in one step."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.principals import bearer
from tests.services.jobs_service import Served, jobs_service
from tests.services.test_employers_api import uscc

MESSAGE = (
    "【上海嘉定】棠梨湾家政招住家育儿嫂2名，月薪8000-9500，包吃住，月休四天，要有育婴员证、健康证，两年以上经验，初中以上，"
    "普通话好，缴五险，签劳动合同。12月1日到岗，有效期到2027年3月。联系王姐13800001111"
)
BY_LINES = """用人单位：昆明云杉物业有限公司
岗位：保安
人数：5人
工资：130/天
地点：昆明市盘龙区
三班倒 8:00-20:00 包吃住 交意外险 劳务派遣"""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        yield service


async def _paste(served: Served, text: str, **changes: Any) -> httpx.Response:
    return await served.client.post("/v1/postings/from-text", json={"text": text} | changes)


async def test_a_message_becomes_a_draft_with_the_words_for_it(served: Served) -> None:
    response = await _paste(served, MESSAGE)
    assert response.status_code == 201, response.text
    posting, understood = response.json()["posting"], response.json()["understood"]
    assert (posting["status"], posting["source"], posting["employer_name"]) == ("draft", "O6", "棠梨湾家政")
    assert (posting["division_code"], posting["headcount"], posting["occupation_id"]) == ("310114", 2, "H06")
    assert (posting["pay_min"], posting["pay_max"], posting["valid_until"]) == (8000, 9500, "2027-03-31")
    terms = posting["terms"]
    assert (terms["live_in"], terms["lodging"], terms["board"], terms["rest"]) == (
        True,
        "provided",
        "provided",
        "four_days_a_month",
    )
    assert (terms["contract_form"], terms["insurance"], terms["start"]) == (
        "labour_contract",
        ["social_insurance"],
        "2026-12-01",
    )
    assert terms["must"]["certificates"] == ["育婴员职业技能等级证书", "健康证"]
    assert (terms["must"]["experience_years"], terms["must"]["education"]) == (2, "E2")
    assert understood["facts"]["pay_min"]["span"]["text"] in MESSAGE
    private = await served.client.get(f"/v1/postings/{posting['id']}/private")
    assert private.json()["original_text"] == MESSAGE
    shown = await served.client.post(f"/v1/postings/{posting['id']}/submission")
    assert shown.json()["status"] == "published"


async def test_pay_by_the_day_stays_by_the_day(served: Served) -> None:
    posting = (await _paste(served, BY_LINES, intent="publish")).json()["posting"]
    assert (posting["title"], posting["employer_name"], posting["division_code"]) == ("保安", "昆明云杉物业有限公司", "530103")
    assert (posting["pay_min"], posting["terms"]["pay_unit"], posting["terms"]["rate_min"]) == (None, "day", 130)
    assert (posting["terms"]["contract_form"], posting["terms"]["insurance"]) == ("dispatch", ["accident"])
    assert (posting["terms"]["hours_start"], posting["terms"]["shifts"]) == ("08:00", ["three_shift"])
    assert posting["status"] == "published"


async def test_what_is_missing_is_named_and_can_be_filled_in(served: Served) -> None:
    refused = await _paste(served, "招阿姨做饭打扫，待遇面谈")
    assert refused.status_code == 400
    assert {error["pointer"] for error in refused.json()["errors"]} >= {"/fields/division_code", "/fields/headcount"}
    fields = {"division_code": "310115", "headcount": 1, "employer_name": "张女士家", "title": "做饭阿姨"}
    made = await _paste(served, "招阿姨做饭打扫，待遇面谈", fields=fields)
    assert (made.json()["posting"]["title"], made.json()["posting"]["headcount"]) == ("做饭阿姨", 1)
    wrong = await _paste(served, MESSAGE, fields={"headcount": 0})
    assert wrong.json()["errors"][0]["pointer"] == "/fields/headcount"
    unknown = await _paste(served, MESSAGE, fields={"colour": "red"})
    assert unknown.json()["errors"][0]["pointer"] == "/fields/colour"


async def test_what_is_stated_stands_before_what_is_said(served: Served) -> None:
    made = await _paste(served, MESSAGE, fields={"headcount": 7, "pay_max": 9000})
    assert (made.json()["posting"]["headcount"], made.json()["posting"]["pay_max"]) == (7, 9000)


async def test_an_employer_pastes_for_itself(served: Served) -> None:
    mine = await served.employer("mine", uscc=uscc(1), sandbox=False)
    response = await served.client.post("/v1/postings/from-text", json={"text": MESSAGE}, headers=bearer("mine"))
    assert (response.status_code, response.json()["posting"]["employer_id"]) == (201, mine["id"])


async def test_pasting_again_under_the_same_key_makes_nothing_new(served: Served) -> None:
    key = {"Idempotency-Key": "paste-1"}
    first = await served.client.post("/v1/postings/from-text", json={"text": MESSAGE}, headers=key)
    again = await served.client.post("/v1/postings/from-text", json={"text": MESSAGE}, headers=key)
    assert first.content == again.content
    assert (await served.client.get("/v1/postings/counts")).json()["postings"] == 1
