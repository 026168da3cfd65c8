"""Sums of money in words, with their unit, as CNY per month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.kernel.text.facts import numerals
from services.kernel.text.facts.model import PayUnit

_DIGIT: Final = r"\d+(?:\.\d+)?"
_HAN: Final = "[一二两三四五六七八九十百千万]"
_TENTHS: Final = "[一二三四五六七八九](?![十百千万年月天个小点])"
_ONE: Final = (
    rf"(?:{_DIGIT}\s*(?:[kKwW]|千|万|百)?(?:{_TENTHS}|(?<=[千万])[1-9](?![\d.]))?|{_HAN}{{2,}}|[一二两三四五六七八九十]+)"
)
_SPAN: Final = "(?:月|天|日|小时|钟头|钟|单|年|晚上|晚|班)"
_ABOUT: Final = r"多|来|几|上下|左右|以上|起|\+|出头|往上|朝上"
_PER: Final = rf"(?P<per>(?:(?:一|每|1)个?{_SPAN}(?:薪|工资|结|给|挣|拿)?|(?:{_SPAN}|时)(?:薪|工资|结)):?\s*)?"
_RANGE: Final = rf"(?P<low>{_ONE})\s*(?:元|块钱|块)?\s*(?:(?:-|~|到|至|—)\s*(?P<high>{_ONE}))?"
_SUM: Final = re.compile(
    rf"{_PER}{_RANGE}\s*(?P<tail>{_ABOUT})?\s*(?:元|块钱|块|人民币|RMB|rmb)?\s*(?P<tail2>{_ABOUT})?"
    rf"(?:\s*(?:/|一|每|1|个|的)+\s*(?P<unit>{_SPAN}))?"
)
_YEARLY: Final = re.compile(r"(?:年(?:薪|收入|劳务报酬|报酬|补贴|工资|补助)|一年|每年)[^,;.\d]{0,4}$")
_UNITS: Final = {
    "月": PayUnit.MONTH,
    "天": PayUnit.DAY,
    "日": PayUnit.DAY,
    "晚": PayUnit.DAY,
    "晚上": PayUnit.DAY,
    "班": PayUnit.DAY,
    "小时": PayUnit.HOUR,
    "钟头": PayUnit.HOUR,
    "钟": PayUnit.HOUR,
    "时": PayUnit.HOUR,
    "单": PayUnit.ORDER,
    "年": PayUnit.YEAR,
}
# Working days and hours by which other units become a month (rough practice: 26 days; 170 paid hours; one 26-day order).
_PER_MONTH: Final = {
    PayUnit.MONTH: 1.0,
    PayUnit.DAY: 26.0,
    PayUnit.HOUR: 170.0,
    PayUnit.ORDER: 1.0,
    PayUnit.YEAR: 1 / 12,
}
_LEAST_SAID_MONTHLY: Final = 300  # "500元/月" of a public-welfare post
_REACH: Final = 48
_PLAUSIBLE: Final = {
    PayUnit.MONTH: (600, 60000),
    PayUnit.DAY: (40, 1500),
    PayUnit.HOUR: (8, 200),
    PayUnit.ORDER: (1000, 60000),
    PayUnit.YEAR: (3000, 500000),
}
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬", "一二三四五六七八九十百千万")


@dataclass(frozen=True)
class Amount:
    """A sum or a range at [start, end), in CNY per month; `open_above`: "以上", "起"; `stated_*`: CNY per `unit`, as said."""

    start: int
    end: int
    low: float
    high: float
    unit: PayUnit
    open_above: bool = False
    stated_low: float = 0.0
    stated_high: float = 0.0

    def before(self, text: str) -> str:
        """The words right before the sum: as many as can tell what it is for."""
        return text[max(0, self.start - _REACH) : self.start]


def _value(text: str) -> float | None:
    compact = text.replace(" ", "")
    match = re.fullmatch(rf"({_DIGIT})([kKwW千万百]?)([一二三四五六七八九]|(?<=[千万])[1-9])?", compact)
    if not match:
        return numerals.rough(compact)
    scale = {"k": 1000, "千": 1000, "w": 10000, "万": 10000, "百": 100}.get(match.group(2).lower(), 1)
    last = numerals.number(match.group(3)) or 0 if match.group(3) else 0
    return float(match.group(1)) * scale + last * scale / 10


def _thousands(low: float, high: float, text: str) -> float:
    """三四千, 4-5千: the first of a range borrows the unit of the second."""
    if low < 20 and high >= 1000:  # noqa: PLR2004 - nobody works for twenty yuan a month
        return low * (1000 if high < 10000 or re.search("[千kK]", text) else 10000)  # noqa: PLR2004
    return low


def amounts(text: str, default: PayUnit = PayUnit.MONTH) -> Iterator[Amount]:
    """The sums of money in folded words; a bare number counts as `default` if it is plausible as such."""
    for match in _SUM.finditer(text.translate(_FORMAL)):
        amount = _amount(match, default)
        if amount is not None:
            yield amount


def _unit(match: re.Match[str], default: PayUnit) -> PayUnit:
    if _YEARLY.search(match.string[: match.start()]):
        return PayUnit.YEAR
    word = match.group("unit") or re.sub(r"[一每1个薪工资结给挣拿:\s]", "", match.group("per") or "")
    return _UNITS.get(word, default)


def _pair(low_text: str, high_text: str | None) -> tuple[float, float] | None:
    joined = re.fullmatch(r"([一二两三四五六七八九])([二三四五六七八九])(千|百|万)", low_text)
    if joined and high_text is None:  # 三四千
        scale = {"百": 100, "千": 1000, "万": 10000}[joined.group(3)]
        return (numerals.number(joined.group(1)) or 0) * scale, (numerals.number(joined.group(2)) or 0) * scale
    low = _value(low_text)
    high = _value(high_text) if high_text else low
    if low is None or high is None:
        return None
    return _thousands(low, high, high_text or ""), high


def _amount(match: re.Match[str], default: PayUnit) -> Amount | None:
    pair = _pair(match.group("low"), match.group("high"))
    if pair is None:
        return None
    low, high = min(pair), max(pair)
    unit = _unit(match, default)
    least, most = _PLAUSIBLE[unit]
    if unit is PayUnit.MONTH and match.group("unit"):
        least = _LEAST_SAID_MONTHLY
    if not least <= low <= most:
        return None
    tail = f"{match.group('tail') or ''}{match.group('tail2') or ''}"
    factor = _PER_MONTH[unit]
    return Amount(
        match.start(),
        match.end(),
        low * factor,
        min(high, most) * factor,
        unit,
        bool(re.search(r"以上|起|\+|往上|朝上", tail)),
        low,
        high,
    )
