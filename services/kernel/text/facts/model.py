"""What people's words say, as facts. JSON-able (`model_dump(mode="json")`, `model_validate`), independent of the day.

A fact names the words that it rests on (`Span`), so that staff can see and correct it. What nobody said is None, empty or
UNKNOWN, never a guess. `work` ids are those of contracts/vocabulary/occupations.csv, and of kernel/text/data/work.toml for
work outside it (X…). Place codes are GB/T 2260; provinces and cities outside the three of the table keep their national code.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

ANY_WORK: Final = "any"
"""Stands in an index among the wanted work of who takes anything or named nothing."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Span(_Fact):
    """Where a fact stands: the event's field (`words.remark`), the characters [start, end) of it, and those characters."""

    field: str
    start: int
    end: int
    text: str


class Work(_Fact):
    """A kind of work that was named. `degree` in (0, 1]: 1 said outright, less if hedged or one of several meanings."""

    id: str
    degree: float = 1.0
    span: Span


class Experience(_Fact):
    """Work once done. `years` is rough, None when not said; `at_home`: cared for one's own family, unpaid."""

    id: str
    years: float | None = None
    at_home: bool = False
    places: tuple[str, ...] = ()
    degree: float = 1.0
    span: Span


class CertificateState(StrEnum):
    """How much of a certificate there is."""

    HELD = "held"
    TRAINED = "trained"  # a course, no examination; or an institution's own paper
    EXPIRED = "expired"


class Certificate(_Fact):
    """A certificate by its canonical name (certificates.csv). `level` 5 (lowest) to 1; `branch`: C1, A, T, 监控, 维保 …;
    `expires`: the last day that the words give it."""

    name: str
    state: CertificateState = CertificateState.HELD
    level: int | None = None
    branch: str = ""
    expires: date | None = None
    span: Span

    def on(self, day: date) -> CertificateState:
        """How much of it there is on a day."""
        lapsed = self.expires is not None and self.expires < day and self.state is CertificateState.HELD
        return CertificateState.EXPIRED if lapsed else self.state


class PlaceWish(_Fact):
    """A place to which somebody would go. `degree`: 1 named first or as best, less for "also possible"."""

    code: str
    degree: float = 1.0
    span: Span


class Reach(StrEnum):
    """How far from home somebody would go."""

    UNKNOWN = "unknown"
    HOME = "home"  # at home, in the village or township
    COUNTY = "county"  # within the county, "near home"
    PROVINCE = "province"  # anywhere within the home province
    ANYWHERE = "anywhere"


class PayUnit(StrEnum):
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    ORDER = "order"
    YEAR = "year"


class PayWish(_Fact):
    """What somebody asks for, in CNY per month (other units are converted). `floor`: under it is refused outright."""

    wished: float | None = None
    floor: float | None = None
    unit: PayUnit = PayUnit.MONTH
    for_two: bool = False
    span: Span


class Pay(_Fact):
    """What a posting offers, in CNY per month. `entry`: a lower offer for who lacks what is asked. `span` None: the columns."""

    at_least: float | None = None
    at_most: float | None = None
    entry: float | None = None
    unit: PayUnit = PayUnit.MONTH
    for_two: bool = False
    span: Span | None = None


class StartKind(StrEnum):
    NOW = "now"
    DAYS = "days"  # `days` from whenever one is called
    ON = "on"  # the very day `on`, as a record states it
    DATE = "date"  # the next `month`/`day` (of the year after the present one if `next_year`)
    NEXT_MONTH = "next_month"  # `day` of the month after the present one
    THIS_MONTH = "this_month"
    OPEN = "open"  # an event without a date: "when the mother-in-law is cared for"
    LONG = "long"  # far off: after a birth, when the children are grown


class Start(_Fact):
    """The earliest start as it was said; `starts.earliest` resolves it against a day. `lunar`: month and day are lunar."""

    kind: StartKind
    days: int = 0
    month: int = 0
    day: int = 0
    lunar: bool = False
    next_year: bool = False
    on: date | None = None
    span: Span


class Lodging(StrEnum):
    """For a worker: what is asked for. For a posting: what is offered."""

    UNKNOWN = "unknown"
    NEEDED = "needed"
    OWN = "own"  # sees to it alone
    PROVIDED = "provided"
    ALLOWANCE = "allowance"
    NONE = "none"


