"""What postings' words say: the work, pay, lodging, what is asked and for whom."""

from datetime import date

import pytest

from services.kernel.text.facts.model import Lodging, Role, Stance, Strength
from tests.unit.said import posted


def main(title: str, **said: str) -> set[str]:
    return {work.id for work in posted(title, **said).works if work.role is Role.MAIN}


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("急招保洁阿姨数名", "P06"),
        ("住家月嫂（26天/单）", "H05"),
        ("住家保姆（煮饭+照看老人）", "H02"),
        ("消防控制室值班员（中控）", "P03"),
        ("楼栋管家（客服）", "P18"),
        ("园林工", "P11"),
        ("酒店客房", "X01"),
        ("食堂帮厨", "P24"),
        ("乡村公益性岗位（村庄保洁）", "G05"),
    ],
)
def test_the_work_of_a_title(title: str, work: str) -> None:
    assert work in main(title)


def test_what_the_work_is_not() -> None:
    works = posted("整理收纳师", description="不是去前台收银，也不做小区物业管家，请看清。").works
    assert {work.id for work in works if work.role is Role.EXCLUDED} >= {"X02", "P18"}


def test_another_way_in() -> None:
    facts = posted(
        "综合维修工", certificates="低压电工作业证", description="无证可以做杂工，工资四千八起。", pay_min=6000, pay_max=7500
    )
    assert facts.pay is not None
    assert facts.pay.entry == 4800
    assert facts.certificates[0].strength is Strength.MUST


@pytest.mark.parametrize(
    ("description", "least", "most"),
    [
        ("工资八千五到一万，做得好过年另外包红包", 8500, 10000),
        ("底薪五千二，做满月全勤一百", 5200, 5200),
        ("两人合计月薪一万七到两万二", 8500, 11000),
        ("一小时38元，单子多", 6460, 6460),
        ("年劳务报酬一万二千元", 1000, 1000),
        ("26天12800元", 12800, 12800),
        ("280元/天，吃饭自理", 7280, 7280),
    ],
)
def test_pay_in_words(description: str, least: float, most: float) -> None:
    pay = posted(description=description).pay
    assert pay is not None
    assert (pay.at_least, pay.at_most) == (least, most)


def test_the_columns_come_first() -> None:
    pay = posted(description="试用期三个月四千", pay_min=5000, pay_max=6000).pay
    assert pay is not None
    assert (pay.at_least, pay.at_most, pay.span) == (5000, 6000, None)


@pytest.mark.parametrize(
    ("words", "lodging", "board"),
    [
        ("包吃包住，6人间", Lodging.PROVIDED, Lodging.PROVIDED),
        ("包住，三餐自理", Lodging.PROVIDED, Lodging.NONE),
        ("不包吃住，可代租单间", Lodging.NONE, Lodging.NONE),
        ("租房补贴1000/月", Lodging.ALLOWANCE, Lodging.UNKNOWN),
        ("提供宿舍，餐补", Lodging.PROVIDED, Lodging.ALLOWANCE),
        ("管中午一餐，不管住", Lodging.NONE, Lodging.PROVIDED),
        ("", Lodging.UNKNOWN, Lodging.UNKNOWN),
    ],
)
def test_lodging_and_board(words: str, lodging: Lodging, board: Lodging) -> None:
    facts = posted(lodging=words)
    assert (facts.lodging, facts.board) == (lodging, board)


@pytest.mark.parametrize(
    ("title", "hours", "live_in", "nights"),
    [
        ("住家保姆", "月休四天", Stance.WANTS, None),
        ("保姆（不住家）", "早八到晚五", Stance.REFUSES, None),
        ("保安", "十二小时，两班倒", Stance.UNKNOWN, True),
        ("电梯管理员", "常白班", Stance.UNKNOWN, False),
    ],
)
def test_living_in_and_nights(title: str, hours: str, live_in: Stance, nights: bool | None) -> None:
    facts = posted(title, hours=hours)
    assert (facts.live_in, facts.nights) == (live_in, nights)


