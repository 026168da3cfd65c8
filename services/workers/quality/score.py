"""How complete a profile is, by what matching can do with it. Rules only.

The points are the bureau's practice: without a phone nobody is reached, without wanted work, place and pay nothing is matched.
`missing` is a set of bits, one a field, so that a database can add up whole counties.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from services.workers.profile import Profile

FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Field:
    """A field that helps: its name in the interface, what people call it, its points of 100, and whether a profile has it."""

    name: str
    label: str
    points: int
    there: Callable[[Profile], bool]


def _wished(name: str, word: str) -> Callable[[Profile], bool]:
    return lambda profile: getattr(profile.stated.intention, name) is not None or bool(getattr(profile.words, word))


def _told(name: str, word: str) -> Callable[[Profile], bool]:
    return lambda profile: getattr(profile.stated, name) is not None or bool(getattr(profile.words, word))


def _tidied(name: str) -> Callable[[Profile], bool]:
    return lambda profile: bool(getattr(profile, name))


_PLACES: Final = _wished("places", "intention_places")

FIELDS: Final[Sequence[Field]] = (
    Field("phone", "联系电话", 15, _tidied("phone")),
    Field("intention.occupations", "意向工种", 14, _wished("occupations", "intention_occupations")),
    Field("intention.places", "意向地区", 10, lambda p: p.stated.intention.reach is not None or _PLACES(p)),
    Field("willingness", "就业意愿", 9, _tidied("willingness")),
    Field("experience", "务工经历", 9, _told("experience", "experience")),
    Field("employment_status", "当前状态", 7, _tidied("employment_status")),
    Field("intention.pay_floor", "期望月薪", 6, _wished("pay_floor", "intention_pay")),
    Field("intention.earliest_start", "可上岗时间", 6, _wished("earliest_start", "start")),
    Field("certificates", "技能证书", 5, _told("certificates", "certificates")),
    Field("education", "文化程度", 5, _tidied("education")),
    Field("mandarin", "普通话水平", 4, _tidied("mandarin")),
    Field("health_limits", "健康状况（从业限制）", 3, _told("health_limits", "health")),
    Field("intention.lodging", "食宿要求", 3, _wished("lodging", "lodging")),
    Field("township", "乡镇", 2, _tidied("township")),
    Field("household_category", "户类型", 2, _tidied("household_category")),
)
"""In the order of what helps most; a field's place is its bit: new ones go to the end."""


def missing(profile: Profile) -> int:
    """The bits of the fields that the profile has not."""
    return sum(1 << place for place, field in enumerate(FIELDS) if not field.there(profile))


def missing_fields(bits: int) -> list[Field]:
    """The fields of these bits, those that help most first."""
    return sorted((field for place, field in enumerate(FIELDS) if bits >> place & 1), key=lambda field: -field.points)


def score(bits: int) -> int:
    """Points of 100."""
    return FULL - sum(field.points for field in missing_fields(bits))
