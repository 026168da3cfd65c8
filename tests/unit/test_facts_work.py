"""Work in people's words: wanted, refused, done; misspellings, dialect, words with two meanings."""

import pytest

from services.kernel.text.facts import worker_facts
from tests.unit.said import facts, profile


def wanted(words: str, **said: str) -> dict[str, float]:
    return {work.id: work.degree for work in facts(intention_occupations=words, **said).wanted}


def refused(words: str, **said: str) -> set[str]:
    return {work.id for work in facts(intention_occupations=words, **said).refused}


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("月搜", "H05"),
        ("月扫，双胎也带过", "H05"),
        ("带月子", "H05"),
        ("育鹰嫂那种带娃", "H06"),
        ("看奶娃娃", "H06"),
        ("帮人领小孩", "H06"),
        ("伺候老奶奶", "H10"),
        ("医院里照顾病人", "H11"),
        ("护公", "H11"),
        ("保按", "P01"),
        ("想当保案", "P01"),
        ("看大门", "P01"),
        ("宝安，最好是看厂门的", "P01"),
        ("保结", "P06"),
        ("扫扫抹抹", "P06"),
        ("钟点", "H04"),
        ("在别人家里煮饭", "H15"),
        ("给食堂洗碗切菜", "P24"),
        ("停车场收费", "P05"),
        ("修剪花草树木", "P11"),
        ("物页前台", "P18"),
        ("电锑安全员", "P16"),
        ("收那整理", "H20"),
        ("踩缝纫机", "X05"),
        ("端盘子", "X03"),
        ("酒店铺床", "X01"),
        ("开货车", "X08"),
        ("进厂打螺丝", "X06"),
    ],
)
def test_what_people_call_their_work(words: str, work: str) -> None:
    assert work in wanted(words)


@pytest.mark.parametrize(
    ("words", "record", "work", "not_work"),
    [
        ("护理", {"experience": "村上的林子归我看，背个喇叭喊防火"}, "G01", "H09"),
        ("护理", {"training": "卫校护理专业，等规培"}, "X20", "H09"),
        ("护理", {"experience": "在医院守病人两年"}, "H11", "G01"),
        ("水电", {"experience": "物业换灯通下水"}, "P12", "X13"),
        ("管家", {"experience": "在小区帮业主报修收费"}, "P18", "H22"),
        ("管家", {"experience": "在别墅住家，管衣橱收纳"}, "H22", "P18"),
        ("中控", {"certificates": "CNC数控操作证"}, "X13", "P03"),
        ("中控", {"certificates": "消防设施操作员四级"}, "P03", "X13"),
        ("消防员", {"remark": "要的是出警那种"}, "X25", "P03"),
        ("班长以上", {"experience": "在小区当保安三年"}, "P02", "P07"),
        ("领班", {"experience": "商场保洁五年"}, "P07", "P02"),
    ],
)
def test_words_with_two_meanings_follow_their_company(words: str, record: dict[str, str], work: str, not_work: str) -> None:
    found = wanted(words, **record)
    assert work in found
    assert found.get(not_work, 0) < 0.5


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("物业客服，不当保安", "P01"),
        ("不想再带娃娃了，想伺候老人", "H06"),
        ("随便，就是不进厂", "X06"),
        ("保安不做，保洁不做，只想开车", "P06"),
        ("伺候老人可以，抱娃娃不行", "H06"),
        ("护士不想当了，想做月嫂", "X20"),
        ("除了进厂其他都可以", "X06"),
        ("普通保安不去", "P01"),
        ("小区保安、前台，不想再服侍人", "H11"),
    ],
)
def test_what_is_refused_is_not_wanted(words: str, work: str) -> None:
    assert work in refused(words)
    assert work not in wanted(words)


@pytest.mark.parametrize(
    "words", ["不嫌脏，保洁就行", "不怕累，当保安", "不限，保洁也可以", "保安（女的要不要）", "不挑，月嫂优先"]
)
def test_harmless_negatives_refuse_nothing(words: str) -> None:
    assert refused(words) == set()
    assert wanted(words)


