"""What an opening offers and asks for beyond its title, place and monthly pay: the terms that travel with it.

Codes are those of contracts/vocabulary (codes.py, certificates.csv); None and () mean that nobody said. Money in CNY.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PayUnit = Literal["month", "day", "hour", "order", "year"]
Shift = Literal["day", "night", "two_shift", "three_shift", "rotating", "live_in_24h"]
Provision = Literal["provided", "allowance", "partial", "none"]
Rest = Literal["six_on_one_off", "two_days_off", "four_days_a_month", "two_days_a_month", "by_agreement"]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Requirements(_Contract):
    """What is asked of a person: once as what must be, once as what would be nice."""

    certificates: tuple[str, ...] = Field((), description="canonical names of certificates.csv")
    experience_years: float | None = None
    experience: str = Field("", description="in which work, in the employer's words")
    education: str | None = Field(None, description="education code, the least that is asked")
    languages: tuple[str, ...] = Field((), description="普通话, 粤语, 英语 …")
    health_checks: tuple[str, ...] = Field((), description="健康证, 体检 …")


class PostingTerms(_Contract):
    """Pay other than by the month, hours, keep, contract, insurance, requirements, start."""

    pay_unit: PayUnit = "month"
    rate_min: float | None = Field(None, description="CNY per pay_unit where that is not the month")
    rate_max: float | None = None
    settlement: str | None = Field(None, description="settlement code: when wages are paid")
    probation_pay: float | None = Field(None, description="CNY per month")
    probation_months: int | None = None
    hours_start: TimeOfDay | None = None
    hours_end: TimeOfDay | None = None
    hours_per_day: float | None = None
    days_per_week: float | None = None
    rest: Rest | None = None
    shifts: tuple[Shift, ...] = ()
    live_in: bool | None = None
    lodging: Provision | None = None
    board: Provision | None = None
    contract_form: str | None = None
    insurance: tuple[str, ...] = ()
    must: Requirements = Requirements()
    nice: Requirements = Requirements()
    start: date | None = Field(None, description="first day of work")
    duration_months: int | None = None


class Cooperation(_Contract):
    """The partnership an opening came through: which scheme, and which prefectures of Yunnan it serves (partnerships.csv)."""

    scheme: Literal["沪滇", "粤滇"]
    prefectures: tuple[str, ...] = Field((), description="GB/T 2260; () serves the whole province")


class PriorityWindow(_Contract):
    """Until the end of that day the opening is for these households only (云政办发〔2019〕57号 二(一): they come first)."""

    until: date
    households: tuple[str, ...] = Field(description="household_status codes")
