"""Outcomes of referrals as judgments: what was refused, who was hired, who stayed; how today's ranking would have done.

A file of outcomes holds one ReferralOutcome (contracts/outcomes.py) a line, as the stream would carry them. Of a referral's
versions the last one counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from services.cli import console
from services.cli.evaluation import measures
from services.cli.evaluation.collection import BadCollection
from services.contracts.outcomes import ReferralOutcome

# Stage -> grade, on the judges' scale (3 recommend first … 0 do not). Not reached tells nothing of the match.
_GRADES: Final[Mapping[str, int]] = {
    "stayed_90_days": 3,
    "stayed_30_days": 3,
    "hired": 2,
    "interviewed": 1,
    "left_early": 1,
    "refused_by_employer": 0,
    "refused_by_worker": 0,
}
# Refusals that say nothing against the match: the place was taken.
_NO_FAULT: Final = frozenset({"filled"})

_REASONS: Final[Mapping[str, str]] = {
    "pay": "工资",
    "place": "地方",
    "work": "工种",
    "hours": "工时",
    "lodging": "食宿",
    "start": "时间",
    "certificate": "证书",
    "experience": "经验",
    "age": "年龄",
    "health": "身体",
    "family": "家里",
    "filled": "招满了",
    "other": "其他",
}

Ranked = Callable[[str], Sequence[str]]
"""Posting -> the workers of its list, best first. An empty list where there is none any more."""


def read(path: Path) -> Sequence[ReferralOutcome]:
    """The outcomes of a file, each referral at its last version. Raises BadCollection naming the line."""
    last: dict[str, ReferralOutcome] = {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadCollection(f"读不了 {path.name}：{unreadable}") from unreadable
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            outcome = ReferralOutcome.model_validate_json(line)
        except ValidationError as malformed:
            fields = "、".join(sorted({str(problem["loc"][0]) for problem in malformed.errors() if problem["loc"]}))
            raise BadCollection(f"{path.name} 第 {number} 行不是推荐结果（{fields or 'JSON'}）") from malformed
        known = last.get(outcome.referral_id)
        if known is None or outcome.version > known.version:
            last[outcome.referral_id] = outcome
    return list(last.values())


def judgments(outcomes: Iterable[ReferralOutcome]) -> dict[str, dict[str, int]]:
    """Posting -> worker -> grade; the best outcome of a pair that was referred more than once."""
    grades: dict[str, dict[str, int]] = {}
    for one in outcomes:
        grade = _GRADES.get(one.stage)
        if grade is None or one.reason in _NO_FAULT:
            continue
        of = grades.setdefault(one.posting_id, {})
        of[one.worker_id] = max(grade, of.get(one.worker_id, 0))
    return grades


def report(outcomes: Sequence[ReferralOutcome], ranked: Ranked) -> dict[str, Any]:
    """How today's lists would have served: nDCG@10 over the referred alone, and how often who did better stands higher."""
    grades = judgments(outcomes)
    runs: dict[str, dict[str, float]] = {}
    missing = 0
    for posting, of in grades.items():
        listed = [worker for worker in ranked(posting) if worker in of]
        missing += sum(1 for worker, grade in of.items() if grade and worker not in listed)
        runs[posting] = {worker: float(len(listed) - place) for place, worker in enumerate(listed)}
    pairs = [_in_order(runs[posting], better, worse) for posting, of in grades.items() for better, worse in _unequal(of)]
    return {
        "referrals": len(outcomes),
        "judged": sum(len(of) for of in grades.values()),
        "postings": len(grades),
        "ndcg@10": measures.figures(grades, runs)["ndcg@10"],
        "pairs": len(pairs),
        "pairs_in_order": round(sum(pairs) / len(pairs), 4) if pairs else None,
        "succeeded_but_not_listed": missing,
        "refusals": _refusals(outcomes),
    }


def _unequal(of: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    return ((better, worse) for better, worse in product(of, of) if of[better] > of[worse])


def _in_order(run: Mapping[str, float], better: str, worse: str) -> bool:
    return run.get(better, 0.0) > run.get(worse, 0.0)


def _refusals(outcomes: Iterable[ReferralOutcome]) -> dict[str, int]:
    """Why referrals were refused: the most frequent reason first."""
    found: dict[str, int] = {}
    for one in outcomes:
        if one.stage.startswith("refused"):
            found[one.reason or "other"] = found.get(one.reason or "other", 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def tell(found: Mapping[str, Any]) -> None:
    """For people."""
    console.out.print(
        f"推荐结果 {found['referrals']} 个，能作评判的 {found['judged']} 个，涉及 {found['postings']} 个岗位。\n"
        f"nDCG@10 {found['ndcg@10']:.3f}；"
        + (
            ""
            if found["pairs_in_order"] is None
            else f"去留分得出高下的 {found['pairs']} 对里，排对的占 {found['pairs_in_order']:.1%}；"
        )
        + f"做成了、却不在现在名单里的 {found['succeeded_but_not_listed']} 人。"
    )
    if found["refusals"]:
        told = "，".join(f"{_REASONS[reason]} {count}" for reason, count in found["refusals"].items())
        console.out.print(f"不成的原因：{told}")
