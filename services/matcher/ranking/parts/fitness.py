"""Work limits against what the work strains, and the employer's wish for age (a preference, never a filter)."""

from services.contracts.vocabulary import codes
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair

_STRAINED = 0.3
_EACH_MORE = 0.6
_LEAST = 0.1
_FRAIL = 0.5
_OVER = ((0, 1.0), (2, 0.85), (4, 0.65), (7, 0.45))
_FAR_OVER = 0.25
_YOUNGER = 0.85
RETIRED = 60
_GROWN_UP = 18
_MINOR = 0.4
_RETIRED_BY_COMPANY = 0.6


def strain(pair: Pair) -> Judgement:
    """Each limit that the work strains counts; light work only fits where nothing strains."""
    strained = [mark.id for mark in pair.opening.facts.strains if mark.id in pair.seeker.limits]
    if not strained:
        return Judgement(1.0)
    value = _FRAIL if strained == ["light_work_only"] else max(_STRAINED * _EACH_MORE ** (len(strained) - 1), _LEAST)
    names = "、".join(codes.WORK_LIMITS.label(limit) for limit in strained)
    return Judgement(value, gap=f"工作强度可能不合适（{names}）", sensitive=True)


def age(pair: Pair) -> Judgement:
    """Years over the employer's wish; past retirement age a company can only sign a service agreement."""
    years, facts = pair.seeker.age(pair.today), pair.opening.facts
    value, gap = 1.0, ""
    if facts.age_to is not None and years > facts.age_to:
        over = years - facts.age_to
        value = next((share for most, share in _OVER if over <= most), _FAR_OVER)
        gap = f"{{you}}{years}岁，超过用人单位希望的{facts.age_to}岁（不是硬性条件）"
    elif facts.age_from is not None and years < facts.age_from:
        value, gap = _YOUNGER, f"{{you}}{years}岁，用人单位希望{facts.age_from}岁以上（不是硬性条件）"
    if years < _GROWN_UP:
        value, gap = min(value, _MINOR), f"{{you}}未满{_GROWN_UP}周岁，按未成年工保护"
    if years >= RETIRED and not pair.opening.household:
        value = min(value, _RETIRED_BY_COMPANY)
        gap = gap or f"{{you}}满{RETIRED}岁，只能签劳务协议"
    return Judgement(value, gap=gap)
