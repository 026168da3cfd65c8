"""Pay, lodging, living in and hours: what is offered against what is asked."""

from itertools import pairwise

from services.kernel.text.facts.model import Lodging, Pay, PayWish, Stance
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair

_PAY_NOT_ASKED = 0.75
_PAY_NOT_TOLD = 0.6
_WITHIN = 0.9  # the wish lies within the range that is offered
# Offer over wish -> value, straight lines between: an offer 15 % short costs a grade, 30 % short is not worth a call.
_SHORTFALL = ((0.0, 0.0), (0.6, 0.0), (0.7, 0.1), (0.85, 0.45), (1.0, 0.85))


def _line(points: tuple[tuple[float, float], ...], x: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def pay(pair: Pair) -> Judgement:
    """The offer's range against the wish; a stated floor is weighed as firmly as it was said."""
    asked, offered = pair.seeker.facts.pay, pair.opening.facts.pay
    if offered is None or offered.at_most is None:
        return Judgement(_PAY_NOT_TOLD, gap="工资没有写明，先问清楚")
    if asked is None or asked.wished is None:
        return Judgement(_PAY_NOT_ASKED)
    value = pay_value(asked, offered)
    range_text, said = _range(offered), (asked.span, *filter(None, [offered.span]))
    if value >= _WITHIN:
        return Judgement(value, reason=f"工资{range_text}元，达到{{your}}期望的{asked.wished:g}元", rests_on=said)
    if value >= 0.8:  # noqa: PLR2004 - near the upper end
        return Judgement(value, reason=f"工资{range_text}元，最高可到{{your}}期望的{asked.wished:g}元", rests_on=said)
    return Judgement(value, gap=f"工资最高{offered.at_most:g}元，低于{{your}}期望的{asked.wished:g}元", rests_on=said)


def pay_value(asked: PayWish, offered: Pay) -> float:
    """1 when even the least offered meets the wish; falling when only the most does, and quickly when nothing does."""
    wished = asked.wished or 0.0
    most, least = offered.at_most or 0.0, offered.at_least or offered.at_most or 0.0
    if least >= wished:
        return 1.0
    if most >= wished:
        return _WITHIN + (1 - _WITHIN) * (most - wished) / max(most - least, 1.0)
    value = _line(_SHORTFALL, most / wished)
    if asked.floor is not None and asked.floor <= most:
        value = max(value, _WITHIN * 0.8)
    return value


def _range(offered: Pay) -> str:
    low, high = offered.at_least or offered.at_most or 0.0, offered.at_most or 0.0
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


_OFFER = {Lodging.PROVIDED: 1.0, Lodging.ALLOWANCE: 0.6, Lodging.UNKNOWN: 0.55, Lodging.NONE: 0.15}
_NOT_ASKED = {Lodging.PROVIDED: 0.95, Lodging.ALLOWANCE: 0.75, Lodging.UNKNOWN: 0.65, Lodging.NONE: 0.5}
_LIVE_IN = {
    # (worker, posting)
    (Stance.WANTS, Stance.WANTS): 1.0,
    (Stance.WANTS, Stance.ACCEPTS): 1.0,
    (Stance.ACCEPTS, Stance.WANTS): 1.0,
    (Stance.WANTS, Stance.REFUSES): 0.2,
    (Stance.REFUSES, Stance.WANTS): 0.1,
    (Stance.UNKNOWN, Stance.WANTS): 0.75,
}
_ROOM = {"couple_room": 0.4, "single_room": 0.75, "halal": 0.7}
_ROOM_NAMES = {"couple_room": "夫妻房", "single_room": "单间", "halal": "清真饮食"}
_CHILD = 0.3


def lodging(pair: Pair) -> Judgement:
    """A bed, with whom, and at whose house."""
    worker, posting = pair.seeker.facts, pair.opening.facts
    bed = _bed(pair)
    house = _LIVE_IN.get((worker.live_in, posting.live_in), 1.0)
    value, gaps = bed * house, []
    if house < _CHILD:
        gaps.append("岗位要住在雇主家，{you}不愿住家" if posting.live_in is Stance.WANTS else "岗位不住家，{you}想住家")
    for mark, share in _ROOM.items():
        if pair.seeker.marks.get(mark) and mark not in pair.opening.offers:
            value *= share
            gaps.append(f"{{you}}要{_ROOM_NAMES[mark]}，岗位没有写")
    if pair.seeker.marks.get("bring_child") and "child_care" not in pair.opening.offers:
        value *= _CHILD
        gaps.append("{you}要带孩子，岗位没有安排")
    if bed < 0.5 and pair.far:  # noqa: PLR2004 - not provided
        gaps.insert(0, "不提供住宿，{you}要求有住处" if worker.lodging is Lodging.NEEDED else "不提供住宿")
    met = [name for mark, name in _ROOM_NAMES.items() if pair.seeker.marks.get(mark) and mark in pair.opening.offers]
    said = (worker.lodging_span, worker.live_in_span, posting.lodging_span, posting.live_in_span)
    return Judgement(value, reason=_housed(pair, bed, met), gap="，".join(gaps), rests_on=tuple(filter(None, said)))


def _bed(pair: Pair) -> float:
    worker, posting = pair.seeker.facts, pair.opening.facts
    if not pair.far or worker.lodging is Lodging.OWN:
        return 1.0
    needed = worker.lodging is Lodging.NEEDED or worker.live_in is Stance.WANTS
    return (_OFFER if needed else _NOT_ASKED)[posting.lodging]


def _housed(pair: Pair, bed: float, met: list[str]) -> str:
    if met:
        return f"岗位有{'、'.join(met)}，合{{your}}要求"
    if bed == 1.0 and pair.opening.facts.lodging is Lodging.PROVIDED and pair.seeker.facts.lodging is Lodging.NEEDED:
        return "包住，合{your}要求"
    if pair.opening.facts.live_in is Stance.WANTS and pair.seeker.facts.live_in is Stance.WANTS:
        return "住家，合{your}要求"
    return ""


_NIGHTS = {Stance.REFUSES: 0.25, Stance.UNKNOWN: 0.85, Stance.ACCEPTS: 1.0, Stance.WANTS: 1.0}


def hours(pair: Pair) -> Judgement:
    """Nights, for who does not want or may not work them."""
    nights = pair.opening.facts.nights
    stance = pair.seeker.facts.nights
    if not nights:
        return Judgement(1.0 if nights is False else 0.9)
    gap = "有夜班，{you}不上夜班" if stance is Stance.REFUSES else ""
    said = tuple(filter(None, (pair.seeker.facts.nights_span, pair.opening.facts.nights_span)))
    return Judgement(_NIGHTS[stance], reason="能上夜班" if stance is Stance.ACCEPTS else "", gap=gap, rests_on=said)
