"""Hard limits: who must not stand in a list, and who may."""

from datetime import date
from typing import Any

import pytest

from services.contracts.postings import PriorityWindow
from services.kernel.text.facts import posting_facts, worker_facts
from services.matcher.ranking.limits import closed, exclusion, least_age
from services.matcher.ranking.pair import Opening, Pair, Seeker
from tests.unit.said import TODAY, posting, profile


def seeker(**said: Any) -> Seeker:
    person = profile(**said)
    return Seeker(person, worker_facts(person))


def opening(title: str = "小区保洁员", **said: Any) -> Opening:
    offer = posting(title, **said)
    return Opening(offer, posting_facts(offer))


def excluded(one: Seeker, other: Opening) -> bool:
    return exclusion(Pair(one, other, TODAY)) is not None


def test_nothing_said_excludes_nobody() -> None:
    assert not excluded(seeker(), opening())


@pytest.mark.parametrize(("day", "shut"), [(date(2026, 10, 31), True), (TODAY, False), (None, False)])
def test_an_opening_is_over_after_its_last_day(day: date | None, shut: bool) -> None:
    assert (closed(opening(valid_until=day), TODAY) is not None) == shut
    assert excluded(seeker(), opening(valid_until=day)) == shut


@pytest.mark.parametrize("status", ["paused", "suspended", "filled", "expired", "withdrawn"])
def test_an_opening_that_is_not_shown_is_closed(status: str) -> None:
    assert closed(opening(status=status), TODAY) is not None


@pytest.mark.parametrize(
    ("household", "until", "out"),
    [
        ("HS02", TODAY, False),
        ("HS07", TODAY, True),
        (None, TODAY, True),
        ("HS07", date(2026, 10, 31), False),  # the window is over, whether or not the job that ends it has run
    ],
)
def test_in_its_priority_window_an_opening_is_for_the_households_named(household: str | None, until: date, out: bool) -> None:
    window = PriorityWindow(until=until, households=("HS02", "HS04"))
    restricted = opening(status="published-restricted", priority=window)
    assert closed(restricted, TODAY) is None
    assert excluded(seeker(household_category=household), restricted) == out


@pytest.mark.parametrize(
    ("born", "title", "out"),
    [
        (date(2010, 11, 2), "小区保洁员", True),  # 15
        (date(2010, 11, 1), "小区保洁员", False),  # 16 today
        (date(2008, 11, 2), "保安", True),  # 17
        (date(2008, 11, 1), "保安", False),  # 18 today
    ],
)
def test_the_ages_of_the_law(born: date, title: str, out: bool) -> None:
    assert excluded(seeker(birth_date=born), opening(title)) == out


def test_an_employers_upper_age_is_a_wish() -> None:
    assert not excluded(seeker(birth_date=date(1960, 1, 1)), opening(age="50岁以下"))


def test_guards_are_grown_up() -> None:
    assert least_age(opening("保安")) == 18
    assert least_age(opening("小区保洁员")) == 16


@pytest.mark.parametrize(
    ("wish", "title", "out"),
    [
        ("物业客服，不当保安", "保安", True),
        ("不想再带娃了，想伺候老人", "育儿嫂", True),
        ("不想再带娃了，想伺候老人", "养老护理员", False),
        ("月嫂", "保安", False),
    ],
)
def test_clear_refusals(wish: str, title: str, out: bool) -> None:
    assert excluded(seeker(intention_occupations=wish), opening(title)) == out


def test_places_refused() -> None:
    assert excluded(seeker(intention_places="不去广东"), opening())
    assert not excluded(seeker(intention_places="广东"), opening())


def test_who_stays_home_is_not_sent_away() -> None:
    home = seeker(remark="外省莫推，走不脱")
    assert excluded(home, opening())
    assert not excluded(home, opening(province_code="530000", city_code="530600", district_code="530627"))


@pytest.mark.parametrize(
    ("papers", "out"),
    [
        ("消防设施操作员四级（监控）", False),
        ("消防设施操作员中级（维保方向）", True),
        ("", True),
    ],
)
def test_what_the_law_asks_of_fire_control(papers: str, out: bool) -> None:
    room = opening("消防控制室值班员", certificates="消防设施操作员四级（监控方向）")
    assert excluded(seeker(certificates=papers), room) == out


def test_a_short_course_that_the_employer_arranges_excludes_nobody() -> None:
    assert not excluded(seeker(), opening("保安", certificates="没有的公司帮办"))
    assert excluded(seeker(), opening("保安", certificates="必须持保安员证"))


def test_another_way_in_keeps_people_without_the_certificate() -> None:
    told = "无证可以做杂工，工资四千八起。"
    assert not excluded(seeker(), opening("综合维修工", certificates="低压电工作业证", description=told))
    assert excluded(seeker(), opening("综合维修工", certificates="低压电工作业证"))


def test_public_welfare_posts_are_for_residents_of_poor_households() -> None:
    post = opening(
        "生态护林员", description="本县脱贫户，在家居住", employer_kind="K06", district_code="530627", city_code="530600"
    )
    assert not excluded(seeker(household_category="HS02"), post)
    assert excluded(seeker(household_category="HS07"), post)
    assert excluded(seeker(household_category="HS02", county_code="530628"), post)


def test_couples_only() -> None:
    post = opening("别墅夫妻工", employer_kind="K01")
    assert excluded(seeker(), post)
    assert not excluded(seeker(companions="和老公一起"), post)


def test_a_tested_limit_excludes_only_where_the_posting_tests_it() -> None:
    weak = seeker(certificates="消防设施操作员四级（监控）", work_limits=("colour_vision",))
    papers = "消防设施操作员四级（监控方向）"
    assert excluded(weak, opening("消防控制室值班员", certificates=papers, description="要求色觉正常（体检会查）"))
    assert not excluded(weak, opening("消防控制室值班员", certificates=papers))


@pytest.mark.parametrize(
    ("papers", "out"),
    [
        ("消防设施操作员五级", True),  # may not sit in a control room
        ("消防设施操作员三级", False),
        ("消防设施操作员", False),  # level not known: staff will see
    ],
)
def test_the_law_asks_for_a_level(papers: str, out: bool) -> None:
    assert excluded(seeker(certificates=papers), opening("消防控制室值班员", certificates="消防设施操作员证")) == out


def test_what_has_lapsed_counts_only_where_it_does_not_lapse() -> None:
    assert excluded(seeker(certificates="低压电工证（过期）"), opening("物业电工", certificates="低压电工证"))
    assert not excluded(seeker(certificates="保安员证（过期没换）"), opening("保安", certificates="必须持保安员证"))
