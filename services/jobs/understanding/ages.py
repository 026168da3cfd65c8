"""The ages that an employer wishes for: the widest of those named."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.jobs.understanding.fact import Fact
from services.jobs.understanding.notice import Notice
from services.kernel.text.facts import numerals
from services.kernel.text.facts.model import Span
from services.kernel.text.facts.passages import Passage

_N: Final = r"(?:\d{2}|[一二三四五六七]?十[一二三四五六七八九]?)"
_YEARS: Final = r"\s*(?:周?岁)?"
_RANGE: Final = rf"(?P<least>{_N}){_YEARS}\s*(?:-+|~|到|至)\s*(?P<most>{_N})(?!\d|[:.]\d)(?P<years>{_YEARS})"
_MOST: Final = (
    rf"(?:不超过|放宽到|放到|不大于|最大|可到|小于|低于)\s*(?P<up_to>{_N})(?!\d){_YEARS}"
    rf"|(?P<below>{_N}){_YEARS}\s*(?:[(]含[)])?(?:及|或)?(?:以下|以内|之内|之下|封顶|内(?!容|向|外))"
)
_LEAST: Final = rf"(?:年?满)\s*(?P<full>{_N}){_YEARS}|(?P<above>{_N}){_YEARS}\s*(?:及|或)?(?:以上|起(?!步)|往上)"
# 男六十、女五十五以内
_BOTH: Final = rf"男(?:性|的)?\s*(?P<men>{_N}){_YEARS}(?=[,、/]?\s*女(?:性|的)?\s*{_N}{_YEARS}(?:及)?(?:以下|以内|内))"
_AGES: Final = re.compile(f"{_BOTH}|{_RANGE}|{_MOST}|{_LEAST}")
_ASKED: Final = re.compile(r"(?:要求|条件|年龄)[::为]?\s*$")
_OF_AGE: Final = re.compile(r"岁|年龄")
_NOT_AGES: Final = re.compile(r"^\s*(?:名|人|元|块|天|小时|分|斤|公斤|米|平|户|单|年(?!龄)|个|次|厘米|cm|k|千|万|%|床|[:：]\d)")
# Ages that are not the worker's: the child's, the patient's, years of service.
_OTHERS: Final = re.compile(
    r"(?:宝宝|宝贝|孩子|小孩|娃|老人|老爸|老妈|父亲|母亲|奶奶|爷爷|病人|学生|儿子|女儿|两老|婴|幼)[^,;.]{0,6}$"
)
_ALSO: Final = re.compile(r"^(?:的)?(?:也|都|亦|均)")  # "四十岁以上也欢迎" wishes for nothing
_LOWEST: Final = 14
_HIGHEST: Final = 75


class Wish(NamedTuple):
    """A wish for ages in full years, None where it is open, with its words."""

    least: int | None
    most: int | None
    span: Span


def wishes(notice: Notice) -> Iterator[Wish]:
    """Every wish, in the age column and in running text (there only where it speaks of ages)."""
    for passage in notice.of("age"):
        yield from _in(passage, told=True)
    for passage in notice.of("title", "text", "education", "certificates"):
        yield from _in(passage, told=False)


def _in(passage: Passage, *, told: bool) -> Iterator[Wish]:
    for match in _AGES.finditer(passage.text):
        clause = passage.clause_at(match.start())
        head, tail = passage.text[clause.start : match.start()], passage.text[match.end() : clause.end]
        if _NOT_AGES.search(tail) or _OTHERS.search(head) or _ALSO.match(tail):
            continue
        asked = _ASKED.search(passage.text[: match.start()]) and match.group("most")
        alone = match.group("most") and clause.text.strip() == match.group().strip()
        if not (told or asked or alone or _OF_AGE.search(head[-6:] + match.group() + tail[:2])):
            continue
        least = _whole(match, "least", "full", "above")
        most = _whole(match, "most", "up_to", "below", "men")
        if least is None and most is None:
            continue
        yield Wish(least, most, passage.span(match.start(), match.end()))


def _whole(match: "re.Match[str]", *groups: str) -> int | None:
    said = next((word for group in groups if (word := match.group(group))), None)
    number = numerals.number(said) if said else None
    return int(number) if number is not None and _LOWEST <= number <= _HIGHEST else None


def ages(notice: Notice) -> Iterator[Fact]:
    """The least and the greatest age of all that the notice accepts."""
    found = list(wishes(notice))
    lowest = [wish for wish in found if wish.least is not None]
    highest = [wish for wish in found if wish.most is not None]
    if lowest:
        wish = min(lowest, key=lambda wish: wish.least or 0)
        yield Fact("age_min", wish.least or 0, wish.span)
    if highest:
        wish = max(highest, key=lambda wish: wish.most or 0)
        yield Fact("age_max", wish.most or 0, wish.span)
