"""Work once done, with rough years, from accounts."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from services.kernel.text.facts import gazetteer, numerals
from services.kernel.text.facts.model import Experience
from services.kernel.text.facts.passages import Passage
from services.kernel.text.facts.refusals import cue, refused
from services.kernel.text.facts.works import Mention, mentions

_YEARS: Final = re.compile(
    r"(?<![\d到至])(?P<n>半|\d{1,2}(?:\.\d)?|[一二两三四五六七八九十廿]{1,3})(?P<approx>来|几|多)?个?(?P<unit>年|个月|季)(?P<half>半|多)?(?!到|至|给|补|收|挣|\d|[一二两三四五六七八九]万|[一二两三四五六七八九]千|级|前|底|纪|月|\d|生|初|级)"
)
_YEAR: Final = r"(?<!\d)(?:(?:19|20)\d{2}|\d{2}(?=年))"
_FROM_TO: Final = re.compile(rf"(?P<from>{_YEAR})\s*年?[^,;\d]{{0,4}}(?:到|至|-|~)\s*(?P<to>{_YEAR})")
_MONTHS_AFTER: Final = re.compile(r"^(?:零)?(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})个月")
_KIN: Final = re.compile(
    r"(?:婆婆|公公|公婆|老公|老倌|老婆|丈夫|妻子|媳妇|爹|妈|父亲|母亲|父母|爷爷|自家|自己(?:的)?(?:娃|孩|家)?|侄|外甥|亲戚|姐姐|妹妹|哥哥|弟弟|堂[兄弟姐妹哥]|表[兄弟姐妹哥姑]|孙|家里|家人|老伴|在家)"
)
_PAID: Final = re.compile(r"主家|雇主|老板|工资|一个月给|一月给|元|块钱|人家|打工|东家|主人|东莞|深圳|上海|广州")
_OTHERS: Final = re.compile(
    r"^(?:他|她|我)?(?:老婆|老公|妻子|丈夫|媳妇|婆娘|老伴|儿子|女儿|男人|当家的|男的|女的|爹|妈)(?!说|讲|那边|走|一起|.{0,4}(?:下|去))"
)
_CARE: Final = frozenset({"H02", "H05", "H06", "H09", "H10", "H11", "H15", "P24", "X04"})
_PLANNED: Final = re.compile(r"(?:想|要|打算|准备)(?:去|进|找|当|做|学|转|开)?[^,]{0,2}$")


def account(passage: Passage) -> tuple[Experience, ...]:
    """The work told in an account; what was never done, is only planned or was another's is left out."""
    found = [mention for mention in mentions(passage, passage.text) if not _left_out(mention)]
    return tuple(_merged(list(_experiences(passage, found))))


def _left_out(mention: Mention) -> bool:
    clause, (start, end) = mention.clause.text, mention.within
    if refused(clause, start, end, before="firm", after="") or _OTHERS.search(clause.strip()):
        return True
    never = cue("never").search(clause[:start]) or cue("never").match(clause[end : end + 4])
    return never is not None or _PLANNED.search(clause[:start]) is not None


def _experiences(passage: Passage, found: Sequence[Mention]) -> Iterator[Experience]:
    for position, mention in enumerate(found):
        own_family = _KIN.search(mention.clause.text) and not _PAID.search(passage.sentence_at(mention.start).text)
        places = _places(passage, mention)
        years = _years(passage, found, position)
        for work, degree in mention.means.items():
            yield Experience(
                id=work,
                years=years,
                at_home=bool(own_family) and work in _CARE,
                places=places,
                degree=degree,
                span=passage.span(mention.start, mention.end),
            )


def _years(passage: Passage, found: Sequence[Mention], position: int) -> float | None:
    """The span of time told nearest: after the work and before the next sentence, else before it in the sentence."""
    mention = found[position]
    sentence = passage.sentence_at(mention.start)
    if calendar := _FROM_TO.search(mention.clause.text):
        return float(max(_calendar(calendar.group("to")) - _calendar(calendar.group("from")), 0)) or None
    after = _YEARS.search(passage.text[mention.end : sentence.end])
    if after:
        return _value(after, passage.text[mention.end : sentence.end])
    head = passage.text[sentence.start : mention.start]
    # 一年零六个月: the months belong to the years before them.
    before = [match for match in _YEARS.finditer(head) if not re.search(r"年零?$", head[: match.start()])]
    return _value(before[-1], head) if before else None


def _calendar(year: str) -> int:
    """2016 and 16 are the same year; 98 is 1998."""
    if len(year) == 4:  # noqa: PLR2004 - a year in full
        return int(year)
    return int(year) + (1900 if int(year) > 60 else 2000)  # noqa: PLR2004


def _value(match: re.Match[str], text: str) -> float | None:
    count = numerals.rough(match.group("n"))
    if count is None:
        return None
    if match.group("unit") == "个月":
        return round(count / 12, 1)
    if match.group("unit") == "季":
        return round(count / 3, 1)
    months = _MONTHS_AFTER.match(text[match.end() :])
    extra = (numerals.number(months.group("n")) or 0) / 12 if months else 0.5 if match.group("half") else 0.0
    return round(count + extra + (0.5 if match.group("approx") else 0), 1)


def _places(passage: Passage, mention: Mention) -> tuple[str, ...]:
    sentence = passage.sentence_at(mention.start)
    head = passage.text[sentence.start : mention.end]
    found = list(gazetteer.places(head))
    return found[-1].codes if found else ()


def _merged(experiences: Sequence[Experience]) -> Iterator[Experience]:
    """One entry per work: the longest, the surest; deeds of one stretch of work are not counted twice."""
    by_work: dict[tuple[str, bool], Experience] = {}
    for one in experiences:
        key = (one.id, one.at_home)
        best = by_work.get(key)
        if best is None or (one.degree, one.years or 0) > (best.degree, best.years or 0):
            years = max((y for y in (one.years, best.years if best else None) if y is not None), default=None)
            by_work[key] = one.model_copy(update={"years": years})
    yield from by_work.values()
