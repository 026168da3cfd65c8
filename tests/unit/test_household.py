"""Households, as rules: categories in time, and when nobody is certainly in work."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workers.households.household import EXCLUSIVE, Category, Household, Member, zero_employment
from services.workers.travel_groups.group import TravelGroup, violations
from tests.builders import TODAY

CODES = ("HS02", "HS04", "HS05", "HS07", "HS08", "HS12")
DAYS = st.integers(0, 2000).map(lambda days: TODAY - timedelta(days=days))
TRUTHS = st.sampled_from([True, False, None])


def household(*categories: Category, members: tuple[Member, ...] = ()) -> Household:
    return Household("hh_1", 1, "530627001", "530627", members=members, categories=categories)


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (household(members=(Member("甲", "L0"), Member("乙", "L0"))), ["two_heads"]),
        (household(members=(Member("甲", "L0", "w_1"), Member("乙", "L1", "w_1"))), ["repeated"]),
        (household(Category("HS02", date(2027, 1, 1))), ["date_to_come"]),
        (household(Category("HS02", date(2020, 1, 1), date(2019, 1, 1))), ["ends_before_it_begins"]),
        (household(Category("HS02", date(2020, 1, 1), risk="RS1")), ["risk_of_unmonitored"]),
        (household(Category("HS02", date(2020, 1, 1)), Category("HS04", date(2021, 1, 1))), ["categories_overlap"]),
        (household(Category("HS08", date(2020, 1, 1)), Category("HS08", date(2021, 1, 1))), ["categories_overlap"]),
        (household(Category("HS02", date(2020, 1, 1), date(2020, 12, 31)), Category("HS04", date(2021, 1, 1), risk="RS1")), []),
        (household(Category("HS02", date(2020, 1, 1)), Category("HS08", date(2021, 1, 1))), []),
    ],
)
def test_what_a_household_cannot_be(one: Household, codes: list[str]) -> None:
    assert [found.code for found in one.violations(TODAY)] == codes


@given(st.lists(st.tuples(st.sampled_from(CODES), DAYS), max_size=8))
def test_whatever_category_is_told_in_whatever_order_it_has_one_at_a_time_and_the_told_one_holds(
    told: list[tuple[str, date]],
) -> None:
    one = household()
    for code, since in told:
        one = one.recategorised(Category(code, since))
        assert list(one.violations(TODAY)) == []
        held = [period for period in one.categories if period.holds(since)]
        assert code in [period.code for period in held]
        if code in EXCLUSIVE:
            assert one.category_on(since) == Category(code, since)
            assert one.category_on(TODAY) == Category(code, since), "what is told last stands today"


@given(st.lists(st.tuples(TRUTHS, TRUTHS), max_size=5))
def test_nobody_in_work_is_said_only_when_it_is_certain(works: list[tuple[bool | None, bool | None]]) -> None:
    """Held against every way in which what is not known could be."""

    def filled(rest: list[tuple[bool | None, bool | None]]) -> list[list[tuple[bool, bool]]]:
        if not rest:
            return [[]]
        (able, at_work), *others = rest
        ables = [able] if able is not None else [True, False]
        works_ = [at_work] if at_work is not None else [True, False]
        return [[(a, w), *tail] for a in ables for w in works_ for tail in filled(others)]

    answers = {
        any(able for able, _ in world) and not any(at_work for _, at_work in world)
        for world in filled(works)
        if all(able or not at_work for (able, at_work), (_, told) in zip(world, works, strict=True) if told is None)
    }
    said = zero_employment(works)
    if said is not None:
        assert answers == {said}
    elif any(able for able, _ in works):
        assert len(answers) == 2, "where it could be said it is said"


def test_a_group_shrinks_and_nobody_goes_together_alone() -> None:
    trio = TravelGroup("tg_1", "kin", must=True, size=3)
    pair = trio.shrunk()
    assert pair == TravelGroup("tg_1", "kin", must=True, size=2)
    assert pair is not None
    assert pair.shrunk() is None
    assert [found.code for found in violations("couple", ["w_1", "w_2", "w_3"])] == ["not_a_couple"]
    assert [found.code for found in violations("kin", ["w_1", "w_1"])] == ["repeated"]
