"""What a clerk should know when looking at a record. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.workers import identity_number
from services.workers.profile import Profile

STALE_DAYS: Final = 180
"""After so many days an intention is asked for again: half a year, the bureaus' usual round (走访) of two a year."""
SOON_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """A stable code and a Chinese sentence free of identifiers."""

    code: str
    detail: str


def days_since(day: date | None, today: date) -> int | None:
    """Full days from `day` to `today`; None when the day is not known."""
    return (today - day).days if day is not None else None


def notices(profile: Profile, today: date) -> Iterator[Notice]:
    """All that applies, what the law asks first."""
    if (until := profile.minor_until(today)) is not None:
        yield Notice("minor", f"未成年工：{until:%Y-%m-%d} 满 18 周岁，之前不得安排有毒有害、繁重等禁忌劳动")
    if not identity_number.area_is_known(profile.identity_number):
        yield Notice("unknown_area", "身份证号前六位不是现行或历史上的区划代码，请核对证件")
    age = days_since(profile.intention_confirmed_on, today)
    if age is None:
        yield Notice("intention_never_asked", "还没有登记过就业意向")
    elif age > STALE_DAYS:
        yield Notice("intention_stale", f"就业意向已 {age} 天没有确认")
    for held in profile.stated.certificates or ():
        if held.lapsed(today):
            yield Notice("certificate_lapsed", f"{held.name}已于 {held.expires_on} 到期")
        elif held.expiring(today, SOON_DAYS):
            yield Notice("certificate_expiring", f"{held.name}将于 {held.expires_on} 到期")
