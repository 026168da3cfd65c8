"""The earliest start, as it was said, and what day that is seen from a given day."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from services.kernel.text.facts import numerals, tables
from services.kernel.text.facts.model import Start, StartKind
from services.kernel.text.facts.passages import Passage

_N: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_NOW: Final = re.compile(
    r"随(?:时|叫|喊|到)|马上|立马|立即|立刻|即刻|当天|现在(?:就)?(?:可以|能|行|随时|就|走)|[看等]通知|年前年后|说走就走|(?:通知|一喊|喊).{0,2}就(?:走|来|到)|就可以走|"
    r"^都(?:行|可以)|不限|以前都行|之前都(?:行|可以)|明天|后天|这几[天日]|这两[天日]|即时|即刻|尽快|越快越好|一(?:喊|叫)就|喊(?:起|到|一声)?就|待命|可立即|任何时候|当日|在家闲着|即可|即日|今天"
)
_LONG: Final = re.compile(
    r"生完|断奶|满周岁|产后|等?(?:娃|孩子|小的)[^,;.]{0,4}(?:大了|大点|上(?:小|中)?学(?!去?了)|上幼儿园(?!了))|养好|(?:病|婆婆|公公|老人|男人|娃)[^,;.]{0,3}好(?:了|转)?(?:再|才|以后)|病好|考完再说|(?:生|坐完)(?:了)?(?:月子)?再说|起码明年(?:下半年|底)|毕业|等几年|暂时不|明年再说|送上山"
)
_DAYS: Final = re.compile(
    rf"(?:(?P<half>半)|(?P<n>{_N}|几|两))\s*(?:个)?(?P<unit>天|周|星期|礼拜|月)(?!底|初|份|中|\d)(?:(?:以)?(?:后|内|左右)|辞|说|交接|通知|$)|提前(?P<early>半|{_N}|两)?\s*(?:个)?(?P<unit2>天|周|星期|月)"
)
_NEXT: Final = re.compile(rf"下(?:个)?月(?:(?P<part>初|中|底)|(?P<day>{_N})(?:号|日)?)?")
_THIS: Final = re.compile(rf"(?:这个|本|当)?月(?P<part>底|末)|(?:这个|本)月(?:(?P<day>{_N})(?:号|日)?)?")
_DATE: Final = re.compile(
    rf"(?P<next>明年|来年|翻年)?(?P<old>农历|阴历|旧历)?(?:\d{{2,4}}年)?(?P<month>{_N}|冬|腊|正)月(?!街|半)(?:份)?(?:(?P<part>初(?!\w)|上旬|中旬|中|下旬|底|末)|初?(?P<day>{_N})(?:号|日)?)?(?P<after>以?后|过后|过了)?"
)
_LUNAR: Final = {"正": 1, "冬": 11, "腊": 12}
_PARTS: Final = {"初": 5, "上旬": 5, "中": 15, "中旬": 15, "下旬": 25, "底": 28, "末": 28}
_UNIT_DAYS: Final = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_JUST_PAST: Final = timedelta(days=100)
_FAR: Final = timedelta(days=400)


@cache
def _seasons() -> Sequence[tuple[re.Pattern[str], Mapping[str, Any]]]:
    return tuple((re.compile(row["words"]), row) for row in tables.load("seasons")["season"])


def start(passage: Passage) -> Start | None:
    """What the words say; None for no words."""
    text = passage.text.strip()
    if not text:
        return None
    return _now(passage) or _dated(passage) or _relative(passage) or _season(passage) or _vague(passage)


def _now(passage: Passage) -> Start | None:
    span = passage.search(_NOW)
    return Start(kind=StartKind.NOW, span=span) if span else None


def _dated(passage: Passage) -> Start | None:
    match = _DATE.search(passage.text)
    if match is None:
        return None
    word = match.group("month")
    month = _LUNAR.get(word) or int(numerals.number(word) or 0)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of the year
        return None
    day = int(numerals.number(match.group("day")) or 1) if match.group("day") else _PARTS.get(match.group("part") or "", 1)
    if not match.group("day") and not match.group("part") and re.search(r"过(?:了|完)?$|出了?$", passage.text[: match.start()]):
        day = 28
    return Start(
        kind=StartKind.DATE,
        month=month,
        day=day,
        lunar=word in _LUNAR or match.group("old") is not None,
        next_year=match.group("next") is not None,
        span=passage.span(match.start(), match.end()),
    )


def _relative(passage: Passage) -> Start | None:
    if match := _NEXT.search(passage.text):
        day = int(numerals.number(match.group("day")) or 1) if match.group("day") else _PARTS.get(match.group("part") or "", 1)
        return Start(kind=StartKind.NEXT_MONTH, day=day, span=passage.span(*match.span()))
    if match := _THIS.search(passage.text):
        day = int(numerals.number(match.group("day")) or 28) if match.group("day") else 28
        return Start(kind=StartKind.THIS_MONTH, day=day, span=passage.span(*match.span()))
    if match := _DAYS.search(passage.text):
        return Start(kind=StartKind.DAYS, days=_days(match), span=passage.span(*match.span()))
    return None


def _days(match: re.Match[str]) -> int:
    unit = _UNIT_DAYS[match.group("unit") or match.group("unit2")]
    if match.group("half") or match.group("early") == "半":
        return unit // 2
    word = match.group("n") or match.group("early") or "一"
    return int((numerals.number(word) or 3) * unit)


def _season(passage: Passage) -> Start | None:
    for pattern, row in _seasons():
        if span := passage.search(pattern):
            kind = StartKind.NOW if row["month"] == 0 else StartKind.DATE
            return Start(kind=kind, month=row["month"], day=row["day"], lunar=row.get("lunar", False), span=span)
    return None


def _vague(passage: Passage) -> Start:
    kind = StartKind.LONG if _LONG.search(passage.text) else StartKind.OPEN
    return Start(kind=kind, span=passage.span(0, len(passage.written)))


def blocked(passages: Sequence[Passage]) -> tuple[int, ...]:
    """The months for which somebody must come home, where the words say so: "农忙要回来", "收烟时候回去帮忙"."""
    rules = tables.load("seasons")["needed_at_home"]
    must_return = re.compile(rules["must_return"])
    clauses = [clause.text for passage in passages for clause in passage.clauses if must_return.search(clause.text)]
    months = {month for row in rules["seasons"] for text in clauses if re.search(row["words"], text) for month in row["months"]}
    return tuple(sorted(months))


def earliest(said: Start | None, today: date) -> date | None:
    """The first day of work that the words allow, seen from `today`; None when they name no day."""
    if said is None or said.kind is StartKind.OPEN:
        return None
    if said.kind is StartKind.ON:
        return max(today, said.on or today)
    if said.kind in {StartKind.NOW, StartKind.DAYS, StartKind.LONG}:
        return today + (_FAR if said.kind is StartKind.LONG else timedelta(days=said.days))
    if said.kind is StartKind.THIS_MONTH:
        return max(today, _day_of(today.year, today.month, said.day))
    if said.kind is StartKind.NEXT_MONTH:
        return _day_of(today.year + today.month // 12, today.month % 12 + 1, said.day)
    return _occurrence(said, today)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _in_year(said: Start, year: int) -> date:
    if not said.lunar:
        return _day_of(year, said.month, said.day)
    starts: Mapping[str, str] = tables.load("seasons")["lunar_new_year"]
    new_year = date.fromisoformat(starts[str(min(max(year, 2020), 2040))])
    return new_year + timedelta(days=round(29.53 * (said.month - 1)) + said.day - 1)


def _occurrence(said: Start, today: date) -> date:
    """The next time the day comes round; today when it has just passed (the rice is in)."""
    days = [_in_year(said, today.year + offset) for offset in (-1, 0, 1)]
    if said.next_year:
        return next(day for day in days if day.year > today.year) if days[-1].year > today.year else days[-1]
    past = [day for day in days if day <= today]
    if past and today - past[-1] <= _JUST_PAST:
        return today
    return next(day for day in days if day > today)
