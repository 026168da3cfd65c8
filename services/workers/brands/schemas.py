"""Requests and responses of /v1/brands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from services.contracts.vocabulary import divisions
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import refusal
from services.kernel.text.facts import work_lexicon
from services.workers.brands.brand import Brand, BrandState, Figures
from services.workers.fields import CertificateName, PlaceCode, WorkId

Name = Annotated[str, Field(min_length=1, max_length=64, examples=["镇雄月嫂"])]
Description = Annotated[str, Field(max_length=2000)]


class NewBrand(RequestModel):
    """A brand to register."""

    name: Name
    division_code: PlaceCode
    occupation: WorkId
    certificate: CertificateName | None = None
    description: Description = ""


class BrandChanges(RequestModel):
    """What to amend (RFC 7396): a field left out stays."""

    name: Name | None = None
    certificate: CertificateName | None = Field(None, description="null: none any more")
    description: Description | None = None
    state: BrandState | None = None

    @field_validator("name", "description", "state", mode="after")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise refusal("null_not_allowed", "不能为空")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refusal("nothing_to_change", "没有要修改的内容")
        return self


class BrandView(ResponseModel):
    """A brand."""

    id: str
    version: int
    state: BrandState
    name: str
    division_code: str
    division_name: str
    occupation: str
    occupation_name: str
    certificate: str
    description: str
    changed_at: datetime

    @classmethod
    def of(cls, brand: Brand) -> Self:
        """The view of a brand."""
        names = {
            "division_name": divisions.load().full_name(brand.division_code),
            "occupation_name": work_lexicon.labels().get(brand.occupation, brand.occupation),
        }
        return cls(**{name: getattr(brand, name) for name in cls.model_fields if name not in names}, **names)


class BrandList(ResponseModel):
    """The brands of the divisions that the caller serves."""

    items: Sequence[BrandView]


class BrandFigures(ResponseModel):
    """A brand's figures today: who completed one of its courses (`trained`), who holds its certificate (`certified`), who
    belongs to it by either (`members`), and what became of them. `staying_rate` is stayed / followed, null before there is
    anybody to follow."""

    brand: BrandView
    trained: int
    certified: int
    members: int
    placed: int
    wage_known: int
    wage_mean: int | None = Field(description="CNY per month")
    followed: int
    stayed: int
    staying_rate: float | None

    @classmethod
    def of(cls, brand: Brand, found: Figures, *, trained: int, certified: int) -> Self:
        """The figures of a brand."""
        rate = round(found.stayed / found.followed, 3) if found.followed else None
        told = {name: getattr(found, name) for name in Figures.__slots__}
        return cls(brand=BrandView.of(brand), trained=trained, certified=certified, staying_rate=rate, **told)
