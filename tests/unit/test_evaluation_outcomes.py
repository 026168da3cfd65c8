"""Outcomes of referrals become judgments, and tell how a ranking would have done."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from services.cli.evaluation import outcomes
from services.cli.evaluation.collection import BadCollection
from services.contracts.outcomes import ReferralOutcome


def outcome(referral: str, worker: str, stage: str, **changes: Any) -> ReferralOutcome:
    example = json.loads(files("services.contracts").joinpath("examples", "referral_outcome.v1.json").read_text("utf-8"))
    said = {"referral_id": referral, "worker_id": worker, "posting_id": "p_1", "stage": stage, "reason": None}
    return ReferralOutcome.model_validate(example | said | changes)


def written(folder: Path, *told: ReferralOutcome) -> Path:
    file = folder / "outcomes.jsonl"
    file.write_text("".join(f"{one.model_dump_json()}\n" for one in told), "utf-8")
    return file


TOLD = (
    outcome("r1", "w_stayed", "stayed_90_days"),
    outcome("r2", "w_hired", "hired"),
    outcome("r3", "w_refused", "refused_by_worker", reason="pay"),
    outcome("r4", "w_late", "refused_by_employer", reason="filled"),
    outcome("r5", "w_silent", "not_reached"),
)


def test_the_last_version_of_a_referral_counts(tmp_path: Path) -> None:
    early, late = outcome("r1", "w_1", "hired", version=1), outcome("r1", "w_1", "left_early", version=2)
    assert outcomes.read(written(tmp_path, late, early)) == [late]


def test_stages_are_grades_and_a_full_post_says_nothing_of_the_match() -> None:
    assert outcomes.judgments(TOLD) == {"p_1": {"w_stayed": 3, "w_hired": 2, "w_refused": 0}}


@pytest.mark.parametrize(
    ("listed", "in_order", "perfect"),
    [(["w_stayed", "w_new", "w_hired", "w_refused"], 1.0, True), (["w_refused", "w_hired", "w_stayed"], 0.0, False)],
)
def test_a_ranking_is_measured_by_who_did_better(listed: list[str], in_order: float, perfect: bool) -> None:
    found = outcomes.report(TOLD, lambda _: listed)
    assert found["pairs"] == 3
    assert found["pairs_in_order"] == in_order
    assert (found["ndcg@10"] == 1.0) == perfect
    assert found["refusals"] == {"pay": 1, "filled": 1} or list(found["refusals"]) == ["filled", "pay"]


def test_who_succeeded_and_is_not_listed_is_counted() -> None:
    found = outcomes.report(TOLD, lambda _: ["w_hired"])
    assert found["succeeded_but_not_listed"] == 1
    assert found["ndcg@10"] < 1


def test_a_line_that_is_no_outcome_is_named(tmp_path: Path) -> None:
    file = tmp_path / "outcomes.jsonl"
    file.write_text(TOLD[0].model_dump_json() + '\n{"referral_id": "r"}\n', "utf-8")
    with pytest.raises(BadCollection, match="第 2 行"):
        outcomes.read(file)
