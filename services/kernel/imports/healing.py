"""Healing: what people write, made what they meant. Each function says what it had to mend, by the codes of NOTES.

Nothing is guessed: what has no single meaning comes back as None (unreadable) and the row's reader decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, Generic, TypeVar

NOTES: Final = {
    "full_width": "全角字符已转为半角",
    "blanks_removed": "去掉了多余的空格",
    "separators_removed": "去掉了号码里的分隔符",
    "apostrophe_removed": "去掉了号码前的单引号",
    "letter_case": "校验位小写 x 已改为 X",
    "number_as_float": "数字形式的单元格已转为文本",
    "country_code_removed": "去掉了电话前的国家代码",
    "first_of_several": "有几个号码，取了第一个",
    "dot_unified": "姓名中的间隔号已统一为“·”",
    "date_spelling": "日期写法已统一为 年-月-日",
    "excel_serial": "Excel 日期序号已转为日期",
    "unit_removed": "去掉了数字后的单位",
    "unclear_yes_no": "不是明确的“是”或“否”，只保留原文",
}
"""Code -> what was mended, in Chinese."""

_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\ud800-\udfff]")
_QUOTES: Final = "'’‘`\"“”"
_SEPARATORS: Final = re.compile(r"[-—–_.·/]")
_FLOAT: Final = re.compile(r"(\d+)\.0+$")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+$", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[、,，;；/／或]")
_COUNTRY: Final = re.compile(r"^(?:\+|00)?\(?(?:\+)?86\)?[- ]?(?=1\d{10}$)")
_NAME_DOTS: Final = re.compile(r"(?<=\w)[•‧・．.。∙●﹒](?=\w)")
_DATE: Final = re.compile(
    r"(\d{4})\s*[-/.年、]\s*(\d{1,2})\s*[-/.月、]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?:止|截止)?$"
)
_MONTH: Final = re.compile(r"(\d{4})(?:\s*[-/.年、]\s*(0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))\s*月?$")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_SERIAL: Final = re.compile(r"\d{5}(?:\.0+)?$")
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
_AMOUNT: Final = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(元?/?(?:每)?月?|元|人|名|个)$")
_YES: Final = frozenset({"是", "有", "y", "yes", "true", "1", "√", "对", "已搬迁", "已", "搬迁", "愿意"})
_NO: Final = frozenset({"否", "无", "n", "no", "false", "0", "×", "x", "不是", "未搬迁", "未", "没有", "非"})


Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Healed(Generic[Value_co]):
    """A value, None when it cannot be read, and the codes of what was mended."""

    value: Value_co
    notes: tuple[str, ...] = ()


def words(raw: str) -> str:
    """A person's own words: as written, but for unprintable characters and blanks at the ends."""
    return raw.strip() if raw.isprintable() else _UNPRINTABLE.sub("", raw).strip()


def name(raw: str) -> Healed[str]:
    """A person's name: no blanks within (余 德珍), one dot between the parts of a minority name (阿依·古丽)."""
    notes = []
    healed = _UNPRINTABLE.sub("", raw).strip()
    if healed.isascii():
        return Healed(healed)
    together = _BLANK.sub("", healed)
    if together != healed:
        notes.append("blanks_removed")
    dotted = _NAME_DOTS.sub("·", together)
    if dotted != together:
        notes.append("dot_unified")
    return Healed(dotted, tuple(notes))


def identity_number(raw: str) -> Healed[str | None]:
    """An identity number as GB 11643 writes it, not yet checked. None: a number cell has lost its last digits for good."""
    healed, notes = _digits(raw)
    if _SCIENTIFIC.match(healed):
        exact = _exact(healed)
        return Healed(exact, (*notes, "number_as_float"))
    if healed.endswith("x"):
        healed = f"{healed[:-1]}X"
        notes.append("letter_case")
    return Healed(healed, tuple(notes))


