"""The aggregate: a registered worker. Rules only, no input or output."""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Literal, Self

from services.workers.consents.consent import Consent
from services.workers.identity_number import BadIdentityNumber, IdentityFacts, Sex, parse
from services.workers.intentions.intention import Asking, Intention
from services.workers.stated import INTENTION_WORDS, Stated
from services.workers.travel_groups.group import TravelGroup
from services.workers.violation import Violation

Basis = Literal["statutory_register", "consent"]

WORKING_AGE: Final = 16
"""Full years; below nobody may be placed (禁止使用童工规定 2)."""
GROWN_UP: Final = 18
"""Full years; below, a 未成年工 is kept from hazardous, heavy and night work (劳动法 58 and 64; 未成年工特殊保护规定 3)."""
_OLDEST: Final = 120
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LAND_LINE: Final = re.compile(r"0\d{2,3}[2-9]\d{6,7}")


class State(StrEnum):
    """Where a worker's record stands in its life."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


class AlreadyWithdrawn(Exception):
    """The worker has left the register; the record can be read, not changed."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the register says in the worker's own or the clerk's words, column by column, as written; "" when not said."""

    city: str = ""
    county: str = ""
    ethnicity: str = ""
    household: str = ""
    relocated: str = ""
    education: str = ""
    health: str = ""
    mandarin: str = ""
    employment_status: str = ""
    willingness: str = ""
    care_duties: str = ""
    certificates: str = ""
    training: str = ""
    experience: str = ""
    intention_places: str = ""
    intention_occupations: str = ""
    intention_pay: str = ""
    lodging: str = ""
    start: str = ""
    companions: str = ""
    training_wish: str = ""
    remark: str = ""


_WORDS: Final = tuple(item.name for item in fields(OwnWords))

TIDIED: Final = {
    "ethnicity": "ethnicity",
    "household": "household_category",
    "relocated": "relocated",
    "education": "education",
    "mandarin": "mandarin",
    "employment_status": "employment_status",
    "willingness": "willingness",
}
"""Own words -> the tidied field beside them: they change together."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a worker is and wants: identifiers, tidied codes (contracts/vocabulary), what was stated in structure, own words.

    `number` is the 序号 of the register it came from; `phone` digits only, "" when none is known that can be right;
    `county_code` the residence (GB/T 2260). Sex and birth date are those of the identity number. `ethnicity` (GB/T 3304) is
    for statistics only. `asking` tells when the person last told or confirmed what is wanted. `travel_group` tells with whom.
    """

    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    county_code: str
    phone: str = field(default="", repr=False)
    number: str = ""
    township: str = ""
    household_category: str | None = None
    relocated: bool | None = None
    education: str | None = None
    mandarin: str | None = None
    employment_status: str | None = None
    willingness: str | None = None
    ethnicity: str | None = field(default=None, repr=False)
    asking: Asking | None = None
    travel_group: TravelGroup | None = None
    stated: Stated = field(default=Stated())
    words: OwnWords = field(default=OwnWords(), repr=False)

    @property
    def identity(self) -> IdentityFacts:
        """Birth date and sex. Raises BadIdentityNumber for a profile that was never checked."""
        return parse(self.identity_number)

    def minor_until(self, today: date) -> date | None:
        """The eighteenth birthday of who is not yet eighteen on `today`."""
        grown_up = _birthday(self.identity.birth_date, GROWN_UP)
        return grown_up if today < grown_up else None

    @property
    def intention_confirmed_on(self) -> date | None:
        """The day on which the person last told or confirmed what is wanted."""
        return self.asking.on if self.asking is not None else None

    def asked(self, before: "Profile | None", unless_told: Asking) -> "Profile":
        """This profile, amended from `before`, with the asking that it rests on: `unless_told` where it tells of another
        intention and of no asking; never an earlier one than was held."""
        held = before.asking if before is not None else None
        told = self.asking
        if told is None or told == held:
            told = unless_told if _intention(self) != _intention(before) else held
        if held is not None and (told is None or told.on < held.on):
            told = held
        return replace(self, asking=told)

    def wants_the_same(self, before: "Profile | None") -> bool:
        """Whether what is wanted, and when it was told, is as it was before."""
        return before is not None and self.asking == before.asking and _intention(self) == _intention(before)

    def laid_over(self, held: "Profile") -> "Profile":
        """This newer profile over the one that is held: what it says wins, where it says nothing what is held stays."""
        newer = {name: text for name, text in said(self.words).items() if text != getattr(held.words, name)}
        words = replace(held.words, **newer)
        says: dict[str, Any] = {
            name: value
            for name in ("name", "identity_number", "county_code", "phone", "number", "township")
            if (value := getattr(self, name))
        }
        for word, tidied in TIDIED.items():
            if getattr(self.words, word) or getattr(self, tidied) is not None:
                says[tidied] = getattr(self, tidied)
        village = self.stated.village or held.stated.village
        stated = replace(held.stated.without(newer), village=village)
        return replace(held, words=words, stated=stated, asking=self.asking or held.asking, **says)


