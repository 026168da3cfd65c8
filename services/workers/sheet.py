"""One row of a bureau's sheet as a profile: healed, checked by the aggregate's rules, tidied."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.contracts.vocabulary import divisions
from services.kernel.imports.rows import RowReader
from services.workers import identity_number, profile, tidying
from services.workers.intentions.intention import IMPORTED, Asking
from services.workers.profile import OwnWords, Profile

COLUMNS: Final[Mapping[str, str]] = {
    "city": "州市",
    "county": "县",
    "ethnicity": "民族",
    "household": "户类型",
    "relocated": "易地搬迁",
    "education": "文化程度",
    "health": "健康状况",
    "mandarin": "普通话水平",
    "employment_status": "当前状态",
    "willingness": "就业意愿",
    "care_duties": "家庭照料负担",
    "certificates": "技能证书",
    "training": "培训经历",
    "experience": "务工经历",
    "intention_places": "意向地区",
    "intention_occupations": "意向工种",
    "intention_pay": "期望月薪",
    "lodging": "食宿要求",
    "start": "可上岗时间",
    "companions": "同行要求",
    "training_wish": "培训意愿",
    "remark": "备注",
}
"""Field of OwnWords -> heading."""

_RULE_COLUMNS: Final[Mapping[str, str]] = {"identity_number": "身份证号", "sex": "性别", "name": "姓名"}
_UNCODED: Final = "不在目录里，只保留了原文"


def read_profile(row: RowReader, today: date) -> Profile | None:
    """The profile in a row; None when the row was rejected. Findings and notes are left with `row`."""
    name = _name(row)
    number = _identity_number(row, today)
    place = _residence(row)
    words = OwnWords(**{word: row.words(heading) for word, heading in COLUMNS.items()})
    if number is None or place is None or place.county_code is None:
        return None
    return Profile(
        name=name,
        identity_number=number,
        county_code=place.county_code,
        phone=_phone(row),
        number=row.words("序号"),
        township=row.words("乡镇") or place.text,
        household_category=_household(row, words),
        ethnicity=_code(row, "ethnicity", words),
        asking=_asking(row, today),
        relocated=row.yes_no("易地搬迁"),
        education=_code(row, "education", words),
        mandarin=_code(row, "mandarin", words),
        employment_status=_code(row, "employment_status", words),
        willingness=_code(row, "willingness", words),
        words=words,
    )


def _name(row: RowReader) -> str:
    name = row.name("姓名")
    if not name:
        row.reject("姓名", "missing", "没有姓名")
    return name


def _identity_number(row: RowReader, today: date) -> str | None:
    """The number when all its rules hold, with a warning for a birth date beside it that differs."""
    number = row.identity_number("身份证号")
    if number is None:
        return None
    if not number:
        row.reject("身份证号", "missing", "没有身份证号")
        return None
    broken = profile.identity_violations(number, tidying.sex_of(row.words("性别")), today)
    for violation in broken:
        row.reject(_RULE_COLUMNS[violation.field], violation.code, violation.detail)
    if broken:
        return None
    if not identity_number.area_is_known(number):
        row.remark("身份证号", "unknown_area", "号码前六位不是现行或历史上的区划代码（只作提示）")
    _compare_birth(row, identity_number.parse(number).birth_date)
    return number


def _compare_birth(row: RowReader, born: date) -> None:
    """A birth date beside the number, or the month alone (出生年月), that says otherwise: a warning."""
    month = row.month("出生日期")
    stated = month or row.day("出生日期", "warning")
    if stated is not None and stated != (born.replace(day=1) if month else born):
        row.warn("出生日期", "birth_date_differs", "与身份证号里的出生日期不同，以身份证号为准")


def _residence(row: RowReader) -> divisions.Place | None:
    """The place of the county cell, else of the address; a county in no division we know rejects the row."""
    province, city, county = row.words("省"), row.words("州市"), row.words("县")
    heading = "县" if county else "户籍地址"
    address = row.words("户籍地址")
    if not county and not address:
        row.reject("县", "missing", "没有县（市、区）")
        return None
    place = tidying.residence(province, city, county or address)
    if place is None or place.county_code is None:
        row.reject(heading, "unknown_county", "没有这个县（市、区），请核对名称")
        return None
    if place.conflict:
        row.warn(heading, "county_elsewhere", "这个县不属于所填的州市，按县登记")
    return place


def _asking(row: RowReader, today: date) -> Asking | None:
    """The day on which the person was asked, where the sheet has it; a day to come is none."""
    day = row.day("摸底日期", "warning")
    if day is not None and day > today:
        row.warn("摸底日期", "date_to_come", "摸底日期还没有到，没有采用")
        return None
    return Asking(day, IMPORTED) if day is not None else None


def _phone(row: RowReader) -> str:
    phone = row.phone("联系电话")
    if phone and not profile.is_plausible_phone(phone):
        row.warn("联系电话", "implausible_phone", "不像是电话号码，没有登记为联系电话")
        return ""
    return phone


def _household(row: RowReader, words: OwnWords) -> str | None:
    code = tidying.code_of("household", words.household)
    if words.household and code is None:
        row.warn("户类型", "unknown_household_category", "户类型不在目录里，只保留了原文")
    return code


def _code(row: RowReader, word: str, words: OwnWords) -> str | None:
    text: str = getattr(words, word)
    code = tidying.code_of(word, text)
    if text and code is None:
        row.remark(COLUMNS[word], "uncoded", _UNCODED)
    return code