def phone(raw: str) -> Healed[str]:
    """A phone number's digits, not yet checked; of several the first."""
    numbers = [piece for piece in _SEVERAL.split(raw) if piece.strip()]
    healed, notes = _digits(numbers[0] if numbers else "")
    if len(numbers) > 1:
        notes.append("first_of_several")
    if _SCIENTIFIC.match(healed):
        return Healed(_exact(healed) or healed, (*notes, "number_as_float"))
    bare = _COUNTRY.sub("", healed)
    if bare != healed:
        notes.append("country_code_removed")
    return Healed(bare, tuple(notes))


def day(raw: str) -> Healed[date | None]:
    """A date as usually spelled: 2026-11-01, 2026/11/1, 2026.11.1, 20261101, 2026年11月1日, an Excel serial; a time is cut."""
    text = _BLANK.sub(" ", unicodedata.normalize("NFKC", raw)).strip().strip(_QUOTES)
    spelled = _DATE.match(text) or _COMPACT_DATE.match(text)
    if spelled:
        found = _date(*(int(part) for part in spelled.groups()))
        return Healed(found, ("date_spelling",) if found and found.isoformat() != raw.strip() else ())
    if _SERIAL.match(text):
        return Healed(_EXCEL_DAY_ZERO + timedelta(days=int(text[:5])), ("excel_serial",))
    return Healed(None)


def month(raw: str) -> Healed[date | None]:
    """The first day of a month as usually spelled: 1990.05, 1990年5月, 199005, 1990-5. None for all else, whole dates too."""
    spelled = _MONTH.match(_BLANK.sub(" ", unicodedata.normalize("NFKC", raw)).strip().strip(_QUOTES))
    found = _date(int(spelled[1]), int(spelled[2] or spelled[3]), 1) if spelled else None
    return Healed(found, ("date_spelling",) if found else ())


def amount(raw: str) -> Healed[Decimal | None]:
    """A plain number: 3500, 3,500, 3500.0, 3500元, 3500元/月, 15人. None for anything with words or a range in it."""
    text = _BLANK.sub("", unicodedata.normalize("NFKC", raw)).strip(_QUOTES)
    match = _AMOUNT.match(text)
    if not match:
        return Healed(None)
    try:
        value = Decimal(match[1].replace(",", ""))
    except InvalidOperation:
        return Healed(None)
    return Healed(value, ("unit_removed",) if match[2] else ())


def yes_no(raw: str) -> bool | None:
    """是/否 in the usual spellings; None when it is neither."""
    text = _BLANK.sub("", unicodedata.normalize("NFKC", raw)).lower()
    if text in _YES:
        return True
    return False if text in _NO else None


def _digits(raw: str) -> tuple[str, list[str]]:
    """A number cell as bare digits, and what was mended on the way."""
    if raw.isascii() and raw.isalnum():  # nothing to mend, as in nearly every cell
        return raw, []
    notes = []
    text = _UNPRINTABLE.sub("", raw).strip()
    half = unicodedata.normalize("NFKC", text)
    if half != text:
        notes.append("full_width")
    unquoted = half.strip(_QUOTES)
    if unquoted != half:
        notes.append("apostrophe_removed")
    together = _BLANK.sub("", unquoted)
    if together != unquoted:
        notes.append("blanks_removed")
    whole = _FLOAT.sub(r"\1", together)
    if whole != together:
        notes.append("number_as_float")
    if _SCIENTIFIC.match(whole):
        return whole, notes
    bare = _SEPARATORS.sub("", whole)
    if bare != whole:
        notes.append("separators_removed")
    return bare, notes


def _exact(scientific: str) -> str | None:
    """The digits of a number in scientific form, or None when it tells fewer digits than it has."""
    mantissa, _, exponent = scientific.upper().partition("E")
    told = len(mantissa.replace(".", ""))
    return str(int(Decimal(scientific))) if told > int(exponent) else None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
