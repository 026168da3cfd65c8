"""The payloads on the streams, with their types.

Personal identifiers never enter a stream: no identity number, phone, full name, bank card or household members
(design decision 4; PIPL articles 6 and 51). What is here is what matching needs, and a masked name.
Neither sex, ethnicity, religion nor marital status is here: what is not carried cannot rank (就业促进法 26–28).
"""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.postings import Cooperation, PostingTerms, PriorityWindow

WORKER_CHANGED: Final = "cn.yungong.worker.changed.v1"
WORKER_GONE: Final = "cn.yungong.worker.gone.v1"
POSTING_CHANGED: Final = "cn.yungong.posting.changed.v1"
POSTING_GONE: Final = "cn.yungong.posting.gone.v1"

Words = Annotated[str, Field(max_length=4000)]


class _Payload(BaseModel):
    # Readers ignore what a newer writer adds; writers are our own models and cannot add by accident.
    model_config = ConfigDict(frozen=True, extra="ignore")


class WorkerWords(_Payload):
    """The worker's own words, field by field as the register holds them (identifiers blotted out); "" when not said."""

    care_duties: Words = ""
    certificates: Words = ""
    training: Words = ""
    experience: Words = ""
    intention_places: Words = ""
    intention_occupations: Words = ""
    intention_pay: Words = ""
    lodging: Words = ""
    start: Words = ""
    companions: Words = ""
    training_wish: Words = ""
    remark: Words = ""


class HeldCertificate(_Payload):
    """A certificate in hand. `certificate` is the canonical name (vocabulary/certificates.csv); whether it still counts on a
    day is for that day to say. By whom it was checked stays with the register; `verified` only says that somebody did."""

    certificate: str
    level: int | None = Field(None, ge=1, le=5, description="5 lowest to 1 highest")
    branch: str = Field("", description="as in kernel/text facts: C1, A, T, 监控, 维保 …")
    issued_on: date | None = None
    expires_on: date | None = Field(None, description="the last day on which it counts; None: long-term, or not known")
    verified: bool = False


class PastWork(_Payload):
    """Work once done, or (`present`) being done. Months are their first days; neither the employer nor the pay is told."""

    occupation: str = Field(description="id of work: vocabulary/occupations.csv, or X… of kernel/text")
    place_code: str | None = Field(None, description="GB/T 2260")
    since: date | None = None
    until: date | None = None
    present: bool = False


class CompanionWish(_Payload):
    """With whom somebody would go. `must`: will not go without."""

    kind: Literal["spouse", "child", "kin", "villagers"]
    must: bool = False


class StatedIntention(_Payload):
    """A job intention as staff asked for it and wrote it down in structure. What is None was not stated."""

    occupations: tuple[str, ...] | None = Field(None, description="ids of work, the best liked first")
    occupations_refused: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = Field(None, description="GB/T 2260, the best liked first")
    places_refused: tuple[str, ...] | None = None
    reach: Literal["home", "county", "province", "anywhere"] | None = Field(None, description="how far from home at most")
    pay_floor: int | None = Field(None, ge=0, description="CNY per month; under it nothing is wanted")
    lodging: Literal["needed", "own"] | None = None
    live_in: Literal["wants", "accepts", "refuses"] | None = None
    nights: Literal["wants", "accepts", "refuses"] | None = Field(None, description="night work and shifts round the clock")
    companions: tuple[CompanionWish, ...] | None = Field(None, description="(): goes alone")
    earliest_start: date | None = None
    blocked_months: tuple[int, ...] | None = Field(None, description="1 to 12: months that are needed at home (农忙)")
    training_wish: bool | None = None
    training_occupations: tuple[str, ...] | None = Field(None, description="ids of work to be trained for")


class WorkerStated(_Payload):
    """What the record states in structure, beside the words. One rule for every field: None is "nobody stated it, read the
    words"; a value takes the place of what the words of that field say, also when it is empty (`()`: none at all)."""

    intention: StatedIntention = StatedIntention()
    certificates: tuple[HeldCertificate, ...] | None = None
    experience: tuple[PastWork, ...] | None = None
    trained: tuple[str, ...] | None = Field(None, description="ids of work that courses were done for")
    languages: tuple[str, ...] | None = Field(None, description="names of vocabulary/languages.py; Mandarin is `mandarin`")


