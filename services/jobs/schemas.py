"""Requests of /v1/postings."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from services.contracts.vocabulary import codes, divisions
from services.jobs.opening import LARGEST_HEADCOUNT, LARGEST_PAY, Opening
from services.jobs.terms import Code, Contact, CooperationBody, DivisionCode, OccupationId, PostingKind, TermsBody, one_of
from services.kernel.http.models import Amount, Day, RequestModel, Whole
from services.kernel.http.validation import refusal

EmployerKind = Annotated[Code, Field(examples=["K01"]), one_of(codes.EMPLOYER_KINDS, "单位类型")]
PostingSource = Annotated[Code, Field(examples=["O1"]), one_of(codes.POSTING_SOURCES, "来源")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
ShortText = Annotated[str, Field(max_length=200)]
LongText = Annotated[str, Field(max_length=4000)]
Number = Annotated[str, Field(max_length=64, description="岗位编号, unique within the employer")]
Headcount = Annotated[Whole, Field(ge=1, le=LARGEST_HEADCOUNT)]
Pay = Annotated[Amount, Field(ge=0, le=LARGEST_PAY, description="CNY per month")]
Degrees = Annotated[Amount, Field(description="WGS 84")]
EmployerId = Annotated[str, Field(max_length=64, description="a registered employer; else it is known by its name")]
Reference = Annotated[
    str, Field(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$", description="the employer's own key, unique within it")
]
WindowDays = Annotated[Whole, Field(ge=0, le=30, description="days for the priority households first; not given: the setting")]
LastDay = Annotated[Day, Field(description="the last day; today or later", examples=["2099-12-31"])]


class PostingTexts(RequestModel):
    """The employer's own words; "" when not said."""

    lodging: LongText = ""
    hours: LongText = ""
    age: LongText = ""
    education: LongText = ""
    certificates: LongText = ""
    description: LongText = ""


class NewPosting(RequestModel):
    """An opening to publish. Words may stand beside or instead of a code; a code is looked up from the words when not given.

    An employer's own credential names no employer; staff name one by `employer_id` or by its legal name."""

    employer_id: EmployerId | None = None
    employer_name: Name | None = None
    external_reference: Reference | None = None
    title: Name
    division_code: DivisionCode
    headcount: Headcount
    number: Number = ""
    kind: PostingKind = "ordinary"
    occupation_id: OccupationId | None = None
    employer_kind: EmployerKind | None = None
    employer_kind_text: ShortText = ""
    place: ShortText = Field("", description="the place in the employer's words")
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    pay_min: Pay | None = None
    pay_max: Pay | None = None
    valid_until: LastDay | None = None
    source: PostingSource | None = None
    source_text: ShortText = ""
    cooperation: CooperationBody | None = None
    terms: TermsBody = TermsBody()
    words: PostingTexts = PostingTexts()
    contact: Contact | None = None
    original_text: Annotated[str, Field(max_length=8000)] = Field("", description="the message it came from, kept verbatim")
    intent: Literal["publish", "draft"] = "publish"
    priority_window_days: WindowDays | None = None


_NEVER_EMPTY: Final = (
    "employer_name",
    "title",
    "division_code",
    "headcount",
    "number",
    "kind",
    "employer_kind_text",
    "place",
    "source_text",
    "terms",
    "words",
)


class PostingChanges(RequestModel):
    """What to amend (JSON merge patch, RFC 7396): a field left out stays, null clears what may be unknown."""

    employer_name: Name | None = None
    title: Name | None = None
    division_code: DivisionCode | None = None
    headcount: Headcount | None = None
    number: Number | None = None
    kind: PostingKind | None = None
    occupation_id: OccupationId | None = None
    employer_kind: EmployerKind | None = None
    employer_kind_text: ShortText | None = None
    place: ShortText | None = None
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    pay_min: Pay | None = None
    pay_max: Pay | None = None
    valid_until: LastDay | None = None
    source: PostingSource | None = None
    source_text: ShortText | None = None
    cooperation: CooperationBody | None = None
    terms: TermsBody | None = None
    words: PostingTexts | None = None

    @field_validator(*_NEVER_EMPTY, mode="after")
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


_AS_THEY_ARE: Final = frozenset(Opening.__dataclass_fields__) - {"words", "terms", "cooperation"}


def place_fields(division_code: str) -> dict[str, str | None]:
    """The codes of an Opening that one division stands for. Raises KeyError for an unknown code (requests are checked)."""
    place = divisions.load().place(division_code)
    if place is None:
        raise KeyError(division_code)
    return {"province_code": place.province_code, "city_code": place.city_code, "district_code": place.county_code}


def opening_fields(body: NewPosting | PostingChanges, present: Opening) -> dict[str, Any]:
    """The fields of an Opening that a request names, codes looked up from words where only words are given. Words and terms
    are laid over those of `present`."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set & _AS_THEY_ARE}
    if body.division_code is not None:
        given |= place_fields(body.division_code)
    if body.words is not None:
        given["words"] = present.words.model_copy(update=body.words.model_dump(exclude_unset=True))
    if body.terms is not None:
        given["terms"] = body.terms.over(present.terms)
    if "cooperation" in body.model_fields_set:
        given["cooperation"] = body.cooperation and body.cooperation.contract()
    for code, text, vocabulary in (
        ("employer_kind", "employer_kind_text", codes.EMPLOYER_KINDS),
        ("source", "source_text", codes.POSTING_SOURCES),
    ):
        if given.get(text) and code not in given:
            given[code] = vocabulary.find(given[text])
    return given


NOTHING: Final = Opening(employer_name="", title="", province_code="", headcount=1)
"""What a new posting's words and terms are laid over."""
