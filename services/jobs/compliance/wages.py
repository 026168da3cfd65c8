"""Wages under the local minimum (最低工资规定 3; 劳动合同法 20): verified rows block, unverified ones advise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from services.contracts.vocabulary import tables
from services.jobs.compliance.finding import Category, Finding, Severity
from services.jobs.compliance.setting import Setting
from services.jobs.understanding import pay, places, times
from services.jobs.understanding.fact import Fact, best

_ARTICLE: Final = "最低工资规定3"
_PART_TIME_HOURS: Final = 4 * 60
_VERIFIED: Final = "verified"


class Floor(NamedTuple):
    """A minimum wage in CNY per month, and per hour of part-time work (None when unknown)."""

    since: date
    monthly: float
    hourly: float | None
    verified: bool


@cache
def floors() -> Mapping[str, Sequence[Floor]]:
    """City (or province, where one row holds for all of it) -> its floors, oldest first."""
    found: dict[str, list[Floor]] = {}
    for row in tables.rows("minimum_wage"):
        if not row["city"].startswith("("):
            hourly = float(row["hourly_cny_part_time"]) if row["hourly_cny_part_time"] else None
            floor = Floor(
                date.fromisoformat(row["effective_from"]),
                float(row["monthly_cny"]),
                hourly,
                row["status"].startswith(_VERIFIED),
            )
            found.setdefault(row["city"], []).append(floor)
    return {city: sorted(rows) for city, rows in found.items()}


def findings(setting: Setting, today: date) -> Iterator[Finding]:
    """Pay under the floor in force on `today`. Households, public-welfare posts and part-time months are not full wages."""
    if setting.household or setting.public_post:
        return
    facts = {fact.key: fact for fact in best((*pay.pay(setting.notice), *places.places(setting.notice)))}
    city, unit = facts.get("place_city"), facts.get("pay_unit")
    if city is None or unit is None or unit.value not in {"month", "hour"}:
        return
    in_force = [floor for floor in floors().get(str(city.value), ()) if floor.since <= today]
    for key in ("pay_min", "trial_pay"):
        fact = facts.get(key)
        if fact is not None and not (unit.value == "month" and (_part_time(setting) or fact.value == 0)):
            yield from _under(fact, str(unit.value), in_force, key)


def _part_time(setting: Setting) -> bool:
    found = times.hours(setting.notice)
    told = times.daily_hours(setting.notice)
    return any(one.end - one.start <= _PART_TIME_HOURS + 60 for one in found) or (
        told is not None and told.hours * 60 <= _PART_TIME_HOURS
    )


def _under(fact: Fact, unit: str, in_force: Sequence[Floor], key: str) -> Iterator[Finding]:
    """Measured by the latest verified floor first: what is under that is under every later one."""
    amount = float(fact.value) if isinstance(fact.value, int | float) else 0.0
    for severity, rows in (
        (Severity.BLOCKS, [floor for floor in in_force if floor.verified]),
        (Severity.ADVICE, [floor for floor in in_force if not floor.verified]),
    ):
        if not rows:
            continue
        least = rows[-1].monthly if unit == "month" else rows[-1].hourly
        if least is not None and amount < least and not (key == "trial_pay" and amount * 20 > least):
            per = "月" if unit == "month" else "小时"
            sure = "" if severity is Severity.BLOCKS else "（该标准尚未核实，请以当地公布为准）"
            yield Finding(
                category=Category.BELOW_MINIMUM_WAGE,
                severity=severity,
                span=fact.span,
                article=_ARTICLE,
                reason=f"低于当地最低工资 {least:g} 元/{per}{sure}",
                rewording=f"写明不低于 {least:g} 元/{per}",
            )
            return