class TravelGroup(_Payload):
    """People who want to go together, known to others by an opaque id only: every member's event carries the same one."""

    id: str
    size: int = Field(ge=2)
    kind: Literal["couple", "kin", "villagers"]
    must: bool = Field(False, description="will not go apart")


class Visibility(_Payload):
    """Who may see a person, computed by the workers service from every condition: true, false, or not known (None).

    Only true is seen: what is false or unknown stays hidden, from `staff` down to `kiosk`. `ranking`: whether a machine may put
    the person into an order. `contact_employers`: ids of the employers who have the person's separate consent to identity and
    contact (PIPL 23)."""

    staff: bool | None = None
    employers: bool | None = None
    kiosk: bool | None = None
    ranking: bool | None = None
    contact_employers: tuple[str, ...] = ()


class WorkerChanged(_Payload):
    """A worker's profile as matching may know it, at one version. Codes are those of contracts/vocabulary."""

    worker_id: str
    version: int = Field(ge=1)
    number: str = Field("", description="序号 in the register it came from")
    masked_name: str
    birth_date: date
    county_code: str = Field(description="GB/T 2260, residence")
    township: str = ""
    household_category: str | None = Field(None, description="household_status code; only for 优先聘用, a named score part")
    relocated: bool | None = None
    education: str | None = None
    mandarin: str | None = None
    employment_status: str | None = None
    willingness: str | None = None
    employed_since: date | None = Field(None, description="since when the present employment status lasts, if known")
    intention_confirmed_on: date | None = Field(
        None, description="the day on which the person last told or confirmed the intention: its freshness; None if never known"
    )
    minor_until: date | None = Field(
        None,
        description="the eighteenth birthday of who was 16 or 17 at this version (未成年工): before that day no hazardous or "
        "heavy work (劳动法 64; 未成年工特殊保护规定 3)",
    )
    work_limits: tuple[str, ...] = Field(
        (), description="structured limits that a job's physical demands may conflict with; never the diagnosis"
    )
    travel_group: TravelGroup | None = None
    basis: Literal["statutory_register", "consent"] | None = None
    active: bool = True
    visibility: Visibility = Visibility()
    stated: WorkerStated = WorkerStated()
    words: WorkerWords = WorkerWords()


class PostingWords(_Payload):
    """The employer's own words, field by field; "" when not said."""

    lodging: Words = ""
    hours: Words = ""
    age: Words = ""
    education: Words = ""
    certificates: Words = ""
    description: Words = ""


PostingStatus = Literal["published", "published-restricted", "paused", "suspended", "filled", "expired", "withdrawn"]
PUBLISHED: Final = ("published", "published-restricted")
"""The states in which an opening is shown: to everybody, or to those whom its priority window names."""


class PostingChanged(_Payload):
    """An opening as matching may know it, at one version. It is shown while `status` is published, and while it is
    published-restricted to those whom `priority` names; in every other state to nobody. A withdrawn one is a tombstone."""

    posting_id: str
    version: int = Field(ge=1)
    number: str = Field("", description="岗位编号 in the sheet it came from")
    title: str
    kind: str = Field("ordinary", description="posting_kind code: near home (家门口就业), for institutions, or ordinary")
    occupation_id: str | None = Field(None, description="occupations.csv id, where the employer or the title names one")
    employer_id: str | None = Field(None, description="the employer that owns it; none when it is not known")
    employer_name: str
    employer_kind: str | None = None
    province_code: str
    city_code: str | None = None
    district_code: str | None = None
    place: str = Field("", description="the place in the employer's own words")
    latitude: float | None = Field(None, description="WGS 84; of the address, else of the division's seat")
    longitude: float | None = None
    headcount: int = Field(ge=1)
    pay_min: float | None = Field(None, description="CNY per month, as the column states")
    pay_max: float | None = Field(None, description="CNY per month, as the column states")
    valid_until: date | None = None
    source: str = ""
    cooperation: Cooperation | None = None
    status: PostingStatus = "published"
    priority: PriorityWindow | None = Field(None, description="only while published-restricted")
    published_on: date | None = Field(None, description="the day it was first shown to anybody")
    duplicate_of: str | None = Field(None, description="the posting that its vacancies are counted with: add them up once")
    terms: PostingTerms = PostingTerms()
    words: PostingWords = PostingWords()
