"""Work wanted and work done."""

from services.kernel.text.facts import certificates
from services.kernel.text.facts.model import CertificateState, Experience, Strength, Work
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.nearness import near
from services.matcher.ranking.pair import Opening, Pair, Seeker

OPEN = 0.5  # "随便": takes anything
OPEN_AFTER_LIST = 0.35  # "宾馆、保洁，不挑": above all what was named
FOLLOWS_HISTORY = 0.85  # no wish stated: what was done before, a little less sure
NO_WISH = 0.3
_BY_WORDS = 0.8  # the kind of work is not known to the lexicon: only words in common tell
_DESPITE_OTHER_WORDS = 0.6
_CLEAR = 0.75
_SOME = 0.4
# Rough years -> how much of a hand somebody has.
_YEARS = ((3.0, 1.0), (2.0, 0.92), (1.0, 0.82), (0.5, 0.7), (0.0, 0.55))
_YEARS_UNKNOWN = 0.8
_AT_HOME = 0.7
_TRAINED = 0.45
_TAUGHT_THERE = 0.5


def nearest_wish(seeker: Seeker, opening: Opening) -> tuple[float, Work | None]:
    """How near the nearest stated wish comes to the work, with that wish."""
    best: tuple[float, Work | None] = (0.0, None)
    for wish in seeker.facts.wanted:
        for work, degree in opening.main.items():
            value = wish.degree * near("wish", wish.id, work) * degree
            if value > best[0]:
                best = (value, wish)
    return best


def wish(pair: Pair) -> Judgement:
    """Whether this is the work that the worker wants; intention before history."""
    if not pair.opening.main:
        value = max(NO_WISH, _BY_WORDS * pair.text)
        return Judgement(value, gap="岗位的工种没有认出来，按文字相近的程度排")
    openness = _openness(pair.seeker)
    stated = _stated(pair) if pair.seeker.facts.wanted else Judgement(0.0) if openness else _unstated(pair)
    opened = pair.seeker.facts.open_to_any
    if opened and stated.value < min(openness, _CLEAR) and not pair.seeker.facts.only_wanted:
        return Judgement(openness, reason=f"工种不挑（“{opened.text}”）", rests_on=(opened,))
    return stated


def _stated(pair: Pair) -> Judgement:
    """By the nearest of the wishes."""
    value, nearest = nearest_wish(pair.seeker, pair.opening)
    name = opening_label(pair.opening)
    if value >= _CLEAR and nearest:
        same = f"岗位正是{labels()[nearest.id]}" if nearest.id in pair.opening.main else f"和{name}很接近"
        return Judgement(value, reason=f"{{you}}想做“{nearest.span.text}”，{same}", rests_on=(nearest.span,))
    if pair.seeker.facts.only_wanted:
        only = pair.seeker.facts.only_wanted
        return Judgement(0.0, gap=f"{{you}}只愿做{_wanted_labels(pair.seeker)}，别的不考虑", rests_on=(only,))
    if value >= _SOME and nearest:
        return Judgement(value, reason=f"{{you}}想做“{nearest.span.text}”，与{name}相近", rests_on=(nearest.span,))
    wished = tuple(wish.span for wish in pair.seeker.facts.wanted)
    return Judgement(value, gap=f"{{you}}想做的是{_wanted_labels(pair.seeker)}，不是{name}", rests_on=wished)


def _unstated(pair: Pair) -> Judgement:
    """No wish, or one that the lexicon does not know: what was done before, and the words in common."""
    done = hand(pair.seeker, pair.opening)
    said = pair.seeker.profile.words.intention_occupations.strip()
    if said and not pair.seeker.facts.refused:
        value = max(NO_WISH, _BY_WORDS * pair.text, _DESPITE_OTHER_WORDS * done)
        return Judgement(value, gap=f"{{you}}想做的是“{said}”，工种没有认出来，先问一问")
    gap = "" if done >= _CLEAR else "没有填写意向工种，先问一问"
    return Judgement(max(NO_WISH, FOLLOWS_HISTORY * done), gap=gap)


def _openness(seeker: Seeker) -> float:
    """How far somebody takes anything; 0 when nobody said so."""
    if not seeker.facts.open_to_any:
        return 0.0
    return OPEN_AFTER_LIST if seeker.facts.wanted else OPEN


def opening_label(opening: Opening) -> str:
    """The posting's main work as people call it."""
    return "、".join(labels()[work] for work in list(opening.main)[:1]) or opening.posting.title


def _wanted_labels(seeker: Seeker) -> str:
    return "、".join(dict.fromkeys(wish.span.text for wish in seeker.facts.wanted)) or "原来的工作"


def _skill(years: float | None, at_home: bool) -> float:
    grown = _YEARS_UNKNOWN if years is None else next(value for least, value in _YEARS if years >= least)
    return grown * (_AT_HOME if at_home else 1.0)


def hand(seeker: Seeker, opening: Opening) -> float:
    """How far what was done before prepares for the work."""
    return max(
        (
            near("skill", done.id, work) * done.degree * degree * _skill(done.years, done.at_home)
            for done in seeker.facts.experience
            for work, degree in opening.main.items()
        ),
        default=0.0,
    )


def _taught(seeker: Seeker, opening: Opening) -> float:
    """Courses and certificates where there is no practice."""
    papers = {
        work: 1.0 if paper.state is CertificateState.HELD else 0.8
        for paper in seeker.facts.certificates
        for work in certificates.works_of().get(paper.name, ())
    }
    courses = {course.id: course.degree for course in seeker.facts.trained}
    return _TRAINED * max(
        (
            near("skill", known, work) * share * degree
            for known, share in {**courses, **papers}.items()
            for work, degree in opening.main.items()
        ),
        default=0.0,
    )


def experience(pair: Pair) -> Judgement:
    """Whether the worker has done this, or learnt it; a posting that teaches asks for less."""
    seeker, opening = pair.seeker, pair.opening
    done, taught = hand(seeker, opening), _taught(seeker, opening)
    value = max(done, taught)
    need = opening.facts.experience
    must = need is not None and need.strength is Strength.MUST
    if not must:
        value = max(value, _TAUGHT_THERE if "training" in opening.offers else 0.0)
    if done >= _SOME:
        best = _best_account(seeker, opening)
        return Judgement(value, reason=_account(best), rests_on=(best.span,))
    if must:
        return Judgement(value, gap=f"岗位要有经验（“{need.span.text}”），{{you}}没有这方面的经历" if need else "")
    if taught >= _TRAINED * _SOME:
        return Judgement(value, reason="学过这方面的技能，还没有实际做过")
    return Judgement(value, gap="没有做过这类工作")


def _best_account(seeker: Seeker, opening: Opening) -> Experience:
    return max(
        seeker.facts.experience,
        key=lambda done: (
            max(near("skill", done.id, work) * degree for work, degree in opening.main.items())
            * done.degree
            * _skill(done.years, done.at_home)
        ),
    )


def _account(best: Experience) -> str:
    home = "在家" if best.at_home else ""
    return f"{home}做过{labels()[best.id]}{_how_long(best.years)}"


def _how_long(years: float | None) -> str:
    """As people say it: eight months, not 0.7 years."""
    if not years:
        return ""
    return f"{years:g}年左右" if years >= 1 else f"{max(1, round(years * 12))}个月左右"
