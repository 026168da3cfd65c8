"""Places, pay, starting, lodging and nights in workers' words."""

from datetime import date

import pytest

from services.kernel.text.facts.model import Lodging, Reach, Stance
from services.kernel.text.facts.starts import earliest
from tests.unit.said import TODAY, facts


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("上海，浦东最好", {"310000", "310115"}),
        ("深镇东馆", {"440300", "441900"}),
        ("东莞虎门，我哥在那边", {"441900"}),
        ("广州佛山都行", {"440100", "440600"}),
        ("江浙沪", {"310000", "320000", "330000"}),
        ("深圳宝安", {"440306"}),
        ("广南县城", {"532627"}),
        ("昆明附近", {"530100"}),
        ("上海嘉定有亲戚", {"310114"}),
        ("红河州元阳", {"532528"}),
    ],
)
def test_places_wanted(words: str, codes: set[str]) -> None:
    assert {place.code for place in facts(intention_places=words).places} == codes


def test_the_pearl_river_delta_is_nine_cities() -> None:
    assert len(facts(intention_places="珠三角").places) == 9


def test_places_refused() -> None:
    found = facts(intention_places="不想跑北方，南边可以")
    assert "110000" in {place.code for place in found.places_refused}
    assert "440000" in {place.code for place in found.places}


def test_farther_places_count_for_less() -> None:
    degrees = {place.code: place.degree for place in facts(intention_places="深圳上海都行，上海远了点").places}
    assert degrees["310000"] < degrees["440300"]


@pytest.mark.parametrize(
    ("words", "reach"),
    [
        ("哪里都行，能苦着钱就得", Reach.ANYWHERE),
        ("哪点都得", Reach.ANYWHERE),
        ("除了上海哪都行", Reach.ANYWHERE),
        ("外省也可以，工资高就行", Reach.ANYWHERE),
        ("省内，云南哪里都可以", Reach.PROVINCE),
        ("离家近点", Reach.COUNTY),
        ("本县", Reach.COUNTY),
        ("不出远门", Reach.COUNTY),
        ("本村", Reach.HOME),
        ("上海", Reach.UNKNOWN),
        ("昆明附近", Reach.UNKNOWN),
    ],
)
def test_how_far_from_home(words: str, reach: Reach) -> None:
    assert facts(intention_places=words).reach is reach


@pytest.mark.parametrize("remark", ["灵活就业，不外出", "外省莫推，走不脱", "晚上必须回家", "地里离不开人"])
def test_remarks_keep_people_near_home(remark: str) -> None:
    assert facts(remark=remark).reach in {Reach.COUNTY, Reach.HOME}


@pytest.mark.parametrize(
    ("words", "wished", "floor"),
    [
        ("六千以上", 6000, None),
        ("4500-6000", 4500, None),
        ("三千五到四千", 3500, None),
        ("四千六", 4600, None),
        ("4千5", 4500, None),
        ("5k-6k", 5000, None),
        ("1.2万", 12000, None),
        ("8000以上，少于七千不去", 8000, 7000),
        ("两千多也干", 2000, 2000),
        ("最少三千", 3000, 3000),
        ("一天两百以上", 5200, None),
        ("一年六万", 5000, None),
        ("两口子一个月一万", 5000, None),
        ("9500，双胎要加", 9500, None),
        ("5000（包吃住）", 5000, None),
    ],
)
def test_pay_by_the_month(words: str, wished: float, floor: float | None) -> None:
    pay = facts(intention_pay=words).pay
    assert pay is not None
    assert (pay.wished, pay.floor) == (wished, floor)


@pytest.mark.parametrize("words", ["面议", "越高越好", "做一个小时算一个小时", "日结最好", ""])
def test_no_sum_is_no_wish(words: str) -> None:
    assert facts(intention_pay=words).pay is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("随时", TODAY),
        ("马上就能来", TODAY),
        ("等通知", TODAY),
        ("打完谷子，十月底就可以了", TODAY),
        ("下月十号", date(2026, 12, 10)),
        ("月底", date(2026, 11, 28)),
        ("11月20日以后", date(2026, 11, 20)),
        ("元旦后", date(2027, 1, 2)),
        ("合同到明年一月", date(2027, 1, 1)),
        ("提前半个月说", date(2026, 11, 16)),
        ("正月十六", date(2027, 2, 21)),
        ("腊月二十", date(2027, 1, 27)),
        ("甘蔗砍完", date(2027, 3, 20)),
        ("明年六月十号以后", date(2027, 6, 10)),
        ("农历二月", date(2027, 3, 8)),
    ],
)
def test_the_earliest_start(words: str, day: date) -> None:
    found = earliest(facts(start=words).start, TODAY)
    assert found is not None
    assert abs((found - day).days) <= 1


def test_a_start_is_read_the_same_on_any_day() -> None:
    said = facts(start="过完年").start
    assert earliest(said, date(2026, 11, 1)) == date(2027, 2, 13)
    assert earliest(said, date(2027, 11, 1)) == date(2028, 2, 2)


def test_an_event_without_a_day_stays_open() -> None:
    assert earliest(facts(start="婆婆那边安排好").start, TODAY) is None
    assert earliest(None, TODAY) is None


@pytest.mark.parametrize(
    ("words", "lodging"),
    [
        ("包吃住", Lodging.NEEDED),
        ("有张床睡", Lodging.NEEDED),
        ("几个人一间可以", Lodging.NEEDED),
        ("自己租", Lodging.OWN),
        ("不用安排住宿，女儿家住", Lodging.OWN),
        ("", Lodging.UNKNOWN),
    ],
)
def test_lodging(words: str, lodging: Lodging) -> None:
    assert facts(lodging=words).lodging is lodging


@pytest.mark.parametrize(
    ("words", "stance"),
    [
        ("住家", Stance.WANTS),
        ("住家可以", Stance.ACCEPTS),
        ("住家不住家都行", Stance.ACCEPTS),
        ("不住家，晚上要回来", Stance.REFUSES),
        ("包住", Stance.UNKNOWN),
    ],
)
def test_living_in(words: str, stance: Stance) -> None:
    assert facts(lodging=words).live_in is stance


@pytest.mark.parametrize(
    ("words", "stance"),
    [("门卫，白班", Stance.REFUSES), ("守夜", Stance.ACCEPTS), ("不倒夜班", Stance.REFUSES), ("保洁", Stance.UNKNOWN)],
)
def test_nights(words: str, stance: Stance) -> None:
    assert facts(intention_occupations=words).nights is stance


def test_companions() -> None:
    together = facts(companions="和婆娘一起", remark="两口子要在一个地方").companions
    assert [(one.kind, one.must) for one in together] == [("spouse", True)]
    assert facts(companions="无").companions == ()


def test_care_that_somebody_else_sees_to_ties_nobody() -> None:
    assert facts(care_duties="老婆精神二级残疾，离不得人").tied_home is not None
    assert facts(care_duties="两个娃，外婆管，离不得人").tied_home is None


@pytest.mark.parametrize("remark", ["登记一下，不求职", "水上的人，别推", "不缺活，登记下就是"])
def test_who_is_not_looking(remark: str) -> None:
    assert facts(remark=remark).not_seeking is not None
