"""Certificates, schooling, Mandarin and what else the work asks one to be able to do."""

from datetime import date

from services.contracts.vocabulary import codes
from services.kernel.text.facts import certificates, marks
from services.kernel.text.facts.model import Certificate, CertificateNeed, CertificateState, Strength
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair

HEALTH = "健康证"
_LEVELS = " 一二三四五"
LICENCE = "机动车驾驶证"
_STATE = {CertificateState.HELD: 1.0, CertificateState.EXPIRED: 0.5, CertificateState.TRAINED: 0.35}
_MISSING = {Strength.MUST: 0.0, Strength.AFTER_HIRE: 0.7, Strength.NICE: 0.65}
_MISSING_HEALTH = 0.85  # got within days
_NONE_ASKED = 0.75
_WRONG_BRANCH = 0.1
_LEVEL_UNKNOWN = 0.8
_LEVEL_SHORT = 0.45
_DRIVES = 0.8  # "会开车": a licence is very likely


def holding(need: CertificateNeed, held: tuple[Certificate, ...], today: date) -> float:
    """How well the best certificate meets a need on a day, 0 to 1."""
    return max((_meets(need, paper, today) for paper in held if paper.name in need.names), default=0.0)


def _meets(need: CertificateNeed, paper: Certificate, today: date) -> float:
    value = _STATE[paper.on(today)]
    if need.branch and paper.branch and paper.branch != need.branch and not _bigger_licence(need.branch, paper.branch):
        return _WRONG_BRANCH
    if need.level is not None:
        if paper.branch == "专项能力":
            return value * _LEVEL_SHORT
        if paper.level is None:
            value *= _LEVEL_UNKNOWN
        elif paper.level > need.level:
            value *= _LEVEL_SHORT
    return value


def _bigger_licence(need: str, held: str) -> bool:
    """A lorry licence covers cars."""
    return need in {"C1", "C2"} and held in {"A", "B", "C1"}


def certificate(pair: Pair) -> Judgement:
    """The weakest of the certificates asked for decides; without any asked, one that fits the work is a plus."""
    needs, held = pair.opening.facts.certificates, pair.seeker.facts.certificates
    if not needs:
        return _unasked(pair)
    values = [(_value(need, pair), need) for need in needs]
    value, weakest = min(values, key=lambda item: item[0])
    met = [need for _, need in values if holding(need, held, pair.today) >= _LEVEL_UNKNOWN]
    reason = "有" + "、".join(_name(need, held) for need in met) if met else ""
    said = tuple(paper.span for paper in held if any(paper.name in need.names for need in needs))
    gap = _gap(weakest, held, pair.today) if value < _LEVEL_UNKNOWN else ""
    return Judgement(value, reason=reason, gap=gap, rests_on=(*said, *(need.span for need in needs)))


def _value(need: CertificateNeed, pair: Pair) -> float:
    floor = _MISSING_HEALTH if need.names == (HEALTH,) else _MISSING[need.strength]
    met = holding(need, pair.seeker.facts.certificates, pair.today)
    if LICENCE in need.names and pair.seeker.marks.get("driving"):
        met = max(met, _DRIVES)
    return floor + (1 - floor) * met


def _name(need: CertificateNeed, held: tuple[Certificate, ...]) -> str:
    return next((called(paper) for paper in held if paper.name in need.names), short(need.names[0]))


def short(name: str) -> str:
    """A certificate's name as people say it: 养老护理员证."""
    return name.removesuffix("职业技能等级证书").removesuffix("证书").removesuffix("证") + "证"


def called(paper: Certificate) -> str:
    """A certificate as reasons call it, with its level or class."""
    level = f"{_LEVELS[paper.level]}级" if paper.level else paper.branch
    return short(paper.name) + (f"（{level}）" if level else "")


def _gap(need: CertificateNeed, held: tuple[Certificate, ...], today: date) -> str:
    states = {paper.on(today) for paper in held if paper.name in need.names}
    if need.names == (HEALTH,):
        return "办健康证即可"
    if need.strength is Strength.AFTER_HIRE:
        return f"{short(need.names[0])}可入职后考取"
    if need.strength is Strength.NICE:
        return f"没有{short(need.names[0])}（不是必须）"
    if CertificateState.EXPIRED in states:
        return f"{short(need.names[0])}已过期，要先复审换证"
    if states:
        return f"岗位要求{need.span.text}，{{your}}证书的种类或等级不够"
    return f"岗位要求{need.span.text}，{{you}}还没有"