def test_a_refusal_reaches_to_the_next_wish_only() -> None:
    found = facts(intention_occupations="不想做保洁了，太累，想换带孩子")
    assert [work.id for work in found.wanted] == ["H06"]
    assert "P06" in {work.id for work in found.refused}


@pytest.mark.parametrize("words", ["随便", "什么活都干", "工资高的就行", "宾馆、保洁，一样不挑", "除了进厂其他都可以"])
def test_openness(words: str) -> None:
    assert facts(intention_occupations=words).open_to_any is not None


def test_a_list_that_all_will_do_is_not_openness() -> None:
    assert facts(intention_occupations="看娃娃，看老人，都得").open_to_any is None


@pytest.mark.parametrize("words", ["保安队长，别的不考虑", "只想做月嫂", "挖机，不考虑别的"])
def test_nothing_else_will_do(words: str) -> None:
    assert facts(intention_occupations=words).only_wanted is not None


def test_second_choices_count_for_less() -> None:
    found = wanted("停车场，叉车也行")
    assert found["P05"] == 1.0 > found["X10"]


def test_a_remark_may_wish_refuse_and_correct() -> None:
    assert wanted("保洁", remark="别墅夫妻工也推得").get("H02", 0) > 0
    assert "P01" in refused("班长以上", remark="普通保安不去")
    assert wanted("带娃", remark="她讲的带娃是带自己的娃去，不是帮人带") == {}


def test_torn_between_refusal_and_temptation_is_neither_for_sure() -> None:
    found = facts(intention_occupations="前台，不想再当护工", remark="三百一天的陪护她又有点舍不得")
    assert {work.id: work.degree for work in found.refused}["H11"] < 0.75
    assert 0 < {work.id: work.degree for work in found.wanted}["H11"] < 0.75


def test_the_same_as_before() -> None:
    assert "P01" in wanted("老本行", experience="长安一个楼盘站岗六年")


@pytest.mark.parametrize(
    ("account", "work", "years"),
    [
        ("浦东做过两年多月嫂", "H05", 2.5),
        ("嘉定敬老院一年十个月", "H09", 1.8),
        ("守病人四年半", "H11", 4.5),
        ("2015年到2020年在东莞当保安", "P01", 5.0),
        ("在建水种烤烟；后来县城扫楼道八个月", "P06", 0.7),
        ("保洁干了十来年", "P06", 10.5),
        ("开塔吊八九年了，一个月一万二三", "X11", 8.5),
    ],
)
def test_years_of_experience(account: str, work: str, years: float) -> None:
    found = {one.id: one.years for one in facts(experience=account).experience}
    assert found[work] == pytest.approx(years, abs=0.11)


def test_care_of_the_own_family_is_marked() -> None:
    found = facts(experience="在家照顾瘫痪的婆婆九年").experience
    assert [(one.id, one.at_home) for one in found] == [("H10", True)]
    assert not facts(experience="在上海照顾一个老伯两年，主家满意").experience[0].at_home


@pytest.mark.parametrize("account", ["没做过保安", "证拿到还没坐过中控室", "就想进消防队", "老婆在厂里缝纫"])
def test_what_was_never_done_is_no_experience(account: str) -> None:
    assert facts(experience=account).experience == ()


def test_where_work_was_done_is_not_what_was_done() -> None:
    found = {one.id for one in facts(experience="食品厂门卫四年").experience}
    assert "P01" in found
    assert "X06" not in found


def test_spans_point_at_the_words_as_written() -> None:
    person = profile(intention_occupations="月搜、看奶娃娃", remark="另外问过医院护工，有点动心")
    for work in worker_facts(person).wanted:
        written = getattr(person.words, work.span.field.removeprefix("words."))
        assert written[work.span.start : work.span.end] == work.span.text


def test_silence_is_no_fact() -> None:
    empty = facts()
    assert empty.model_dump(exclude_defaults=True) == {}
