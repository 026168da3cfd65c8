"""When work begins, and until when the notice stands."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from services.jobs.understanding.fact import IMPLIED, SAID, STATED, Fact, around, whole
from services.jobs.understanding.notice import Notice
from services.kernel.imports import healing
from services.kernel.text.facts import numerals
from services.kernel.text.facts.passages import Passage

_M: Final = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?"
_D: Final = r"(?:(?P<day>\d{1,2}|[一二三四五六七八九十廿]{1,3})(?:日|号)|(?P<part>上旬|中旬|下旬|初|中|底|末))"
_DATE: Final = re.compile(
    rf"(?:(?P<year>20\d\d)\s*年\s*|(?P<next>明年|来年))?{_M}{_D}?|(?P<iso>20\d\d[-./]\d{{1,2}}[-./]\d{{1,2}})"
)
_LUNAR: Final = re.compile(
    r"(?:农历|阴历|正月|腊月|冬月)[^,;.]{0,6}|(?:春节|元宵|国庆|开春|过完年|年后|节后|年前|秋收)(?:过?后|前|左右|以后)?"
)
_NEXT_MONTH: Final = re.compile(
    r"下个?月(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[号日])?(?:初|中|底)?(?=[^,;.]{0,6}(?:到岗|上岗|入职|上户|上班|开工|进场))"
)
_BEGIN: Final = re.compile(
    r"到岗|上岗|入职|报到|开工|到厂|进厂|进场|发车|上班|开始|开采|开园|开班|入场|启动|上户|集合|出发|来(?!了|的|沪|的时)"
)
_NOW: Final = re.compile(
    r"即日起|随时(?:可)?(?:到岗|上岗|入职|上班|报到|能来|来)|马上(?:到岗|上岗|入职|上班)|立即(?:到岗|上岗|入职)|尽快(?:到岗|上岗|入职)|越快越好|"
    r"(?:面试|体检)(?:通过|合格)?(?:后|当日|当天)(?:即可)?(?:上岗|入职|上班)|长期(?:招聘|招工|招|有效)"
)
_LAST: Final = re.compile(
    r"报名(?:时间|日期)[::]?[^,;.]{0,14}(?:至|到|-)|有效期?(?:限)?(?:至|到|截止)|截止(?:到|至|日期|时间)?|报名(?:截至|截止|到)|招满(?:即|为)止"
)
_APPLY: Final = re.compile(r"^(?:前|之前|以前|止)[^,;.]{0,3}(?:报名|投|联系|应聘|截止)")
_PART_DAY: Final = {"上旬": 5, "初": 5, "中": 15, "中旬": 15, "下旬": 25}
_JUST_PAST: Final = timedelta(days=60)


def valid_until(notice: Notice, today: date) -> Iterator[Fact]:
    """The last day: the column, else a date right after words of ending."""
    for passage in notice.of("valid_until"):
        day = healing.day(passage.written.strip()).value or _day_in(passage.text, today)
        if day is not None:
            yield Fact("valid_until", day.isoformat(), whole(passage), STATED)
    for passage in notice.of("text"):
        for match in _DATE.finditer(passage.text):
            day = _day(match, today)
            if day is not None and _APPLY.match(passage.text[match.end() :]):
                yield Fact("valid_until", day.isoformat(), passage.span(match.start(), match.end()))
        for match in _LAST.finditer(passage.text):
            found = _DATE.search(passage.text, match.end(), match.end() + 16)
            day = _day(found, today) if found else None
            if found and day is not None:
                yield Fact("valid_until", day.isoformat(), passage.span(match.start(), found.end()))


def start(notice: Notice, today: date) -> Iterator[Fact]:
    """The first day of work, and the words for it; lunar dates and seasons stay words."""
    for passage in notice.of("text", "hours"):
        dated = _dated(passage, today)
        now = _NOW.search(passage.text)
        if dated:
            yield from dated
            return
        if now:
            yield Fact("start_text", now.group(), passage.span(now.start(), now.end()))
            return


def _dated(passage: Passage, today: date) -> list[Fact]:
    if match := _NEXT_MONTH.search(passage.text):
        span = around(passage, match.start(), match.end())
        year, month = today.year + today.month // 12, today.month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        said = [Fact("start_text", span.text, span)]
        if match.group("day"):
            on = min(int(numerals.number(match.group("day")) or 1), last)
            said.append(Fact("start_date", date(year, month, on).isoformat(), span))
        return said
    for match in (*_DATE.finditer(passage.text), *_LUNAR.finditer(passage.text)):
        clause = passage.clause_at(match.start())
        tail = passage.text[match.end() : clause.end]
        head = passage.text[clause.start : match.start()]
        if not (_BEGIN.search(tail[:14]) or _BEGIN.search(head[-8:])) or _LAST.search(head):
            continue
        span = around(passage, match.start(), match.end())
        facts = [Fact("start_text", span.text, span)]
        day = _day(match, today) if match.re is _DATE else None
        if day is not None and (match.group("day") or match.group("iso") or match.group("part") in {"底", "末"}):
            facts.append(Fact("start_date", day.isoformat(), span, SAID if match.group("day") else IMPLIED))
        return facts
    return []


def _day_in(text: str, today: date) -> date | None:
    match = _DATE.search(text)
    return _day(match, today) if match else None


def _day(match: "re.Match[str]", today: date) -> date | None:
    """The day meant: the coming one where no year is said; the month's last for 底 and where no day is said."""
    if match.group("iso"):
        return healing.day(match.group("iso")).value
    month = int(numerals.number(match.group("month")) or 0)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of the year
        return None
    years = [int(match.group("year"))] if match.group("year") else [today.year, today.year + 1]
    if match.group("next"):
        years = [today.year + 1]
    days = [day for year in years if (day := _in_month(match, year, month))]
    return next((day for day in days if day >= today - _JUST_PAST), days[-1] if days else None)


def _in_month(match: "re.Match[str]", year: int, month: int) -> date | None:
    last = calendar.monthrange(year, month)[1]
    if match.group("day"):
        day = int(numerals.number(match.group("day")) or 0)
    else:
        day = _PART_DAY.get(match.group("part") or "", last)
    return date(year, month, day) if 1 <= day <= last else None