def _unasked(pair: Pair) -> Judgement:
    main = set(pair.opening.main)
    fitting = next(
        (
            paper
            for paper in pair.seeker.facts.certificates
            if paper.on(pair.today) is CertificateState.HELD and main & set(certificates.works_of().get(paper.name, ()))
        ),
        None,
    )
    return Judgement(1.0, reason=f"有{called(fitting)}", rests_on=(fitting.span,)) if fitting else Judgement(_NONE_ASKED)


_MANDARIN = {"M5": 1.0, "M4": 0.95, "M3": 0.85, "M2": 0.55, "M1": 0.25}
_MANDARIN_UNKNOWN = 0.75
_LENIENT = 0.85
_SHORT_STEP = 0.5
_SCHOOL_STEP = {Strength.MUST: 0.65, Strength.NICE: 0.85, Strength.AFTER_HIRE: 0.85}
_LACKS = {True: 0.2, False: 0.85}
_NOT_TOLD = {True: 0.65, False: 0.9}
# Most people have these; not told is not a doubt.
_COMMON = frozenset({"reading", "phone", "strong"})
_COMMON_NOT_TOLD = 0.9
# Conditions that a posting excludes rather than asks for.
_EXCLUDING = frozenset({"tattoo", "smoking", "drinking", "pets", "no_old_men", "no_old_women"})


def speech(pair: Pair) -> Judgement:
    """Mandarin against what the posting asks, or what any work with people is easier with."""
    level, need = pair.seeker.profile.mandarin, pair.opening.facts.mandarin_at_least
    if level is None:
        return Judgement(_MANDARIN_UNKNOWN, gap="普通话水平没有登记")
    value = _MANDARIN[level]
    if need == "M2":
        return Judgement(max(value, _LENIENT) if level != "M1" else 0.6)
    short = codes.MANDARIN.rank(need) - codes.MANDARIN.rank(level) if need else 0
    if short > 0:
        return Judgement(value * _SHORT_STEP**short, gap=f"岗位对普通话有要求，{{your}}普通话是“{codes.MANDARIN.label(level)}”")
    reason = "普通话流利" if need and level == "M5" else ""
    return Judgement(value, reason=reason, gap="普通话基本不会" if level == "M1" else "")


def schooling(pair: Pair) -> Judgement:
    """Schooling against the posting's wish, one step at a time."""
    need, level = pair.opening.facts.education_at_least, pair.seeker.profile.education
    if need is None:
        return Judgement(1.0)
    if level is None:
        return Judgement(_MANDARIN_UNKNOWN, gap="文化程度没有登记")
    short = codes.EDUCATION.rank(need) - codes.EDUCATION.rank(level)
    if short <= 0:
        return Judgement(1.0, reason=f"{codes.EDUCATION.label(level)}文化，符合学历要求")
    step = _SCHOOL_STEP[pair.opening.facts.education_strength]
    return Judgement(step**short, gap=f"学历要求{codes.EDUCATION.label(need)}，{{you}}是{codes.EDUCATION.label(level)}")


def ability(pair: Pair) -> Judgement:
    """What the posting asks one to be able to do: computer, reading, driving, Cantonese …"""
    value, reasons, gaps = 1.0, [], []
    for demand, needed in pair.opening.demands.items():
        told = _told(pair, demand)
        if demand in _EXCLUDING:
            value *= _LACKS[True] if told else 1.0
            gaps += [f"{{you}}{marks.label(demand)}，岗位有这方面的要求"] if told else []
        elif demand not in _LABELLED:
            continue
        elif told is None:
            value *= _COMMON_NOT_TOLD if demand in _COMMON else _NOT_TOLD[needed]
        elif told:
            reasons.append(marks.label(demand))
        else:
            value *= _LACKS[needed]
            gaps.append(f"岗位要求{marks.label(demand)}")
    return Judgement(value, reason="、".join(reasons), gap="，".join(gaps))


_LABELLED = frozenset({"computer", "reading", "phone", "ebike", "driving", "cantonese", "strong", "leading"})


def _told(pair: Pair, demand: str) -> bool | None:
    if demand == "reading" and pair.seeker.profile.education == "E0":
        return False
    return pair.seeker.marks.get(demand)
