"""The clock port. Code that needs the time is handed a Clock; nothing else asks the machine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, Protocol

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Dates that people write (有效期至, birthdays) are China's; China has had no daylight saving since 1991."""


def china_day(moment: datetime) -> date:
    """The calendar day in China at an aware moment."""
    return moment.astimezone(CHINA).date()


class Clock(Protocol):
    """`now` is aware and in UTC; `today` is the calendar day in China."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return china_day(self.now())


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands at noon (China) of one day: for evaluation on dated collections, and for tests."""

    day: date

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), CHINA).astimezone(UTC)

    def today(self) -> date:
        return self.day
