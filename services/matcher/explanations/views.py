"""Explanations and understood facts as they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from services.kernel.index.port import Hit
from services.kernel.text.facts.model import Span
from services.matcher import views
from services.matcher.explanations import schemas
from services.matcher.explanations.understanding import readings
from services.matcher.ranking.judgement import Audience, spoken
from services.matcher.ranking.limits import Exclusion
from services.matcher.ranking.nearest_miss import Outcome, nearest_miss
from services.matcher.ranking.pair import Pair, Seeker
from services.matcher.ranking.scoring import Part, Score

ENOUGH: Final = "即可"
_WITHHELD: Final = "不符合岗位的条件，详情请向工作人员了解"
_POSTING_FIELDS: Final = {
    "title": "岗位名称",
    "words.description": "岗位描述",
    "words.certificates": "证书要求",
    "words.lodging": "食宿",
    "words.hours": "工作时间",
    "words.age": "年龄要求",
    "words.education": "学历要求",
}
_WORKER_FIELDS: Final = {
    "words.care_duties": "家庭照料负担",
    "words.certificates": "技能证书",
    "words.training": "培训经历",
    "words.experience": "务工经历",
    "words.intention_places": "意向地区",
    "words.intention_occupations": "意向工种",
    "words.intention_pay": "期望月薪",
    "words.lodging": "食宿要求",
    "words.start": "可上岗时间",
    "words.companions": "同行要求",
    "words.training_wish": "培训意愿",
    "words.remark": "备注",
}
_STATED: Final = "登记的结构化信息"


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything that was found about a pair."""

    pair: Pair
    standing: Literal["proposed", "excluded", "not_found"]
    rank: int | None
    of: int
    exclusion: Exclusion | None
    score: Score
    for_worker: Score
    outcomes: Sequence[Outcome]
    audience: Audience


def explanation(
    judged: Judged, worker: Hit, posting: Hit, *, lexicon_version: str, weights_version: str
) -> schemas.Explanation:
    """An explanation for its audience."""
    nearest = nearest_miss(judged.outcomes)
    others = [_change(one, judged.audience) for one in judged.outcomes if one is not nearest]
    return schemas.Explanation(
        standing=judged.standing,
        rank=judged.rank,
        of=judged.of,
        score=judged.score.total,
        exclusion=_exclusion(judged.exclusion, judged.audience),
        reasons=list(judged.score.reasons),
        gaps=list(judged.score.gaps),
        nearest_miss=_change(nearest, judged.audience) if nearest else None,
        changes=others,
        parts=[_part(part, worker, posting, judged.pair) for part in judged.score.parts],
        words_for_the_worker=_for_worker(judged, nearest) if judged.audience != "outsider" else [],
        worker=views.worker_summary(judged.pair.seeker, judged.pair.today),
        posting=views.posting_summary(judged.pair.opening),
        worker_version=worker.version,
        posting_version=posting.version,
        lexicon_version=lexicon_version,
        weights_version=weights_version,
    )


def _exclusion(found: Exclusion | None, audience: Audience) -> schemas.Exclusion | None:
    if found is None:
        return None
    if found.sensitive and audience == "outsider":
        return schemas.Exclusion(code="excluded", reason=_WITHHELD)
    return schemas.Exclusion(code=found.code, reason=spoken(found.reason, audience))


def _change(outcome: Outcome, audience: Audience) -> schemas.ChangeTried:
    change = outcome.change
    words = spoken(change.words, audience) + (ENOUGH if outcome.makes_fit else "")
    return schemas.ChangeTried(
        code=change.code, by=change.by, words=words, score_after=outcome.score_after, makes_fit=outcome.makes_fit
    )


def _for_worker(judged: Judged, nearest: Outcome | None) -> list[str]:
    why = [spoken(judged.exclusion.reason, "worker")] if judged.exclusion else [*judged.for_worker.reasons]
    gaps = [] if judged.exclusion else list(judged.for_worker.gaps)
    return [*why, *gaps, *([_change(nearest, "worker").words] if nearest else [])]


def _part(part: Part, worker: Hit, posting: Hit, pair: Pair) -> schemas.PartExplained:
    theirs = {id(span) for span in _spans_of_opening(pair)}
    sources = [source(span, posting if id(span) in theirs else worker, of_posting=id(span) in theirs) for span in part.rests_on]
    return schemas.PartExplained(
        name=part.name, value=part.value, weight=part.weight, reason=part.reason, gap=part.gap, sources=sources
    )


def _spans_of_opening(pair: Pair) -> list[Span]:
    """Both sides have fields of one name: whose a span is, the facts tell that hold it."""
    facts = pair.opening.facts
    single = [facts.lodging_span, facts.live_in_span, facts.nights_span, facts.pay.span if facts.pay else None]
    return [*(need.span for need in facts.certificates), *(span for span in single if span is not None)]


def source(span: Span, hit: Hit, *, of_posting: bool = False) -> schemas.Source:
    """Where words stand and since when they are known."""
    labels = _POSTING_FIELDS if of_posting else _WORKER_FIELDS
    return schemas.Source(
        of="posting" if of_posting else "worker",
        field=span.field,
        label=labels.get(span.field, _STATED),
        text=span.text,
        start=span.start,
        end=span.end,
        known_since=_known_since(span, hit),
    )


def _known_since(span: Span, hit: Hit) -> date | None:
    confirmed = hit.source.get("profile", {}).get("intention_confirmed_on") if "intention" in span.field else None
    if confirmed:
        return date.fromisoformat(confirmed)
    updated = hit.source.get("updated")
    return datetime.fromisoformat(updated).date() if updated else None


def understood(hit: Hit, seeker: Seeker, lexicon_version: str) -> schemas.WorkerFactsView:
    """A person's facts for staff."""
    return schemas.WorkerFactsView(
        worker_id=hit.id,
        version=hit.version,
        lexicon_version=lexicon_version,
        understood=[
            schemas.Understood(
                what=reading.what,
                value=reading.value,
                source=source(reading.span, hit) if reading.span else None,
                correct_in=reading.correct_in,
            )
            for reading in readings(seeker.facts)
        ],
        facts=seeker.facts.model_dump(mode="json"),
    )