@pytest.mark.parametrize(
    ("words", "strength", "level"),
    [
        ("消防设施操作员四级及以上", Strength.MUST, 4),
        ("入职后半年内取得养老护理员五级", Strength.AFTER_HIRE, 5),
        ("中式烹调师证优先", Strength.NICE, None),
        ("保安员证（入职一个月内取得亦可）", Strength.AFTER_HIRE, None),
    ],
)
def test_certificates_asked(words: str, strength: Strength, level: int | None) -> None:
    need = posted("岗位", certificates=words).certificates[0]
    assert (need.strength, need.level) == (strength, level)


@pytest.mark.parametrize(
    "words",
    [
        "保安员证，到岗两个月以内考出来",
        "保安证；没有的来了公司安排培训",
        "保安员证（没证的话厂里送去考）",
        "保安员证，进厂三十天内补办",
        "保安员证，报名费公司垫付",
        "保安员证，试用期拿到即可",
        "保安员证，单位负责考证",
    ],
)
def test_a_certificate_that_may_be_had_after_starting(words: str) -> None:
    assert [need.strength for need in posted(certificates=words).certificates] == [Strength.AFTER_HIRE]


@pytest.mark.parametrize(
    "words", ["保安员证，入职前须取得", "保安员证，没有的勿投", "须持保安员证上岗", "保安员证，报到时带原件"]
)
def test_a_certificate_that_must_be_there(words: str) -> None:
    assert [need.strength for need in posted(certificates=words).certificates] == [Strength.MUST]


def test_either_certificate_will_do() -> None:
    needs = posted("居家照护员", certificates="养老护理员或医疗护理员五级以上").certificates
    assert [len(need.names) for need in needs] == [2]


def test_the_employer_arranges_the_certificate_of_the_work() -> None:
    needs = posted("保安", certificates="没有的公司帮办").certificates
    assert [need.strength for need in needs] == [Strength.AFTER_HIRE]
    assert "保安员证" in needs[0].names


@pytest.mark.parametrize(
    ("description", "strength"),
    [
        ("必须有两年以上经验", Strength.MUST),
        ("没经验的不敢用", Strength.MUST),
        ("有经验者优先", Strength.NICE),
        ("无经验可以来，带教两周", None),
        ("", None),
    ],
)
def test_experience_asked(description: str, strength: Strength | None) -> None:
    need = posted(description=description).experience
    assert (need.strength if need else None) == strength


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("18-50周岁", 18, 50),
        ("50岁以下", None, 50),
        ("20到55", 20, 55),
        ("男60岁以下，女55岁以下", None, 60),
        ("55周岁以下，身体好的可放宽到58", None, 58),
        ("", None, None),
    ],
)
def test_the_employers_wish_for_age(words: str, least: int | None, most: int | None) -> None:
    facts = posted(age=words)
    assert (facts.age_from, facts.age_to) == (least, most)


@pytest.mark.parametrize(
    ("words", "code", "strength"),
    [
        ("初中及以上", "E2", Strength.MUST),
        ("大专及以上，条件好高中可", "E3", Strength.NICE),
        ("不限", None, Strength.NICE),
    ],
)
def test_schooling(words: str, code: str | None, strength: Strength) -> None:
    facts = posted(education=words)
    assert (facts.education_at_least, facts.education_strength) == (code, strength)


def test_only_public_welfare_posts_are_kept_for_residents() -> None:
    words = "对象：本县脱贫户，在家居住"
    welfare = posted("生态护林员", description=words, employer_kind="K06", district_code="532528")
    assert (welfare.residents_of, welfare.poverty_household_only) == ("532528", True)
    company = posted("保安", description="本市户籍优先，脱贫户", employer_kind="K02")
    assert (company.residents_of, company.poverty_household_only) == ("", False)


def test_what_strains() -> None:
    facts = posted("护工", description="要抱得动人，腰椎有问题的慎重", hours="夜班另补")
    assert {mark.id for mark in facts.strains} >= {"no_heavy_lifting", "no_night_shift"}


def test_facts_do_not_depend_on_the_closing_day() -> None:
    assert posted(valid_until=date(2026, 1, 1)) == posted(valid_until=date(2030, 1, 1))
