"""The check before publishing: what blocks, what a person must see, and what only looks unlawful."""

from datetime import date
from pathlib import Path

import pytest

from services.jobs.compliance import Category, Finding, Severity, blocked, check
from services.jobs.understanding.notice import Notice

TODAY = date(2026, 11, 1)
WORDING = Path(__file__).parents[1] / "data" / "wording"


def found(text: str, **columns: str) -> dict[Category, Finding]:
    notice = Notice.of_record({"岗位名称": "普工", "岗位描述": text, **columns})
    return {finding.category: finding for finding in check(notice, TODAY)}


@pytest.mark.parametrize(
    ("text", "category", "words"),
    [
        ("只要男的，女的别投", Category.SEX, "只要男的"),
        ("限女性，包住", Category.SEX, "限女性"),
        ("男士优先", Category.SEX, "男士优先"),
        ("女，18-40岁", Category.SEX, "女"),
        ("已婚已育优先", Category.MARRIAGE_CHILDBIRTH, "已婚"),
        ("三年内不得怀孕", Category.MARRIAGE_CHILDBIRTH, "不得怀孕"),
        ("少数民族勿扰", Category.ETHNICITY, "少数民族勿扰"),
        ("不招彝族", Category.ETHNICITY, "不招彝族"),
        ("不信教的优先", Category.RELIGION, "不信教"),
        ("本地户口优先", Category.HOUSEHOLD_REGISTRATION, "本地户口优先"),
        ("外省勿扰", Category.HOUSEHOLD_REGISTRATION, "外省勿扰"),
        ("河南人不要", Category.HOUSEHOLD_REGISTRATION, "河南人不要"),
        ("乙肝携带者勿扰", Category.PATHOGEN_CARRIER, "乙肝"),
        ("残疾人勿扰", Category.DISABILITY, "残疾人勿扰"),
        ("入职交押金500元", Category.DEPOSIT_OR_DOCUMENTS, "押金"),
        ("身份证押在公司", Category.DEPOSIT_OR_DOCUMENTS, "身份证押"),
        ("报名费100元", Category.WORKER_FEE, "报名费100元"),
        ("学费6800元可分期贷款", Category.TRAINING_LOAN, "学费6800元"),
        ("加班没有加班费", Category.HOURS, "没有加班费"),
        ("试工三天没有工资", Category.BELOW_MINIMUM_WAGE, "试工三天没有工资"),
        ("交钱就能拿证", Category.MISLEADING, "交钱就能拿证"),
    ],
)
def test_what_the_law_forbids(text: str, category: Category, words: str) -> None:
    finding = found(text)[category]
    assert finding.severity is Severity.BLOCKS
    assert words in finding.span.text
    assert finding.article
    assert finding.rewording


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("月嫂", "负责孕妇护理、产妇起居，有已生育产妇的护理经验"),
        ("厨师", "民族餐窗口，会做清真菜优先，持健康证"),
        ("文员", "女职工三期不安排夜班，哺乳期有哺乳时间，男女不限"),
        ("服务员", "不收培训费、服装费、押金，健康证公司出钱办"),
        ("搓澡工", "男浴室，招男性搓澡师傅2名"),
        ("夫妻工", "招一对夫妻，男方开车，女方做饭"),
        ("社区保洁（公益性岗位）", "面向本街道户籍的脱贫户，带户口册报名"),
        ("文员", "肢体残疾人优先，民族不限，户籍不限，身高不限"),
        ("陪护", "不收押金，押身份证的都是骗子"),
        ("客服", "会说壮话加分，普通话标准"),
        ("保安", "18-55周岁，退伍军人优先，无犯罪记录证明由户籍地派出所开具"),
    ],
)
def test_what_only_looks_unlawful(title: str, text: str) -> None:
    assert found(text, 岗位名称=title) == {}


def test_a_private_households_wish_in_personal_care_is_looked_at_not_blocked() -> None:
    household = found("照顾卧床老人，只要男的", 单位类型="个人雇主", 用人单位="雇主何先生")
    assert household[Category.SEX].severity is Severity.STAFF
    company = found("只要男的", 单位类型="工厂", 用人单位="某某厂")
    assert company[Category.SEX].severity is Severity.BLOCKS


def test_the_minimum_wage_blocks_by_verified_rows_and_advises_by_others() -> None:
    under = found("月薪1800，双休", 工作市="广州市")[Category.BELOW_MINIMUM_WAGE]
    assert (under.severity, "2300" in under.reason) == (Severity.BLOCKS, True)
    between = found("月薪2400，双休", 工作市="广州市")[Category.BELOW_MINIMUM_WAGE]
    assert (between.severity, "2500" in between.reason) == (Severity.ADVICE, True)
    assert Category.BELOW_MINIMUM_WAGE not in found("月薪2600，双休", 工作市="广州市")
    assert Category.BELOW_MINIMUM_WAGE not in found("月薪1200，每天4小时", 工作市="广州市")


def test_weeks_beyond_the_law_are_looked_at() -> None:
    finding = found("包住", 工作时间="十二小时，两班倒，月休两天")[Category.HOURS]
    assert (finding.severity, finding.span.text) == (Severity.STAFF, "十二小时，两班倒，月休两天")
    assert Category.HOURS not in found("包住", 工作时间="八小时，做五休二")
    assert Category.HOURS not in found("综合工时已批准", 工作时间="上24小时休48小时")


@pytest.mark.parametrize(
    ("title", "age", "blocks"), [("保安员", "16-50岁", True), ("普工", "16-50岁", False), ("普工", "15岁以上", True)]
)
def test_too_young(title: str, age: str, *, blocks: bool) -> None:
    assert (Category.UNDER_18 in found("", 岗位名称=title, 年龄要求=age)) is blocks


def test_an_age_wish_is_advice_only_where_it_goes_beyond_the_law() -> None:
    assert found("", 年龄要求="18-35岁")[Category.AGE_WISH].severity is Severity.ADVICE
    assert found("", 年龄要求="18-55岁") == {}


def test_an_agency_without_a_licence_number() -> None:
    assert found("", 用人单位="众聚人力资源有限公司")[Category.AGENCY_LICENCE].severity is Severity.STAFF
    assert found("许可证编号：粤1234", 用人单位="众聚人力资源有限公司") == {}


def test_one_finding_per_category_with_every_place() -> None:
    finding = found("押金300元。健康证原件由公司保管。")[Category.DEPOSIT_OR_DOCUMENTS]
    assert len(finding.spans) == 2
    assert blocked([finding])


def test_a_pasted_message_counts_its_places_from_the_beginning() -> None:
    text = "招保洁\n要求：限女性\n工资：4500"
    (finding,) = check(Notice.of_text(text), TODAY)
    assert text[finding.span.start : finding.span.end] == finding.span.text == "限女性"


def in_passing(words: str) -> set[str]:
    title = "保安员" if "保安" in words else "普工"
    return {category.value for category in found(f"月薪5000，{words}，包住。", 岗位名称=title)}


def test_unlawful_words_are_found_in_whatever_way_they_are_put() -> None:
    lines = [line.split(" ", 1) for line in (WORDING / "unlawful.txt").read_text("utf-8").splitlines()]
    assert len(lines) > 300
    assert [words for category, words in lines if category not in in_passing(words)] == []


def test_lawful_words_are_left_alone() -> None:
    lines = (WORDING / "lawful.txt").read_text("utf-8").splitlines()
    assert len(lines) > 300
    assert {words: said for words in lines if (said := in_passing(words))} == {}
