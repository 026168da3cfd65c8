"""What a notice says: every key in the ways people write it, columns before words, contradictions told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.cli.evaluation.collection import read_collection
from services.cli.evaluation.gold import judged_facts, judged_notices
from services.cli.evaluation.reading import compliance_report, facts_report
from services.jobs.understanding.fact import Fact, Key
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.understand import Understanding, understand

TODAY = date(2026, 11, 1)
DATA = Path(__file__).parents[1] / "data"


def read(text: str, **columns: str) -> dict[Key, Fact]:
    notice = Notice.of_record({"岗位描述": text, **columns}) if columns else Notice.of_text(text)
    return dict(understand(notice, TODAY).by_key)


def value(key: Key, text: str, **columns: str) -> Any:
    fact = read(text, **columns).get(key)
    return fact.value if fact else None


@pytest.mark.parametrize(
    ("text", "least", "most", "unit"),
    [
        ("月薪六千以上", 6000, None, "month"),
        ("工资4500-6000", 4500, 6000, "month"),
        ("薪资4.5k-6k", 4500, 6000, "month"),
        ("工资5千到7千", 5000, 7000, "month"),
        ("26天一单9800", 9800, 9800, "order"),
        ("工资130/天，日结", 130, 130, "day"),
        ("时薪25", 25, 25, "hour"),
        ("底薪4000+提成，综合6000-8000", 6000, 8000, "month"),
        ("工资一万二", 12000, 12000, "month"),
        ("年劳务报酬一万元", 10000, 10000, "year"),
    ],
)
def test_pay_as_stated(text: str, least: float, most: float | None, unit: str) -> None:
    assert (value("pay_min", text), value("pay_max", text), value("pay_unit", text)) == (least, most, unit)


@pytest.mark.parametrize(
    ("text", "number"), [("招保安3名", 3), ("招聘保洁员两名", 2), ("洗碗工2名、服务员3名", 5), ("招普工若干", None)]
)
def test_headcount(text: str, number: int | None) -> None:
    assert value("headcount", text) == number


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("上班时间8:00-17:00", "08:00", "17:00"),
        ("早八晚五", "08:00", "17:00"),
        ("下午三点到七点半", "15:00", "19:30"),
        ("早六点半到十一点，下午两点半到五点半", "06:30", "17:30"),
        ("早班7:00-15:00，晚班15:00-23:00", "07:00", "15:00"),
    ],
)
def test_working_hours(text: str, start: str, end: str) -> None:
    assert (value("hours_start", text), value("hours_end", text)) == (start, end)


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("rest", "做六休一", "six_on_one_off"),
        ("rest", "周末双休", "two_days_off"),
        ("rest", "每月休息4天", "four_days_a_month"),
        ("shifts", "三班倒", "three_shift"),
        ("shifts", "长白班", "day"),
        ("shifts", "24小时住家", "live_in_24h"),
        ("live_in", "不住家", False),
        ("lodging", "包吃住", "provided"),
        ("lodging", "房补500", "allowance"),
        ("lodging", "不包住", "none"),
        ("board", "包吃住", "provided"),
        ("board", "管一顿晚饭", "partial"),
        ("certificates_must", "须持保安员证", ("保安员证",)),
        ("certificates_nice", "有健康证优先", ("健康证",)),
        ("certificates_nice", "保安员证，入职后可办", ("保安员证",)),
        ("experience_years_min", "两年以上工作经验", 2),
        ("experience_nice", "有经验者优先", True),
        ("experience_must", "无经验可", None),
        ("education_min", "初中以上文化", "初中"),
        ("age_max", "45周岁以内", 45),
        ("sex_wish", "限女性", "female"),
        ("sex_wish", "男女不限", None),
        ("language_must", "普通话流利", "普通话流利"),
        ("health_check", "体检费用自理", "paid_by_worker"),
        ("health_check", "入职体检，费用公司承担", "paid_by_employer"),
        ("contract_form", "劳务派遣", "劳务派遣"),
        ("insurance", "缴纳五险一金", "五险一金"),
        ("start_date", "11月底前到岗", "2026-11-30"),
        ("start_text", "即日起上岗", "即日起"),
        ("couples_welcome", "夫妻可安排夫妻房", True),
        ("fee_or_deposit", "押金300元", True),
        ("fee_or_deposit", "不收任何费用", False),
    ],
)
def test_a_key(key: Key, text: str, code: object) -> None:
    assert value(key, text) == code


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("广州番禺招保洁", ("广东省", "广州市", "番禺区")),
        ("上海浦东招月嫂", ("上海市", "上海市", "浦东新区")),
        ("昆山电子厂", ("江苏省", "苏州市", "昆山")),
        ("擅长云南菜", (None, None, None)),
    ],
)
def test_places(text: str, places: tuple[str | None, ...]) -> None:
    assert tuple(value(key, text) for key in ("place_province", "place_city", "place_district")) == places


def test_a_column_is_never_overridden_and_a_contradiction_is_told() -> None:
    notice = Notice.of_record({"岗位名称": "保洁9人、园丁3人", "招聘人数": "11", "食宿": "不包住", "岗位描述": "包吃住"})
    understood = understand(notice, TODAY)
    assert understood.by_key["headcount"].value == 11
    assert understood.by_key["lodging"].value == "none"
    assert {conflict.key for conflict in understood.conflicts} >= {"headcount", "lodging"}


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("pay", {"月薪下限": "5000", "月薪上限": "6000", "岗位描述": "月薪4500-5500"}),
        ("age_max", {"年龄要求": "18-50", "岗位描述": "要求45岁以下"}),
        ("rest", {"工作时间": "双休", "岗位描述": "月休四天"}),
        ("pay_order_days", {"岗位名称": "月嫂（24天制）", "岗位描述": "26天算一单，9800元"}),
        ("live_in", {"岗位名称": "住家阿姨", "岗位描述": "不住家，晚上回家"}),
        ("board", {"食宿": "包吃住", "岗位描述": "三餐自理"}),
    ],
)
def test_contradictions(key: str, columns: dict[str, str]) -> None:
    assert key in {conflict.key for conflict in understand(Notice.of_record(columns), TODAY).conflicts}


@pytest.mark.parametrize(
    "columns",
    [
        {"月薪下限": "5000", "月薪上限": "8000", "岗位描述": "底薪5000，旺季到八千，全勤奖300"},
        {"年龄要求": "18-50", "岗位描述": "照顾82岁老人和5岁孩子"},
        {"工作时间": "做六休一", "岗位描述": "月休四天"},
        {"岗位名称": "保姆（不住家）", "食宿": "不提供住宿", "岗位描述": "早来晚走"},
    ],
)
def test_what_only_says_more_is_no_contradiction(columns: dict[str, str]) -> None:
    assert understand(Notice.of_record(columns), TODAY).conflicts == ()


def test_a_place_in_a_message_counts_from_its_beginning() -> None:
    text = "  【招保安】\n工资：5000-6000，包住\n要求：18-50岁"
    understood: Understanding = understand(Notice.of_text(text), TODAY)
    for fact in understood.facts:
        assert text[fact.span.start : fact.span.end] == fact.span.text
    assert understood.by_key["lodging"].value == "provided"
    assert [work.id for work in understood.works] == ["P01"]


@pytest.mark.parametrize(
    "text",
    [
        "。",
        "12",
        "，，，\n：：",
        "1" * 8000,
        "招" * 3000,
        "贵州" + "人" * 4000,
        "招保安3名" * 1500,
        "（（（（",
        "\ud83d\ude00 急招 5k",
    ],
)
def test_nonsense_harms_nothing_and_every_fact_has_its_words(text: str) -> None:
    for fact in understand(Notice.of_text(text), TODAY).facts:
        assert text[fact.span.start : fact.span.end] == fact.span.text


def test_the_judged_postings_are_understood_as_judged() -> None:
    collection = read_collection(DATA / "judged_collection")
    facts = facts_report(judged_facts(DATA / "judged_collection", collection.postings), collection.today)
    assert facts["postings"] == 30
    assert facts["micro"]["f1"] >= 0.95
    found = compliance_report(judged_notices(DATA / "judged_collection", collection.postings), collection.today)
    assert (found["blocks_recall"], found["clean_with_false_blocks"]) == (1.0, 0)
    assert found["micro"]["precision"] >= 0.95


def test_what_was_mended_stays_mended() -> None:
    collection = read_collection(DATA / "later_advertisements")
    found = compliance_report(judged_notices(DATA / "later_advertisements", collection.postings), collection.today)
    assert (found["postings"], found["blocks_recall"], found["clean_with_false_blocks"]) == (160, 1.0, 0)
    assert found["micro"]["precision"] >= 0.95
    facts = facts_report(judged_facts(DATA / "later_advertisements", collection.postings), collection.today)
    assert (facts["postings"], facts["micro"]["f1"] >= 0.97) == (18, True)


def test_every_judged_span_stands_in_its_posting() -> None:
    for name in ("judged_collection", "unseen_postings"):
        collection = read_collection(DATA / name)
        for one in judged_facts(DATA / name, collection.postings):
            whole = "\n".join(one.posting.values())
            assert [span for span in one.spans.values() if span not in whole] == []
        for notice in judged_notices(DATA / name, collection.postings):
            whole = "\n".join(notice.posting.values())
            assert [finding.span for finding in notice.findings if finding.span not in whole] == []
