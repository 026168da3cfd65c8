"""Citizen identity numbers (公民身份号码), GB 11643-1999: area 6, birth date 8, sequence 3 (odd: male), check character 1."""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Final, Literal

from services.contracts.vocabulary import divisions

Sex = Literal["male", "female"]

LENGTH: Final = 18
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_SHAPE: Final = re.compile(r"[0-9]{17}[0-9X]")


class BadIdentityNumber(ValueError):
    """Not an identity number. `code` is stable, `detail` Chinese and free of the number."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What a number tells of its holder."""

    birth_date: date
    sex: Sex


def check_character(first17: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(map(mul, map(int, first17), _WEIGHTS))
    return _CHECK[total % 11]


def parse(number: str) -> IdentityFacts:
    """The facts in a number of 18 characters, X in capitals. Raises BadIdentityNumber."""
    if len(number) != LENGTH:
        raise BadIdentityNumber("identity_length", f"身份证号应为 {LENGTH} 位，现在是 {len(number)} 位")
    if not _SHAPE.fullmatch(number):
        raise BadIdentityNumber("identity_characters", "身份证号前 17 位应为数字，末位为数字或 X")
    if check_character(number[:17]) != number[17]:
        raise BadIdentityNumber("identity_check_digit", "身份证号校验码不对，请核对有没有写错的数字")
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as impossible:
        raise BadIdentityNumber("identity_birth_date", "身份证号里的出生日期不存在") from impossible
    return IdentityFacts(birth_date, "male" if int(number[16]) % 2 else "female")


def area_is_known(number: str) -> bool:
    """Whether the first six digits are a present or former division of the provinces that our table holds; areas of other
    provinces count as known."""
    known = divisions.load()
    area = number[:6]
    if known.get(f"{area[:2]}0000") is None:
        return True
    return known.get(area) is not None or known.former(area) is not None
