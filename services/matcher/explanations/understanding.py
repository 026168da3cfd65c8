"""What was understood of a person's words, told in words: fact by fact, for staff to check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.kernel.text.facts import marks
from services.kernel.text.facts.model import (
    CertificateState,
    Experience,
    Lodging,
    PayUnit,
    Reach,
    Span,
    Stance,
    StartKind,
    WorkerFacts,
)
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.ranking.parts.papers import called

_STATES: Final = {CertificateState.HELD: "", CertificateState.TRAINED: "，只培训过", CertificateState.EXPIRED: "，已过期"}
_UNITS: Final = {
    PayUnit.MONTH: "",
    PayUnit.DAY: "（按天）",
    PayUnit.HOUR: "（按小时）",
    PayUnit.ORDER: "（按单）",
    PayUnit.YEAR: "（按年）",
}
_REACHES: Final = {Reach.HOME: "只在本村本乡", Reach.COUNTY: "家乡附近", Reach.PROVINCE: "省内", Reach.ANYWHERE: "哪里都行"}
_LODGINGS: Final = {Lodging.NEEDED: "要住处", Lodging.OWN: "自己解决"}
_STANCES: Final = {Stance.WANTS: "愿意", Stance.ACCEPTS: "可以", Stance.REFUSES: "不愿意"}
_STARTS: Final = {StartKind.NOW: "随时", StartKind.OPEN: "没有说定", StartKind.LONG: "还要很久"}
_KINDS: Final = {"spouse": "配偶", "child": "孩子", "kin": "亲属", "villagers": "同乡"}
_SURE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Reading:
    """One fact in words. `correct_in`: the field of an asking whose value would take its place."""

    what: str
    value: str
    span: Span | None = None
    correct_in: str = ""


def readings(facts: WorkerFacts) -> Iterator[Reading]:
    """Every fact that was understood, the wishes first."""
    yield from _wishes(facts)
    yield from _whither(facts)
    yield from _terms(facts)
    yield from _background(facts)


def _wishes(facts: WorkerFacts) -> Iterator[Reading]:
    for work in facts.wanted:
        doubt = "" if work.degree >= _SURE else "（不太肯定）"
        yield Reading("想做", f"{labels()[work.id]}{doubt}", work.span, "occupations")
    for work in facts.refused:
        yield Reading("不愿做", labels()[work.id], work.span, "occupations_refused")
    if facts.open_to_any:
        yield Reading("工种", "不挑", facts.open_to_any, "occupations")
    if facts.only_wanted:
        yield Reading("工种", "只做想做的", facts.only_wanted, "occupations")


def _whither(facts: WorkerFacts) -> Iterator[Reading]:
    for place in facts.places:
        yield Reading("想去", divisions.load().full_name(place.code) or place.span.text, place.span, "places")
    for place in facts.places_refused:
        yield Reading("不愿去", divisions.load().full_name(place.code) or place.span.text, place.span, "places_refused")
    if facts.reach is not Reach.UNKNOWN:
        yield Reading("多远", _REACHES[facts.reach], facts.reach_span, "reach")
    if facts.places_only:
        yield Reading("地方", "别处不去", facts.places_only, "places")
    for companion in facts.companions:
        must = "，不能分开" if companion.must else ""
        yield Reading("同行", f"{_KINDS[companion.kind]}{must}", companion.span, "companions")


def _terms(facts: WorkerFacts) -> Iterator[Reading]:
    if facts.pay and facts.pay.wished is not None:
        floor = f"，低于{facts.pay.floor:g}元不去" if facts.pay.floor is not None else ""
        yield Reading("期望月薪", f"{facts.pay.wished:g}元{_UNITS[facts.pay.unit]}{floor}", facts.pay.span, "pay_floor")
    if facts.lodging in _LODGINGS:
        yield Reading("住宿", _LODGINGS[facts.lodging], facts.lodging_span, "lodging")
    if facts.live_in in _STANCES:
        yield Reading("住家", _STANCES[facts.live_in], facts.live_in_span, "live_in")
    if facts.nights in _STANCES:
        yield Reading("夜班", _STANCES[facts.nights], facts.nights_span, "nights")
    if facts.start:
        said = _STARTS.get(facts.start.kind) or facts.start.span.text
        yield Reading("可上岗", said, facts.start.span, "earliest_start")
    if facts.blocked_months:
        yield Reading("要回家的月份", "、".join(map(str, facts.blocked_months)), None, "blocked_months")


def _background(facts: WorkerFacts) -> Iterator[Reading]:
    for done in facts.experience:
        yield Reading("做过", f"{labels()[done.id]}{_years(done)}", done.span)
    for course in facts.trained:
        yield Reading("学过", labels()[course.id], course.span)
    for paper in facts.certificates:
        until = f"，有效期至{paper.expires.isoformat()}" if paper.expires else ""
        yield Reading("证书", f"{called(paper)}{_STATES[paper.state]}{until}", paper.span)
    for mark in facts.marks:
        yield Reading("其他", marks.label(mark.id) if mark.holds else f"不具备：{marks.label(mark.id)}", mark.span)
    for limit in facts.limits:
        yield Reading("工作限制", codes.WORK_LIMITS.label(limit))
    if facts.tied_home:
        yield Reading("家里", "走不开", facts.tied_home)
    if facts.not_seeking:
        yield Reading("求职", "目前不找", facts.not_seeking)


def _years(done: Experience) -> str:
    home = "，照顾自家人" if done.at_home else ""
    return f"{f'，{done.years:g}年左右' if done.years else ''}{home}"