class Stance(StrEnum):
    """What somebody says to a condition (living in, nights)."""

    UNKNOWN = "unknown"
    WANTS = "wants"
    ACCEPTS = "accepts"
    REFUSES = "refuses"


class Companion(_Fact):
    """With whom somebody must or would travel: spouse, child, kin, villagers. `must`: will not go without."""

    kind: str
    must: bool
    span: Span


class Mark(_Fact):
    """A named trait or condition that was stated; `holds` False when it was denied ("打字慢", "不会电脑")."""

    id: str
    holds: bool = True
    span: Span


class WorkerFacts(_Fact):
    """What a worker's words say."""

    wanted: tuple[Work, ...] = ()
    refused: tuple[Work, ...] = ()
    open_to_any: Span | None = None
    only_wanted: Span | None = None
    experience: tuple[Experience, ...] = ()
    trained: tuple[Work, ...] = ()  # courses, without more
    certificates: tuple[Certificate, ...] = ()
    places: tuple[PlaceWish, ...] = ()
    places_refused: tuple[PlaceWish, ...] = ()
    places_only: Span | None = None  # "别的地方不去"
    reach: Reach = Reach.UNKNOWN
    reach_span: Span | None = None
    pay: PayWish | None = None
    lodging: Lodging = Lodging.UNKNOWN
    lodging_span: Span | None = None
    live_in: Stance = Stance.UNKNOWN
    live_in_span: Span | None = None
    nights: Stance = Stance.UNKNOWN
    nights_span: Span | None = None
    start: Start | None = None
    blocked_months: tuple[int, ...] = ()  # 1 to 12: needed at home (农忙)
    companions: tuple[Companion, ...] = ()
    tied_home: Span | None = None
    not_seeking: Span | None = None
    training_wish: bool | None = None
    limits: tuple[str, ...] = ()  # work limits told in passing; the profile's own stand in the event
    marks: tuple[Mark, ...] = ()


class Strength(StrEnum):
    """How firmly a posting asks for something."""

    MUST = "must"
    NICE = "nice"
    AFTER_HIRE = "after_hire"  # may be had after starting, or the employer sees to it


class CertificateNeed(_Fact):
    """One of `names` is asked for, at `level` or better (5 lowest … 1); `branch` as in Certificate."""

    names: tuple[str, ...]
    strength: Strength
    level: int | None = None
    branch: str = ""
    span: Span


class Role(StrEnum):
    MAIN = "main"
    DUTY = "duty"  # part of the work
    ENTRY = "entry"  # another way in, usually for lower pay
    EXCLUDED = "excluded"  # "not a hotel front desk"


class PostedWork(_Fact):
    id: str
    role: Role
    degree: float = 1.0
    span: Span


class ExperienceNeed(_Fact):
    """What experience is asked for. `works` empty: in this very work. `years` None: not said."""

    strength: Strength
    years: float | None = None
    works: tuple[str, ...] = ()
    span: Span


class PostingFacts(_Fact):
    """What a posting's words say."""

    works: tuple[PostedWork, ...] = ()
    pay: Pay | None = None
    place_code: str = ""
    lodging: Lodging = Lodging.UNKNOWN
    board: Lodging = Lodging.UNKNOWN
    lodging_span: Span | None = None
    live_in: Stance = Stance.UNKNOWN  # WANTS: lives in; ACCEPTS: either; REFUSES: lives out
    live_in_span: Span | None = None
    nights: bool | None = None
    nights_span: Span | None = None
    certificates: tuple[CertificateNeed, ...] = ()
    experience: ExperienceNeed | None = None
    education_at_least: str | None = None
    education_strength: Strength = Strength.NICE
    education_span: Span | None = None
    age_from: int | None = None
    age_to: int | None = None  # the employer's wish: never a filter
    age_span: Span | None = None
    mandarin_at_least: str | None = None
    mandarin_span: Span | None = None
    demands: tuple[Mark, ...] = ()  # `holds` False: only welcome
    offers: tuple[Mark, ...] = ()
    strains: tuple[Mark, ...] = ()  # ids are codes of vocabulary WORK_LIMITS that the work conflicts with
    residents_of: str = ""  # only for who lives in this division (a public-welfare post)
    residents_township: str = ""  # and in this township or subdistrict
    poverty_household_only: bool = False
    relocated_only: bool = False
    residents_span: Span | None = None
    couples_only: bool = False
