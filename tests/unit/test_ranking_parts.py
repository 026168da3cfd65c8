"""The parts of the score: bounded, monotone in what speaks for a pair, and with words for the reader."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import codes, occupations
from services.kernel.text.facts.model import Pay, PayWish, Span
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.ranking import scoring, weights
from services.matcher.ranking.nearness import near, neighbours
from services.matcher.ranking.pair import Pair
from services.matcher.ranking.parts import fitness, papers, readiness, terms, where, work
from services.matcher.ranking.ranked import ranked
from tests.unit.said import TODAY
from tests.unit.test_ranking_limits import opening, seeker

SPAN = Span(field="words.intention_pay", start=0, end=0, text="")
WISHES = st.sampled_from(["", "月嫂", "保洁", "保安，停车场也行", "随便", "不当保安", "想伺候老人", "只做绿化"])
PLACES = st.sampled_from(["", "上海", "广东", "佛山", "哪里都行", "本县", "不去广东", "北京"])
TITLES = st.sampled_from(["住家月嫂", "小区保洁员", "保安", "绿化养护工", "消防中控员", "缝纫工", "整理收纳师"])
ALL = weights.load()


def pair(title: str = "小区保洁员", offered: dict[str, Any] | None = None, **said: Any) -> Pair:
    return Pair(seeker(**said), opening(title, **(offered or {})), TODAY)


@given(wish=WISHES, places=PLACES, title=TITLES, pay=st.sampled_from(["", "4000", "八千以上", "一天两百"]))
def test_every_part_is_between_nothing_and_one(wish: str, places: str, title: str, pay: str) -> None:
    one = pair(title, intention_occupations=wish, intention_places=places, intention_pay=pay)
    for name, part in scoring.PARTS.items():
        assert 0 <= part(one).value <= 1, name


@given(wished=st.floats(1000, 20000), most=st.floats(1000, 20000), more=st.floats(0, 5000))
def test_more_pay_is_never_worse(wished: float, most: float, more: float) -> None:
    asked = PayWish(wished=wished, span=SPAN)
    less, better = (terms.pay_value(asked, Pay(at_least=pay, at_most=pay)) for pay in (most, most + more))
    assert less <= better


@given(least=st.floats(1000, 9000), most=st.floats(9000, 20000), wished=st.floats(1000, 20000), more=st.floats(0, 5000))
def test_asking_for_more_is_never_better(least: float, most: float, wished: float, more: float) -> None:
    offered = Pay(at_least=least, at_most=most)
    modest, bold = (terms.pay_value(PayWish(wished=pay, span=SPAN), offered) for pay in (wished, wished + more))
    assert bold <= modest


@given(years=st.floats(0, 20), more=st.floats(0, 20))
def test_more_experience_is_never_worse(years: float, more: float) -> None:
    assert work._skill(years, at_home=False) <= work._skill(years + more, at_home=False)
    assert work._skill(years, at_home=True) <= work._skill(years, at_home=False)


@given(age=st.integers(18, 75), older=st.integers(0, 20))
def test_years_over_the_employers_wish_never_help(age: int, older: int) -> None:
    def value(years: int) -> float:
        born = TODAY.replace(year=TODAY.year - years)
        return fitness.age(pair(offered={"age": "50岁以下"}, birth_date=born)).value

    assert value(age + older) <= value(age)


@given(days=st.integers(0, 300), later=st.integers(0, 300))
def test_a_later_start_is_never_better(days: int, later: int) -> None:
    def value(wait: int) -> float:
        day = TODAY + timedelta(days=min(wait, 360))
        said = f"{'明年' if day.year > TODAY.year else ''}{day.month}月{day.day}日"
        return readiness.start(pair(offered={"valid_until": TODAY + timedelta(days=60)}, start=said)).value

    assert value(days + later) <= value(days) + 1e-9


@pytest.mark.parametrize(
    ("part", "better", "worse"),
    [
        (readiness.readiness, {"willingness": "W3"}, {"willingness": "W1"}),
        (readiness.readiness, {"willingness": "W3"}, {"willingness": "W3", "remark": "别推，不求职"}),
        (papers.speech, {"mandarin": "M5"}, {"mandarin": "M1"}),
        (fitness.strain, {}, {"work_limits": ("no_long_standing",)}),
        (where.place, {"intention_places": "广州"}, {"intention_places": "上海"}),
        (where.place, {"intention_places": "佛山"}, {"intention_places": "上海"}),
        (where.place, {"intention_places": "广东"}, {}),
        (work.wish, {"intention_occupations": "保洁"}, {"intention_occupations": "钟点"}),
        (work.wish, {"intention_occupations": "保洁"}, {"intention_occupations": "挖机"}),
        (work.experience, {"experience": "扫楼道五年"}, {"experience": "扫楼道半年"}),
        (work.experience, {"experience": "扫楼道五年"}, {}),
        (terms.lodging, {"lodging": "自己租"}, {"lodging": "包住"}),
    ],
)
def test_what_speaks_for_a_pair(part: Any, better: dict[str, Any], worse: dict[str, Any]) -> None:
    offered = {"lodging": "不包住", "description": "扫楼道，楼梯多，要能站"}
    assert part(pair(offered=offered, **better)).value > part(pair(offered=offered, **worse)).value


def test_silence_is_its_own_state() -> None:
    silent = pair()
    assert 0 < where.place(silent).value < 1
    assert 0 < terms.pay(silent).value < 1
    assert 0 < work.wish(silent).value < 1
    assert where.place(silent).gap


@pytest.mark.parametrize("direction", ["candidates", "openings"])
@given(wish=WISHES, places=PLACES, title=TITLES)
def test_a_score_is_the_sum_of_what_is_shown(direction: weights.Direction, wish: str, places: str, title: str) -> None:
    found = scoring.score(pair(title, intention_occupations=wish, intention_places=places), direction, ALL)
    assert found.total == round(sum(part.value * part.weight for part in found.parts), 8)
    assert [part.weight for part in found.parts] == [ALL.of[direction][part.name] for part in found.parts]
    assert len(found.reasons) <= scoring.MOST_REASONS
    assert not any("{" in words for words in (*found.reasons, *found.gaps))


def test_words_for_the_worker_speak_to_the_worker() -> None:
    one = pair("保安", intention_occupations="保安", intention_places="上海")
    staff, worker = (scoring.score(one, direction, ALL) for direction in ("candidates", "openings"))
    assert any(words.startswith("你") for words in worker.reasons)
    assert not any("你" in words for words in (*staff.reasons, *staff.gaps))


def test_equal_scores_stand_in_order_of_id() -> None:
    one = pair()
    found = ranked([("w_2", one), ("w_1", one), ("w_3", one)], "candidates", ALL)
    assert [place.id for place in found] == ["w_1", "w_2", "w_3"]


def test_weights_name_every_part_and_nothing_else() -> None:
    parts = {*scoring.PARTS, weights.OVERALL}
    for direction in ("candidates", "openings"):
        assert set(ALL.of[direction]) == parts
        assert set(ALL.powers[direction]) <= set(scoring.PARTS)
        assert all(weight >= 0 for weight in (*ALL.of[direction].values(), *ALL.powers[direction].values()))
        assert sum(ALL.of[direction].values()) == pytest.approx(1, abs=0.01)


def test_nearness_is_between_nothing_and_one() -> None:
    for one in labels():
        assert near("wish", one, one) == 1
        assert one in neighbours(one, "skill", 0.9)
    assert near("skill", "P02", "P01") == 1 > near("wish", "P02", "P01")
    assert set(occupations.load()) <= set(labels())


def test_limits_are_called_by_their_names() -> None:
    gap = fitness.strain(pair(offered={"description": "要能站一天"}, work_limits=("no_long_standing",))).gap
    assert codes.WORK_LIMITS.label("no_long_standing") in gap


@pytest.mark.parametrize(
    ("remark", "description"),
    [
        ("烟瘾大", "不要抽烟"),
        ("好喝两口酒", "不酗酒，不能喝酒"),
        ("对猫毛过敏", "家里养了一只猫"),
        ("手臂有纹身", "无纹身"),
    ],
)
def test_what_a_household_or_firm_rules_out(remark: str, description: str) -> None:
    plain, ruled_out = pair(remark=remark), pair(remark=remark, offered={"description": description})
    assert papers.ability(ruled_out).value < papers.ability(plain).value
    assert papers.ability(ruled_out).gap


def test_work_that_the_lexicon_does_not_know_goes_by_words() -> None:
    strange = seeker(intention_occupations="吹玻璃")
    near_by, far_off = (Pair(strange, opening("吹玻璃师傅"), TODAY, share) for share in (1.0, 0.0))
    assert work.wish(near_by).value > work.wish(far_off).value


@pytest.mark.parametrize(
    ("said", "told"), [("做过八个月保安", "8个月左右"), ("做过三年保安", "3年左右"), ("做过保安", "做过保安员")]
)
def test_experience_is_told_as_people_say_it(said: str, told: str) -> None:
    judged = work.experience(pair("保安员", experience=said))
    assert judged.reason.endswith(told)
