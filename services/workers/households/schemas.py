"""Requests and responses of /v1/households."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from services.contracts.vocabulary import codes, divisions
from services.kernel.http.models import Day, RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal, unknown_code
from services.workers.fields import CountyCode, HouseholdCategory, Name, ShortText


def _in(vocabulary: codes.Vocabulary, name: str) -> AfterValidator:
    def known(code: str) -> str:
        if code not in vocabulary:
            raise unknown_code(code, name)
        return code

    return AfterValidator(known)


Relation = Annotated[str, Field(max_length=12, examples=["L1"], description="to the head"), _in(codes.RELATIONS, "与户主关系")]
Risk = Annotated[str, Field(max_length=12, examples=["RS1"]), _in(codes.RISK_STATUS, "风险状态")]
_MOST_MEMBERS = 30
_MOST_PERIODS = 50


class MemberFields(RequestModel):
    """One who lives in the household."""

    name: Name
    relation: Relation
    worker_id: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(None, description="their record")
    birth_year: Annotated[Whole, Field(ge=1900, le=2100)] | None = None
    able: bool | None = Field(None, strict=True, description="could work; null: not known")
    at_work: bool | None = Field(None, strict=True, description="is in work; for who has a record, the record says")


class CategoryFields(RequestModel):
    """A category with its time."""

    code: HouseholdCategory
    since: Day
    until: Day | None = Field(None, description="the last day; null: still")
    source: Annotated[str, Field(max_length=100, examples=["全国防返贫监测信息系统"])] = ""
    risk: Risk | None = Field(None, description="of monitored households: removed or not")


class NewHousehold(RequestModel):
    """A household to enter."""

    code: Annotated[str, Field(min_length=1, max_length=64, description="户编号, one in a county")]
    county_code: CountyCode
    township: ShortText = ""
    village: ShortText = ""
    relocated: bool | None = Field(None, strict=True, description="易地搬迁")
    relocated_to: Annotated[str, Field(max_length=200)] = ""
    members: tuple[MemberFields, ...] = Field((), max_length=_MOST_MEMBERS)
    categories: tuple[CategoryFields, ...] = Field((), max_length=_MOST_PERIODS)


class HouseholdChanges(RequestModel):
    """What to amend (JSON merge patch): a field left out stays; members and categories are given whole."""

    code: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    township: ShortText | None = None
    village: ShortText | None = None
    relocated: bool | None = Field(None, strict=True)
    relocated_to: Annotated[str, Field(max_length=200)] | None = None
    members: tuple[MemberFields, ...] | None = Field(None, max_length=_MOST_MEMBERS)
    categories: tuple[CategoryFields, ...] | None = Field(None, max_length=_MOST_PERIODS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refusal("nothing_to_change", "没有要修改的内容")
        if any(getattr(self, name) is None for name in self.model_fields_set - {"relocated"}):
            raise refusal("null_not_allowed", "不能为空")
        return self


class NewCategory(RequestModel):
    """A category from a day on; the one of its kind before ends the day before."""

    code: HouseholdCategory
    since: Day
    source: Annotated[str, Field(max_length=100)] = ""
    risk: Risk | None = None


class MemberView(ResponseModel):
    name: str = Field(examples=["张**"])
    relation: str
    relation_name: str
    worker_id: str | None
    birth_year: int | None
    able: bool | None
    at_work: bool | None = Field(description="by the record of who has one, else as told; null: not known")


class CategoryView(ResponseModel):
    code: str
    name: str
    since: date
    until: date | None
    source: str
    risk: str | None


class HouseholdView(ResponseModel):
    """A household, its members' names masked."""

    id: str
    version: int
    code: str
    county_code: str
    county_name: str
    township: str
    village: str
    relocated: bool | None
    relocated_to: str
    category: str | None = Field(description="where it stands today")
    category_name: str
    risk: str | None
    zero_employment: bool | None = Field(description="nobody of those who could work is in work; null: not certain")
    categories: Sequence[CategoryView]
    members: Sequence[MemberView]


def county_name(code: str) -> str:
    """What people call a county."""
    return divisions.load().full_name(code)
