"""Requests and responses of /v1/cadres."""

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from services.contracts.vocabulary import divisions
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import refusal
from services.kernel.vault.masking import mask_phone
from services.workers.cadres.cadre import Cadre
from services.workers.fields import CountyCode, Name, Phone, ShortText
from services.workers.profile import is_plausible_phone


def _plausible(phone: str | None) -> str | None:
    if phone and not is_plausible_phone(phone):
        raise refusal("implausible_phone", "不像是电话号码")
    return phone


class NewCadre(RequestModel):
    """A responsible person."""

    name: Name
    phone: Phone = ""
    post: ShortText = Field("", examples=["村支书", "驻村队员", "劳务联络员"])
    county_code: CountyCode
    township: ShortText = ""
    principal: ShortText = Field("", description="public part of the credential that they sign in with")

    _phone = field_validator("phone", mode="after")(_plausible)


class CadreChanges(RequestModel):
    """What to amend (JSON merge patch): a field left out stays."""

    name: Name | None = None
    phone: Phone | None = None
    post: ShortText | None = None
    township: ShortText | None = None
    principal: ShortText | None = None
    active: bool | None = Field(None, strict=True)

    _phone = field_validator("phone", mode="after")(_plausible)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given: list[Any] = [getattr(self, name) for name in self.model_fields_set]
        if not given:
            raise refusal("nothing_to_change", "没有要修改的内容")
        if None in given:
            raise refusal("null_not_allowed", "不能为空")
        return self


class CadreView(ResponseModel):
    """A responsible person: an official, named; the phone masked."""

    id: str
    version: int
    name: str
    phone: str = Field(examples=["138****5678"])
    post: str
    county_code: str
    county_name: str
    township: str
    principal: str
    active: bool

    @classmethod
    def of(cls, cadre: Cadre) -> Self:
        """The view of a cadre."""
        return cls(
            id=cadre.id,
            version=cadre.version,
            name=cadre.name,
            phone=mask_phone(cadre.phone),
            post=cadre.post,
            county_code=cadre.county_code,
            county_name=divisions.load().full_name(cadre.county_code),
            township=cadre.township,
            principal=cadre.principal,
            active=cadre.active,
        )
