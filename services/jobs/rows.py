"""What a row of a sheet of openings says. Pure but for the clock's today."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from services.contracts.events import PostingWords
from services.contracts.postings import Cooperation, PostingTerms, Requirements
from services.contracts.vocabulary import codes, divisions, partnerships
from services.contracts.vocabulary.divisions import Place
from services.contracts.vocabulary.tables import spelling
from services.jobs.employers import uscc
from services.jobs.opening import LARGEST_PAY, Opening, violations
from services.kernel.imports import healing
from services.kernel.imports.headings import HeadingTable
from services.kernel.imports.outcomes import Reading, SheetRow
from services.kernel.imports.rows import RowReader

HEADINGS: Final = HeadingTable.load(Path(__file__).with_name("headings.csv"))

_LONGEST_NUMBER: Final = 64
_LONGEST_NAME: Final = 200
_LONGEST_WORDS: Final = 4000
_LEVEL_COLUMNS: Final = ("工作省", "工作市", "工作区")
_COLUMN_OF: Final = {"/headcount": "招聘人数", "/pay_min": "月薪下限", "/pay_max": "月薪上限"}

_PARTED: Final = re.compile(r"[、,，;；+＋/和及\s]+")
_TOLD: Final = ("用工形式", "保险", "结算方式", "到岗时间", "经验要求", "语言要求")
"""Columns whose words go into the description, each behind its heading."""
_PAY: Final = r"(\d+(?:\.\d+)?)(万|千|k)?"
_PAY_RANGE: Final = re.compile(
    rf"(?:月薪|底薪|综合|约|保底|[¥￥])*{_PAY}元?(?:[-~—–至到]+[¥￥]?{_PAY})?(?:元|/|每|个|月|以上|以下|起|左右|\+)*"
)
_UNITS: Final = {"万": 10_000, "千": 1_000, "k": 1_000}


class RowContact(BaseModel):
    """Whom the row says to ask."""

    name: str = ""
    phone: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """What a row asks for: this opening, known within its employer by `known_by`. `uscc`: the employer's code, if it checks."""

    opening: Opening
    known_by: str
    uscc: str | None = None
    contact: RowContact | None = None


def read_row(row: SheetRow, today: date) -> Reading[OfferedRow]:
    """The opening in a row, or why it cannot be taken."""
    reader = RowReader(row, HEADINGS)
    employer = _short(reader, "用人单位", "没有用人单位")
    title = _short(reader, "岗位名称", "没有岗位名称")
    number = _short(reader, "岗位编号", "", longest=_LONGEST_NUMBER)
    place = _place(reader)
    headcount = _headcount(reader)
    if place is None or headcount is None or reader.rejected:
        return reader.reading(None)
    pay_min, pay_max = _monthly(reader)
    kind, source = reader.words("单位类型"), reader.words("来源")
    opening = Opening(
        employer_name=employer,
        title=title,
        number=number,
        province_code=place.province_code,
        city_code=place.city_code,
        district_code=place.county_code,
        place=_said_place(reader),
        headcount=headcount,
        employer_kind=codes.EMPLOYER_KINDS.find(kind),
        employer_kind_text=kind,
        pay_min=pay_min,
        pay_max=pay_max,
        valid_until=_last_day(reader, today),
        source=codes.POSTING_SOURCES.find(source),
        source_text=source,
        cooperation=_cooperation(reader),
        terms=_terms(reader),
        words=_words(reader),
    )
    for error in violations(opening):
        reader.reject(_COLUMN_OF[error.pointer], error.code, error.detail)
    # Without a number a row is known by everything it says: the same row again is the same opening, a changed row is another.
    known_by = number or f"~{opening.digest()}"
    offered = OfferedRow(opening, known_by, _uscc(reader), _contact(reader))
    return reader.reading(offered, f"{opening.employer_key}\n{known_by}")


def _short(reader: RowReader, column: str, missing: str, longest: int = _LONGEST_NAME) -> str:
    text = reader.required(column, missing) if missing else reader.words(column)
    if len(text) > longest:
        reader.reject(column, "too_long", f"超过 {longest} 字，请缩短")
    return text


def _place(reader: RowReader) -> Place | None:
    levels = [reader.words(column) for column in _LEVEL_COLUMNS]
    spot = reader.words("工作地点")
    named = [column for column, text in zip((*_LEVEL_COLUMNS, "工作地点"), (*levels, spot), strict=True) if text]
    if not named:
        reader.reject("工作区", "missing", "没有工作地点")
        return None
    place = divisions.load().resolve(*levels) if any(levels) else divisions.load().resolve("", "", spot)
    column = next((column for column in reversed(named) if column in _LEVEL_COLUMNS), "工作地点")
    if place is None:
        reader.reject(column, "unknown_place", "行政区划里找不到这个地方，请写明省、市、区县")
    elif place.conflict:
        reader.warn(column, "place_conflict", "区县不属于所写的市，已按区县登记，请核对")
    return place


