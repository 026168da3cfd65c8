"""What decides between candidates whose scores are as good as equal; both rules can be switched off, and are in `evaluate`.

`poverty_first`: 优先聘用 (云政办发〔2019〕57号 二(一)), poverty households first. `rotate`: a fresh order for every opening and
every day, so that of many equals not the same few are always shown; anybody can work it out again from day and ids.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.matcher.ranking.judgement import Audience
from services.matcher.ranking.limits import of_poverty_household
from services.matcher.ranking.ranked import Ranked
from services.matcher.ranking.scoring import Part

NEAR: Final = 0.01
"""Scores closer than this to the first of their run are as good as equal: judges do not tell them apart either."""
POVERTY: Final = "poverty_first"
ROTATION: Final = "rotation"


@dataclass(frozen=True, slots=True)
class Tiebreaks:
    """Which of the rules hold."""

    poverty_first: bool = False
    rotate: bool = False


def settled(
    ranked: Sequence[Ranked], subject_id: str, today: date, rules: Tiebreaks, audience: Audience = "staff"
) -> Sequence[Ranked]:
    """The list with its near ties settled by the rules that hold; nobody passes anybody with a clearly better score."""
    if not (rules.poverty_first or rules.rotate):
        return ranked
    ordered = (_settled(run, subject_id, today, rules) if len(run) > 1 else run for run in _near_ties(ranked))
    # Whose household is on the registers is not for outsiders.
    shown = rules if audience == "staff" else replace(rules, poverty_first=False)
    return [_told(one, shown) if len(run) > 1 else one for run in ordered for one in run]


def _near_ties(ranked: Sequence[Ranked]) -> Iterator[list[Ranked]]:
    run: list[Ranked] = []
    for one in ranked:
        if run and run[0].score.total - one.score.total > NEAR:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _settled(run: list[Ranked], subject_id: str, today: date, rules: Tiebreaks) -> list[Ranked]:
    turn = {one.id: _turn(subject_id, one.id, today) if rules.rotate else 0 for one in run}
    return sorted(run, key=lambda one: (not (rules.poverty_first and of_poverty_household(one.pair)), turn[one.id]))


def _turn(subject_id: str, key: str, today: date) -> int:
    return int.from_bytes(hashlib.sha256(f"{today.isoformat()} {subject_id} {key}".encode()).digest()[:8])


def _told(one: Ranked, rules: Tiebreaks) -> Ranked:
    """The rules as parts without weight: they order, they do not add."""
    parts = list(one.score.parts)
    if rules.poverty_first and of_poverty_household(one.pair):
        parts.append(Part(POVERTY, 1.0, 0.0, "得分相近，脱贫户优先"))
    if rules.rotate:
        parts.append(Part(ROTATION, 1.0, 0.0, "得分相近的人按日轮换先后"))
    return replace(one, score=replace(one.score, parts=parts))
