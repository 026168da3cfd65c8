"""When one works: from when to when, which days are free, in which shifts."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.jobs.understanding.fact import IMPLIED, SAID, Fact, around
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.patterns import patterns
from services.kernel.text.facts import numerals
from services.kernel.text.facts.model import Span
from services.kernel.text.facts.passages import Passage

COLUMNS: Final = ("hours", "title", "text", "lodging")

_DAY: Final = r"(?:早上|早晨|早|上午|凌晨|清晨|清早|朝|中午|下午|午后|下|晚上|晚|夜里|夜间|傍晚|次日|第二天|当天)"
_N: Final = r"(?:[01]?\d|2[0-4]|[一二两三四五六七八九]|十[一二]?|二十[一二三四]?)"
_MINUTES: Final = r"(?:[:.](?P<{0}_m>[0-5]\d)|(?:点|时)(?:钟|整)?(?P<{0}_w>半|[一三]刻|[0-5]?\d分?|[一二三四五]?十[五]?分?)?)"
_TIME: Final = rf"(?P<{{0}}_d>{_DAY})?(?P<{{0}}_n>{_N})(?:{_MINUTES})?"
_FROM: Final = _TIME.replace("{0}", "a")
_TO: Final = _TIME.replace("{0}", "b")
_SPAN: Final = re.compile(rf"(?<![\d.]){_FROM}\s*(?P<joint>-+|~|到|至|,?(?=[晚夜]))\s*{_TO}(?![\d]|[.]\d)")
_NOT_HOURS: Final = re.compile(r"^\s*(?:岁|周岁|名|人|元|块|天|户|单|个|小时|h|k|K|千|万|斤|年|月|次|分|%|层|楼|床|平|米)")
_ALTERNATIVES: Final = re.compile(r"早班|晚班|白班|夜班|中班|早晚班|两班|三班|倒班|轮班|班次|或")
_AFTERNOON: Final = frozenset({"下午", "午后", "下", "晚上", "晚", "夜里", "夜间", "傍晚"})
_HALVES: Final = {"半": 30, "一刻": 15, "三刻": 45}
_NOON: Final = 12 * 60
_EVENING: Final = 18 * 60
_EITHER: Final = re.compile(r"或|轮|倒|晚班|夜班")
_DAY_MINUTES: Final = 24 * 60
_LONGEST: Final = 16 * 60


class Hours(NamedTuple):
    """A working time in minutes of the day (the end may lie after midnight: above 1440), with its words."""

    start: int
    end: int
    span: Span


def clock(minutes: int) -> str:
    """HH:MM."""
    return f"{minutes % _DAY_MINUTES // 60:02d}:{minutes % 60:02d}"


def hours(notice: Notice) -> tuple[Hours, ...]:
    """The working times named, column by column; the first column that names any."""
    for name in COLUMNS:
        found = [one for passage in notice.of(name) for one in _in(passage, told=name == "hours")]
        if found:
            return tuple(found)
    return ()


def _in(passage: Passage, *, told: bool) -> Iterator[Hours]:
    for match in _SPAN.finditer(passage.text):
        if _NOT_HOURS.search(passage.text[match.end() :]) or not _a_time(match, told=told):
            continue
        start = _minutes(match, "a", afternoon=match.group("a_d") in _AFTERNOON)
        end = _minutes(match, "b", afternoon=match.group("b_d") in _AFTERNOON)
        if end <= start and match.group("b_d") is None and end + _NOON > start:
            end += _NOON
        elif end <= start:
            end += _DAY_MINUTES
        if 0 < end - start <= _LONGEST:
            yield Hours(start, end, passage.span(match.start(), match.end()))


def _a_time(match: "re.Match[str]", *, told: bool) -> bool:
    """Whether the figures are a time: a colon, 点 or a part of the day says so; in the column of hours a plain 9-18 does."""
    signs = [match.group(f"{side}_{part}") for side in "ab" for part in "dmw"]
    clear = any(signs) or re.search(r"\d\s*(?:点|时)", match.group()) is not None
    return clear or (told and match.group("joint") not in {"", ","})


def _minutes(match: "re.Match[str]", side: str, *, afternoon: bool) -> int:
    hour = int(numerals.number(match.group(f"{side}_n")) or 0)
    word = match.group(f"{side}_w") or ""
    minute = int(match.group(f"{side}_m") or 0) or _HALVES.get(word) or int(numerals.number(word.removesuffix("分")) or 0)
    if afternoon and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    return hour * 60 + minute


def working_hours(notice: Notice) -> Iterator[Fact]:
    """From when to when: the first of several shifts; of a day with a long break its beginning and its end."""
    found = hours(notice)
    if not found:
        return
    first, last = found[0], found[0]
    passage = next(p for p in notice.of(*COLUMNS) if p.field == first.span.field)
    if not _ALTERNATIVES.search(passage.text):
        for later in found[1:]:
            last = later if later.span.field == first.span.field and later.start >= last.end else last
    yield Fact("hours_start", clock(first.start), first.span)
    yield Fact("hours_end", clock(last.end), last.span)


_COUNT: Final = r"(?P<{0}>[一二两三四五六七八九十]|\d{{1,2}})"
_ON_OFF: Final = re.compile(
    rf"(?:做|上|干|工作){_COUNT.format('on')}(?:个)?(?P<unit>小时|天)?\s*(?:,|、)?(?:休息?|歇){_COUNT.format('off')}(?:小时|天)?(?!息|班)"
)
_A_MONTH: Final = re.compile(
    rf"(?:每?个?月|一个月)(?:轮|调|可)?(?:休息?|歇|放假?)(?:假)?{_COUNT.format('days')}(?:天|日)?(?!小时|人)"
    rf"|休息?{_COUNT.format('days2')}天(?:一|/|每)个?月|(?:休息?|假期?)(?:每月|月){_COUNT.format('days3')}天"
)
_NUMBERS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Rest(NamedTuple):
    """The days off: `code`, and how many days of a week are worked (None when that is not clear)."""

    code: str
    days_a_week: float | None
    span: Span


def rests(notice: Notice) -> Iterator[Rest]:
    """The pattern of days off that each passage names, the column of hours first."""
    for passage in notice.of(*COLUMNS):
        found = _on_off(passage) or _a_month(passage) or _weekly(passage)
        if found:
            yield found


def rest(notice: Notice) -> Rest | None:
    """The first pattern of days off that is named."""
    return next(rests(notice), None)


def _number(word: str) -> int:
    return int(numerals.number(word) or 0)


def _word(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _on_off(passage: Passage) -> Rest | None:
    match = _ON_OFF.search(passage.text)
    if match is None:
        return None
    on, off = _number(match.group("on")), _number(match.group("off"))
    span = passage.span(match.start(), match.end())
    if match.group("unit") == "小时" or on > 10:  # noqa: PLR2004 - 上24休48: hours
        return Rest(f"{on}h_on_{off}h_off", None, span)
    code = "two_days_off" if (on, off) == (5, 2) else f"{_word(on)}_on_{_word(off)}_off"
    return Rest(code, 7 * on / (on + off), span)


def _a_month(passage: Passage) -> Rest | None:
    match = _A_MONTH.search(passage.text)
    if match is None:
        return None
    days = _number(next(word for word in match.groups() if word))
    return Rest(f"{_word(days)}_days_a_month", 7 * (30 - days) / 30, passage.span(match.start(), match.end()))


_WORKED: Final = {"two_days_off": 5.0, "one_day_off": 6.0, "alternating_weeks": 5.5, "none": 7.0}


def _weekly(passage: Passage) -> Rest | None:
    for code, words in patterns("times", "rest").items():
        if span := passage.search(words):
            return Rest(code, _WORKED[code], span)
    return None


def rest_days(notice: Notice) -> Iterator[Fact]:
    """The days off as a code: six_on_one_off, four_days_a_month, two_days_off …"""
    if found := rest(notice):
        yield Fact("rest", found.code, found.span)


def shifts(notice: Notice) -> Iterator[Fact]:
    """The kind of shifts: what is said outright, else what two working times or day and night beside each other mean."""
    passages = list(notice.of(*COLUMNS))
    for code, words in patterns("times", "shifts").items():
        if span := next((span for passage in passages if (span := passage.search(words))), None):
            yield Fact("shifts", code, span)
            return
    yield from _from_times(passages, hours(notice))


def _between_spans(passages: Sequence[Passage], found: Sequence[Hours]) -> str:
    """The words between the first working time and the second."""
    first, second = found[0].span, found[1].span
    passage = next(p for p in passages if p.field == first.field)
    return passage.text[first.end : second.start]


def _from_times(passages: Sequence[Passage], found: Sequence[Hours]) -> Iterator[Fact]:
    columns = [passage for passage in passages if passage.search(patterns("times", "signs")["night"])]
    if found and found[0].start >= _EVENING and columns:
        yield Fact("shifts", "night", found[0].span)
        return
    either = len(found) > 1 and (found[1].start < found[0].end or _EITHER.search(_between_spans(passages, found)) is not None)
    if either and not columns:
        yield Fact("shifts", "two_shift", found[0].span, SAID)
    for passage in columns:
        night = passage.search(patterns("times", "signs")["night"])
        long_day = passage.search(patterns("times", "signs")["twelve"])
        if night and long_day:
            yield Fact("shifts", "two_shift", around(passage, min(night.start, long_day.start), night.end), IMPLIED)


class Daily(NamedTuple):
    """The hours of one working day or shift, with the words. `told`: they are stated as a number of hours."""

    hours: float
    span: Span
    told: bool


_HOURS: Final = r"(?P<{0}>\d{{1,2}}(?:\.\d)?|[一二两三四五六七八九十]{{1,3}})(?:个)?(?:多)?小时"
_DAILY: Final = re.compile(
    rf"(?:每天|每班|一天|每日|单班|一班|日均|每个班)[^,.;\d]{{0,5}}?{_HOURS.format('a')}"
    rf"|{_HOURS.format('b')}(?:/天|一天|一班|/班|制|两班|三班|倒|工作|班|一对)"
)
_BARE: Final = re.compile(rf"(?<!上)(?<!休)(?<!\d){_HOURS.format('a')}(?!内|前|休|热|一单|以内|/|起)")
_BREAK: Final = re.compile(
    r"(?:中午|午间|中间|午休|午餐)(?:可)?(?:休息?)?(?P<n>一个半|两个半|\d(?:\.\d)?|[一二两三])(?:个)?(?P<half>半)?(?:小时|钟头)"
)
_SHORTEST_TOLD: Final = 6
"""Hours. Fewer, without "每天" before them, may be a break or a journey."""
_CHOSEN: Final = re.compile(r"之间|自己选|自选|任选|可选|自己挑|自由安排|时段")  # a window, no shift
_FULL_SHIFT: Final = 12.0
_LONG_WITHOUT_BREAK: Final = 9.0


def daily_hours(notice: Notice) -> Daily | None:
    """How many hours a day: as stated, else between beginning and end less the break (an hour where none is named)."""
    for name, pattern in (("hours", _DAILY), ("hours", _BARE), ("text", _DAILY), ("title", _DAILY), ("text", _BARE)):
        for passage in notice.of(name):
            if match := pattern.search(passage.text):
                words = next(word for word in match.groups() if word)
                number = numerals.number(words)
                if number and (pattern is _DAILY or number >= _SHORTEST_TOLD):
                    return Daily(number, passage.span(match.start(), match.end()), told=True)
    return _between(notice)


def _between(notice: Notice) -> Daily | None:
    found = hours(notice)
    if not found:
        return None
    passage = next(p for p in notice.of(*COLUMNS) if p.field == found[0].span.field)
    day, last = [found[0]], found[0]
    if not _ALTERNATIVES.search(passage.text):
        for later in found[1:]:
            if later.start >= last.end:
                day.append(later)
                last = later
    if _CHOSEN.search(passage.text):
        return None
    gross = sum(one.end - one.start for one in day) / 60
    if gross >= _FULL_SHIFT:
        return Daily(gross, day[0].span, told=False)
    pause = _pause(notice) if len(day) == 1 else 0.0
    usual = 1.0 if gross >= _LONG_WITHOUT_BREAK and len(day) == 1 else 0.0
    return Daily(gross - (pause or usual), day[0].span, told=False)


def _pause(notice: Notice) -> float:
    for passage in notice.of("hours", "text"):
        if match := _BREAK.search(passage.text):
            half = 0.5 if match.group("half") or match.group("n").endswith("半") else 0.0
            return (numerals.number(match.group("n").removesuffix("个半").removesuffix("半")) or 0.0) + half
    return 0.0