def _said_place(reader: RowReader) -> str:
    """The place in the sheet's words, each said once: 上海市 上海市 浦东新区 -> 上海市浦东新区."""
    said = [reader.words(column) for column in (*_LEVEL_COLUMNS, "工作地点")]
    return "".join(dict.fromkeys(text for text in said if text))


def _headcount(reader: RowReader) -> int | None:
    if not reader.required("招聘人数", "没有招聘人数"):
        return None
    number = reader.amount("招聘人数", "rejected")
    if number is None:
        return None
    if number != int(number):
        reader.reject("招聘人数", "not_whole", "招聘人数应为整数")
    return int(number)


def _monthly(reader: RowReader) -> tuple[float | None, float | None]:
    low, high = (reader.amount(column, "warning") for column in ("月薪下限", "月薪上限"))
    if low is None and high is None:
        return monthly_pay(reader.words("月薪"))
    lower, upper = (None if bound is None else float(bound) for bound in (low, high))
    if lower is not None and upper is not None and lower > upper:
        reader.warn("月薪上限", "pay_swapped", "月薪上限低于下限，已对调")
        return upper, lower
    return lower, upper


def monthly_pay(text: str) -> tuple[float | None, float | None]:
    """The bounds that one cell states in CNY per month: 5000-6000, 5千到6千, 6000以上. What is paid otherwise (by the day, by
    the order), or is not clear, is (None, None): its words stay."""
    plain = spelling(text).replace(",", "").replace("，", "")
    found = _PAY_RANGE.fullmatch(plain)
    if found is None:
        return None, None
    low, low_unit, high, high_unit = found.groups()
    lower = float(low) * _UNITS.get(low_unit or (high_unit if high else "") or "", 1)
    upper = float(high) * _UNITS.get(high_unit or "", 1) if high else None
    if max(lower, upper or 0) > LARGEST_PAY:
        return None, None
    if "以下" in plain:
        return None, lower
    return lower, upper


def _uscc(reader: RowReader) -> str | None:
    code = uscc.tidied(reader.words("统一社会信用代码"))
    if code and not uscc.valid(code):
        reader.warn("统一社会信用代码", "bad_uscc", "统一社会信用代码不对，没有登记，请核对 18 位代码")
        return None
    return code or None


def _contact(reader: RowReader) -> RowContact | None:
    name, phone = reader.name("联系人"), reader.phone("联系电话")
    return RowContact(name=name, phone=phone) if name or phone else None


def _cooperation(reader: RowReader) -> Cooperation | None:
    said = reader.words("合作渠道")
    scheme = next((one for one in partnerships.SCHEMES if one in said), None)
    return Cooperation(scheme=scheme) if scheme else None


def _terms(reader: RowReader) -> PostingTerms:
    """What the columns of terms say by a name that the lists know; their words stand in the description all the same."""
    insured = (codes.INSURANCES.find(one) for one in _PARTED.split(reader.words("保险")) if one)
    language = reader.words("语言要求")
    return PostingTerms(
        contract_form=codes.CONTRACT_FORMS.find(reader.words("用工形式")),
        settlement=codes.SETTLEMENTS.find(reader.words("结算方式")),
        insurance=tuple(sorted({code for code in insured if code})),
        start=healing.day(reader.words("到岗时间")).value,
        must=Requirements(experience=reader.words("经验要求")[:_LONGEST_NAME], languages=(language,) if language else ()),
    )


def _last_day(reader: RowReader, today: date) -> date | None:
    last = reader.day("有效期至", "warning")
    if last is not None and last < today:
        reader.warn("有效期至", "expired", "有效期已过：岗位已登记，但不会再推荐")
    return last


def _words(reader: RowReader) -> PostingWords:
    pay = reader.words("月薪")
    description: Sequence[str] = (
        reader.words("岗位描述"),
        reader.words("岗位要求"),
        f"薪资：{pay}" if pay else "",
        *(f"{column}：{said}" for column in _TOLD if (said := reader.words(column))),
        reader.words("备注"),
    )
    together = "\n".join(text for text in description if text)
    if len(together) > _LONGEST_WORDS:
        reader.reject("岗位描述", "too_long", f"岗位描述、要求和备注合起来超过 {_LONGEST_WORDS} 字，请缩短")
        return PostingWords()
    return PostingWords(
        lodging=reader.words("食宿"),
        hours=reader.words("工作时间"),
        age=reader.words("年龄要求"),
        education=reader.words("学历要求"),
        certificates=reader.words("证书要求"),
        description=together,
    )