def said(words: OwnWords) -> dict[str, str]:
    """What was said, by field."""
    return {name: text for name in _WORDS if (text := getattr(words, name))}


def _intention(profile: Profile | None) -> tuple[object, ...]:
    """All that tells what somebody wants; of nobody: what somebody tells who says nothing."""
    if profile is None:
        return Intention(), None, *("" for _ in INTENTION_WORDS)
    words = (getattr(profile.words, name) for name in sorted(INTENTION_WORDS))
    return profile.stated.intention, profile.willingness, *words


def _birthday(birth_date: date, years: int) -> date:
    """The day on which so many years are full; 1 March for who was born on a 29 February without one in that year."""
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return date(birth_date.year + years, 3, 1)


def differences(before: Profile, after: Profile) -> tuple[str, ...]:
    """The names of the fields that differ, those within another as `words.health`, `stated.languages`; never values."""

    def differing(one: Any, other: Any, prefix: str = "") -> list[str]:
        names = (item.name for item in fields(one))
        return [
            prefix + name for name in names if getattr(one, name) != getattr(other, name) and name not in ("words", "stated")
        ]

    return (
        *differing(before, after),
        *differing(before.words, after.words, "words."),
        *differing(before.stated, after.stated, "stated."),
    )


def age_on(day: date, birth_date: date) -> int:
    """Full years on that day; who is born on 29 February comes of age on 1 March in other years (民法典 203)."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_plausible_phone(digits: str) -> bool:
    """Whether digits can be a mobile number (11, beginning 13 to 19) or a land line with its area code."""
    return bool(_MOBILE.fullmatch(digits) or _LAND_LINE.fullmatch(digits))


def identity_violations(number: str, sex: Sex | None, today: date) -> list[Violation]:
    """What is wrong with an identity number: its own rules, the sex stated beside it, the working age on `today`."""
    try:
        facts = parse(number)
    except BadIdentityNumber as bad:
        return [Violation("identity_number", bad.code, bad.detail)]
    found = []
    age = age_on(today, facts.birth_date)
    if facts.birth_date > today or age > _OLDEST:
        found.append(Violation("identity_number", "identity_birth_date", "身份证号里的出生日期不合理"))
    elif age < WORKING_AGE:
        found.append(Violation("identity_number", "under_16", f"未满 {WORKING_AGE} 周岁，依法不能登记求职"))
    if sex is not None and sex != facts.sex:
        found.append(Violation("sex", "sex_mismatch", "性别与身份证号不一致，请核对"))
    return found


def violations(profile: Profile, sex: Sex | None, today: date) -> list[Violation]:
    """Everything that keeps a profile from standing; `sex` as stated beside the number, None when not stated."""
    found = identity_violations(profile.identity_number, sex, today)
    if not profile.name:
        found.append(Violation("name", "missing", "没有姓名"))
    if profile.phone and not is_plausible_phone(profile.phone):
        found.append(Violation("phone", "implausible_phone", "不像是电话号码"))
    return [*found, *profile.stated.violations(today)]


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's record. `imported_digest` is that of the sheet's row it last took in, `source` names that import."""

    id: str
    version: int
    state: State
    profile: Profile
    basis: Basis
    registered_at: datetime
    changed_at: datetime
    source: str = ""
    imported_digest: str | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    consents: tuple[Consent, ...] = ()

    @classmethod
    def register(cls, worker_id: str, profile: Profile, basis: Basis, now: datetime, *, source: str = "") -> Self:
        """A new record, version 1."""
        return cls(worker_id, 1, State.REGISTERED, profile, basis, now, now, source)

    def amend(self, profile: Profile, now: datetime) -> Self:
        """The record with another profile: the next version, or itself when nothing differs. Raises AlreadyWithdrawn."""
        if self.state is State.WITHDRAWN:
            raise AlreadyWithdrawn
        return self if profile == self.profile else replace(self, version=self.version + 1, profile=profile, changed_at=now)

    def with_consents(self, consents: tuple[Consent, ...], now: datetime) -> Self:
        """The next version, with these declarations."""
        return replace(self, version=self.version + 1, consents=consents, changed_at=now)

    def withdraw(self, reason: str, now: datetime) -> Self:
        """The record once its person has left the register; itself when that was so already."""
        if self.state is State.WITHDRAWN:
            return self
        return replace(
            self,
            version=self.version + 1,
            state=State.WITHDRAWN,
            profile=replace(self.profile, travel_group=None),
            changed_at=now,
            withdrawn_at=now,
            withdrawal_reason=reason,
            consents=tuple(one.withdraw("staff", now) for one in self.consents),
        )

    def register_again(self, profile: Profile, basis: Basis, now: datetime) -> Self:
        """The record of a person who registers again after having left."""
        return replace(
            self,
            version=self.version + 1,
            state=State.REGISTERED,
            profile=profile,
            basis=basis,
            changed_at=now,
            imported_digest=None,
            withdrawn_at=None,
            withdrawal_reason="",
        )
