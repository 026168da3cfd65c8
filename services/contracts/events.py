"""The payloads on the streams, with their types.

Personal identifiers never enter a stream: no identity number, phone, full name, bank card or household members
(design decision 4; PIPL articles 6 and 51). What is here is what matching needs, and a masked name.
Neither sex, ethnicity, religion nor marital status is here: what is not carried cannot rank (就业促进法 26–28).
"""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

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
    work_limits: tuple[str, ...] = Field(
        (), description="structured limits that a job's physical demands may conflict with; never the diagnosis"
    )
    basis: Literal["statutory_register", "consent"] | None = None
    active: bool = True
    words: WorkerWords = WorkerWords()


class PostingWords(_Payload):
    """The employer's own words, field by field; "" when not said."""

    lodging: Words = ""
    hours: Words = ""
    age: Words = ""
    education: Words = ""
    certificates: Words = ""
    description: Words = ""


class PostingChanged(_Payload):
    """An opening as matching may know it, at one version."""

    posting_id: str
    version: int = Field(ge=1)
    number: str = Field("", description="岗位编号 in the sheet it came from")
    title: str
    employer_name: str
    employer_kind: str | None = None
    province_code: str
    city_code: str | None = None
    district_code: str | None = None
    place: str = Field("", description="the place in the employer's own words")
    headcount: int = Field(ge=1)
    pay_min: float | None = Field(None, description="CNY per month, as the column states")
    pay_max: float | None = Field(None, description="CNY per month, as the column states")
    valid_until: date | None = None
    source: str = ""
    status: Literal["published", "withdrawn"] = "published"
    words: PostingWords = PostingWords()
