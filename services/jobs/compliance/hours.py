"""Working time beyond the law: 8 hours a day, 44 a week, overtime at most 36 a month (劳动法 36, 38, 41)."""

from collections.abc import Iterator
from typing import Final

from services.jobs.compliance.finding import Category, Finding, Severity
from services.jobs.compliance.setting import Setting
from services.jobs.understanding import times
from services.kernel.text.facts.model import Span

_A_DAY: Final = 8.0
_A_WEEK: Final = 44.0
_OVERTIME_A_WEEK: Final = 36 * 12 / 52
_OVERTIME_A_DAY: Final = 3.0
_APPROVED: Final = ("综合工时", "综合计算工时", "不定时工")


def findings(setting: Setting) -> Iterator[Finding]:
    """Weeks that no overtime allows, and shifts longer than 8 hours and 3 of overtime.

    A private household's help is no employee in labour law; public-welfare posts have their own hours.
    """
    if setting.household or setting.public_post or any(word in setting.notice.words for word in _APPROVED):
        return
    day, rest = times.daily_hours(setting.notice), times.rest(setting.notice)
    if day is None:
        return
    days = rest.days_a_week if rest else None
    span = _together(day.span, rest.span, setting) if rest else day.span
    if days is not None and day.hours * days > _A_WEEK + _OVERTIME_A_WEEK:
        yield _finding(span, f"每周约 {day.hours * days:.0f} 小时")
    elif day.hours > _A_DAY + _OVERTIME_A_DAY:
        yield _finding(span, f"每班 {day.hours:g} 小时")


def _together(one: Span, other: Span, setting: Setting) -> Span:
    """Both places in one span where they stand in the same passage and near each other."""
    start, end = min(one.start, other.start), max(one.end, other.end)
    if one.field != other.field:
        return one
    passage = next(p for p in setting.notice.worded if p.field == one.field and p.written[one.start : one.end] == one.text)
    return passage.span(start, end)


def _finding(span: Span, how: str) -> Finding:
    return Finding(
        category=Category.HOURS,
        severity=Severity.STAFF,
        span=span,
        article="劳动法41",
        reason=f"{how}；标准工时每周 44 小时，加班每天不超过 3 小时、每月不超过 36 小时",
        rewording="写明每班工时、休息日和加班费；实行综合计算工时的，注明批准文号",
    )
