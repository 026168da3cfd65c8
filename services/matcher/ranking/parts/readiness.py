"""When the worker can start, and whether there is a will to go at all."""

from dataclasses import replace
from datetime import timedelta

from services.kernel.text.facts import starts
from services.kernel.text.facts.model import StartKind
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair

_NOT_SAID = 0.8
_OPEN = 0.55
_SOON = ((14, 1.0), (35, 0.93), (65, 0.85), (100, 0.72), (150, 0.55))
_LATE = 0.35
# Days after the posting closes -> share of the value that is left.
_AFTER_CLOSING = ((0, 1.0), (15, 0.85), (45, 0.6), (75, 0.35), (110, 0.2))


_BACK_HOME = 0.93  # comes home for some months of the year


def start(pair: Pair) -> Judgement:
    """The earliest start against the posting's closing day; months that are needed at home."""
    begun, months = _begin(pair), pair.seeker.facts.blocked_months
    if not months or not pair.far:
        return begun
    gap = begun.gap or f"{'、'.join(map(str, months))}月要回家帮忙"
    return replace(begun, value=begun.value * _BACK_HOME, gap=gap)


def _begin(pair: Pair) -> Judgement:
    said = pair.seeker.facts.start
    if said is None:
        return Judgement(_NOT_SAID)
    if said.kind is StartKind.OPEN:
        return Judgement(_OPEN, gap=f"可上岗时间要看“{said.span.text}”", rests_on=(said.span,))
    day = starts.earliest(said, pair.today)
    if day is None:
        return Judgement(_NOT_SAID)
    wait = (day - pair.today).days
    value = next((share for most, share in _SOON if wait <= most), _LATE)
    closes = pair.opening.posting.valid_until
    over = (day - closes).days if closes else 0
    value *= next((share for most, share in _AFTER_CLOSING if over <= most), 0.0)
    if wait <= timedelta(days=14).days:
        return Judgement(
            value, reason="随时可以上岗" if wait == 0 else f"{day.month}月{day.day}日可以上岗", rests_on=(said.span,)
        )
    gap = f"最早{day.year}年{day.month}月{day.day}日才能上岗" + ("，那时岗位已截止" if over > 0 else "")
    return Judgement(value, gap=gap, rests_on=(said.span,))


# Days since the intention was last told or confirmed -> share of the value that is left; not known is no doubt of its own.
_FRESH = ((200, 1.0), (400, 0.96), (760, 0.9))
_STALE = 0.82
_ASK_AGAIN_DAYS = 400

_WILL = {"W3": 1.0, "W2": 0.8, "W1": 0.1, None: 0.65}
_TIED = 0.45
_NOT_SEEKING = 0.05


def readiness(pair: Pair) -> Judgement:
    """The will to go, less sure the longer ago it was told."""
    will, told = _will(pair), pair.seeker.profile.intention_confirmed_on
    if told is None:
        return will
    age = (pair.today - told).days
    value = will.value * next((share for most, share in _FRESH if age <= most), _STALE)
    gap = will.gap or (f"意向是{told.year}年{told.month}月问的，先确认" if age > _ASK_AGAIN_DAYS else "")
    return replace(will, value=value, gap=gap)


def _will(pair: Pair) -> Judgement:
    """As registered and as the remarks tell; care at home that nobody else sees to."""
    seeker = pair.seeker
    value = _WILL.get(seeker.profile.willingness, 0.65)
    if "not_fit_now" in seeker.limits:
        return Judgement(0.0, gap="目前身体情况不宜上岗", sensitive=True)
    if seeker.facts.not_seeking:
        said = seeker.facts.not_seeking
        gap = f"{{you}}目前不找工作（“{said.text}”）"
        return Judgement(min(value, _NOT_SEEKING), gap=gap, rests_on=(said,), sensitive=True)
    if seeker.profile.willingness == "W1":
        return Judgement(value, gap="登记的就业意愿是“暂无”")
    if seeker.facts.tied_home and pair.far:
        tied = seeker.facts.tied_home
        return Judgement(value * _TIED, gap=f"家里走不开（“{tied.text}”）", rests_on=(tied,), sensitive=True)
    if seeker.profile.willingness is None:
        return Judgement(value, gap="就业意愿没有登记")
    return Judgement(value, reason="就业意愿强烈" if seeker.profile.willingness == "W3" else "")
