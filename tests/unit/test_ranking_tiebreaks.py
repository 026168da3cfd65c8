"""Near ties: who decides, who is told, and that nobody clearly better is passed."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.matcher.ranking.pair import Pair
from services.matcher.ranking.ranked import Ranked
from services.matcher.ranking.scoring import Score
from services.matcher.ranking.tiebreaks import POVERTY, Tiebreaks, settled
from tests.unit.said import TODAY
from tests.unit.test_ranking_limits import opening, seeker

BOTH = Tiebreaks(poverty_first=True, rotate=True)


def listed(*scores: float, poor: Sequence[int] = ()) -> list[Ranked]:
    return [
        Ranked(
            f"w_{place}",
            Pair(seeker(household_category="HS02" if place in poor else "HS07"), opening(), TODAY),
            Score(total, [], [], []),
        )
        for place, total in enumerate(scores)
    ]


def ids(ranked: Sequence[Ranked]) -> list[str]:
    return [one.id for one in ranked]


def order(ranked: list[Ranked], rules: Tiebreaks, day: date = TODAY, opening_id: str = "p_1") -> list[str]:
    return ids(settled(ranked, opening_id, day, rules))


def test_switched_off_the_list_stays_as_it_is() -> None:
    ranked = listed(0.9, 0.899, 0.898, poor=[2])
    assert settled(ranked, "p_1", TODAY, Tiebreaks()) == ranked


def test_of_equals_poverty_households_come_first_and_nobody_clearly_better_is_passed() -> None:
    ranked = listed(0.9, 0.895, 0.893, 0.8, 0.799, poor=[2, 4])
    found = order(ranked, Tiebreaks(poverty_first=True))
    assert found == ["w_2", "w_0", "w_1", "w_4", "w_3"]


def test_a_near_tie_is_counted_from_its_best_so_that_nobody_climbs_by_small_steps() -> None:
    ranked = listed(0.900, 0.894, 0.888, 0.882, poor=[3])
    assert order(ranked, Tiebreaks(poverty_first=True))[:2] == ["w_0", "w_1"]


def test_equals_take_turns_by_day_and_opening_and_the_turn_can_be_worked_out_again() -> None:
    ranked = listed(*[0.9] * 6)
    orders = {tuple(order(ranked, Tiebreaks(rotate=True), TODAY + timedelta(days=day))) for day in range(10)}
    assert len(orders) > 1
    assert {first for first, *_ in orders} > {"w_0"} or len({first for first, *_ in orders}) > 1
    assert order(ranked, Tiebreaks(rotate=True)) == order(list(reversed(ranked)), Tiebreaks(rotate=True))
    assert order(ranked, Tiebreaks(rotate=True)) != order(ranked, Tiebreaks(rotate=True), opening_id="p_2")


def test_whose_household_decided_is_told_to_staff_alone() -> None:
    ranked = listed(0.9, 0.899, poor=[1])
    staff = settled(ranked, "p_1", TODAY, BOTH)
    outsider = settled(ranked, "p_1", TODAY, BOTH, "outsider")
    assert ids(staff) == ids(outsider)
    assert POVERTY in {part.name for one in staff for part in one.score.parts}
    assert POVERTY not in {part.name for one in outsider for part in one.score.parts}
    assert all(part.weight == 0 for one in staff for part in one.score.parts)
