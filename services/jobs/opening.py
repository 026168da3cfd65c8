"""What an employer offers, and what is impossible about it. Rules only, no I/O."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from services.contracts.events import PostingWords
from services.contracts.postings import Cooperation, PostingTerms
from services.contracts.vocabulary.tables import spelling
from services.kernel.errors import FieldError

LARGEST_HEADCOUNT: Final = 10_000
LARGEST_PAY: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Opening:
    """What an employer offers. Codes are those of contracts/vocabulary, None when unknown; the words stand beside them.

    `number` is the sheet's 岗位编号 ("" if it has none); `place` the place in the employer's words; pay in CNY per month as
    the columns state it; `valid_until` the last day; `latitude` and `longitude` (WGS 84) of the address where somebody gave
    them.
    """

    employer_name: str
    title: str
    province_code: str
    headcount: int
    city_code: str | None = None
    district_code: str | None = None
    place: str = ""
    number: str = ""
    employer_kind: str | None = None
    employer_kind_text: str = ""
    pay_min: float | None = None
    pay_max: float | None = None
    valid_until: date | None = None
    source: str | None = None
    source_text: str = ""
    kind: str = "ordinary"
    occupation_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    cooperation: Cooperation | None = None
    terms: PostingTerms = field(default_factory=PostingTerms)
    words: PostingWords = field(default_factory=PostingWords)

    @property
    def employer_key(self) -> str:
        """The employer's name in one spelling: what tells employers apart."""
        return spelling(self.employer_name)

    @property
    def division_code(self) -> str:
        """The deepest division that is known."""
        return self.district_code or self.city_code or self.province_code

    def expired(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.valid_until is not None and self.valid_until < today

    def digest(self) -> str:
        """A hash of everything the opening says: equal for equal openings."""
        # What is not said is left out, so that a field that is added later does not change what was taken before.
        told = {
            part.name: str(value)
            for part in fields(self)
            if part.name not in {"words", "terms"} and (value := getattr(self, part.name)) not in (None, "", part.default)
        }
        told |= {f"terms.{name}": str(value) for name, value in self.terms.model_dump(exclude_defaults=True).items()}
        told |= {name: text for name, text in self.words.model_dump().items() if text}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def differences(before: Opening, after: Opening) -> tuple[str, ...]:
    """The names of the fields that differ, own words as `words.lodging`."""
    names = (part.name for part in fields(before) if part.name != "words")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    said, now = before.words.model_dump(), after.words.model_dump()
    return (*changed, *(f"words.{name}" for name in said if said[name] != now[name]))


def violations(opening: Opening) -> tuple[FieldError, ...]:
    """What is impossible about an opening, field by field; its end is judged by `overdue`."""
    found = []
    if not 1 <= opening.headcount <= LARGEST_HEADCOUNT:
        found.append(FieldError("/headcount", "out_of_range", f"招聘人数应在 1 到 {LARGEST_HEADCOUNT} 之间"))
    for name, pay in (("pay_min", opening.pay_min), ("pay_max", opening.pay_max)):
        if pay is not None and not 0 <= pay <= LARGEST_PAY:
            found.append(FieldError(f"/{name}", "out_of_range", f"月薪应在 0 到 {LARGEST_PAY} 元之间"))
    if opening.pay_min is not None and opening.pay_max is not None and opening.pay_min > opening.pay_max:
        found.append(FieldError("/pay_max", "below_minimum", "月薪上限不能低于下限"))
    return (*found, *_terms(opening.terms), *_coordinates(opening))


def _terms(terms: PostingTerms) -> list[FieldError]:
    found = []
    if terms.rate_min is not None and terms.rate_max is not None and terms.rate_min > terms.rate_max:
        found.append(FieldError("/terms/rate_max", "below_minimum", "报酬上限不能低于下限"))
    if terms.pay_unit == "month" and (terms.rate_min is not None or terms.rate_max is not None):
        found.append(FieldError("/terms/rate_min", "not_by_the_month", "按月计酬请填 pay_min 和 pay_max"))
    return found


def _coordinates(opening: Opening) -> list[FieldError]:
    if (opening.latitude is None) == (opening.longitude is None):
        return []
    missing = "latitude" if opening.latitude is None else "longitude"
    return [FieldError(f"/{missing}", "missing", "经度和纬度要一起填")]


def overdue(opening: Opening, today: date) -> tuple[FieldError, ...]:
    """What is wrong with the end of an opening that is offered today."""
    if not opening.expired(today):
        return ()
    return (FieldError("/valid_until", "in_the_past", f"有效期至不能早于今天（{today.isoformat()}）"),)
