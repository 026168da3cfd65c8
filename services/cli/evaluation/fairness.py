"""How the lists fall out for groups of people, seen from the register's side: ranking itself never reads these.

Sources: NDKL, normalised discounted Kullback-Leibler divergence (Geyik, Ambler, Kenthapadi 2019): 0 when every prefix of a
list mirrors those who could have stood in it. Selection ratio: the rate at which a group reaches the first ten over the rate of
the group that reaches them most often (the "four fifths" of selection practice looks at 0.8).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from math import log, log2
from typing import Final

from services.cli.evaluation.collection import WORKER_NUMBER, Judgments, Record
from services.cli.evaluation.measures import Run

TOP: Final = 10
_LEAST_PEOPLE: Final = 8  # a rate over fewer tells nothing
_MAJORITY: Final = "汉族"

# What is looked at -> the group of a record. Peoples other than the Han are one group: single ones are too few to count.
GROUPS: Final[Mapping[str, Callable[[Record], str]]] = {
    "sex": lambda record: record.get("性别", ""),
    "ethnicity": lambda record: "Han" if record.get("民族", "") == _MAJORITY else "others" if record.get("民族") else "",
    "county": lambda record: record.get("县", ""),
}


def report(workers: Sequence[Record], grades: Judgments, ours: Run, yardstick: Run) -> dict[str, dict[str, dict[str, float]]]:
    """Per attribute: `ndkl` and `selection_ratio@10` of our candidates' lists, of the yardstick's, and of the same people in
    the order of the judges, who saw none of the attributes: what lies in people's own wishes and skills, not in a ranking."""
    judged = {query: _by_grade(grades.get(query, {}), scores) for query, scores in ours.items()}
    found = {}
    for attribute, group in GROUPS.items():
        of = {record[WORKER_NUMBER]: group(record) for record in workers}
        runs = {"ours": ours, "bm25": yardstick, "judges": judged}
        found[attribute] = {name: _figures(of, run) for name, run in runs.items()}
    return found


def _by_grade(grades: Mapping[str, int], scores: Mapping[str, float]) -> Mapping[str, float]:
    most = max(scores.values(), default=0.0) + 1.0
    return {key: grades.get(key, 0) * most + score for key, score in scores.items()}


def _figures(of: Mapping[str, str], run: Run) -> dict[str, float]:
    people = Counter(of.values())
    large = {group for group, count in people.items() if count >= _LEAST_PEOPLE}
    lists = [[of[key] for key in _ordered(scores) if of.get(key)] for scores in run.values()]
    lists = [groups for groups in lists if len(groups) > 1]
    if not lists:
        return {"ndkl": 0.0, f"selection_ratio@{TOP}": 1.0}
    mean = sum(ndkl(groups) for groups in lists) / len(lists)
    return {"ndkl": round(mean, 4), f"selection_ratio@{TOP}": round(selection_ratio(lists, large), 4)}


def _ordered(scores: Mapping[str, float]) -> Sequence[str]:
    return sorted(scores, key=lambda key: -scores[key])


def ndkl(groups: Sequence[str]) -> float:
    """Of one list of groups, best first, against all that stand in it."""
    whole = {group: count / len(groups) for group, count in Counter(groups).items()}
    discounts = [1 / log2(place + 1) for place in range(1, len(groups) + 1)]
    return sum(d * kl for d, kl in zip(discounts, _divergences(groups, whole), strict=True)) / sum(discounts)


def _divergences(groups: Sequence[str], whole: Mapping[str, float]) -> Iterator[float]:
    seen: Counter[str] = Counter()
    for place, group in enumerate(groups, start=1):
        seen[group] += 1
        yield sum(count / place * log(count / place / whole[one]) for one, count in seen.items())


def selection_ratio(lists: Sequence[Sequence[str]], large: Set[str]) -> float:
    """The lowest group's rate of reaching the first ten over the highest's, of the groups that are large enough."""
    chances: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    for groups in lists:
        chances.update(groups)
        chosen.update(groups[:TOP])
    rates = [chosen[group] / count for group, count in chances.items() if group in large]
    return min(rates) / max(rates) if len(rates) > 1 and max(rates) > 0 else 1.0
