"""Requests and responses of /v1/postings."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.contracts.events import PostingWords
from services.contracts.vocabulary import codes, divisions
from services.jobs.posting import LARGEST_HEADCOUNT, LARGEST_PAY, Opening, Posting, Status
from services.kernel.http.models import Amount, Day, RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal, unknown_code


def _division(code: str) -> str:
    known = divisions.load()
    present = code if known.get(code) else known.former(code)
    if present is None:
        raise unknown_code(code, "行政区划")
    return present


def _one_of(vocabulary: codes.Vocabulary, name: str) -> Any:
    def known(code: str) -> str:
        if code not in vocabulary:
            raise unknown_code(code, name)
        return code

    return AfterValidator(known)


DivisionCode = Annotated[str, Field(max_length=12, examples=["310115"]), AfterValidator(_division)]
EmployerKind = Annotated[str, Field(max_length=12, examples=["K01"]), _one_of(codes.EMPLOYER_KINDS, "单位类型")]
PostingSource = Annotated[str, Field(max_length=12, examples=["O1"]), _one_of(codes.POSTING_SOURCES, "来源")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
ShortText = Annotated[str, Field(max_length=200)]
LongText = Annotated[str, Field(max_length=4000)]
Number = Annotated[str, Field(max_length=64, description="岗位编号, unique within the employer")]
Headcount = Annotated[Whole, Field(ge=1, le=LARGEST_HEADCOUNT)]
Pay = Annotated[Amount, Field(ge=0, le=LARGEST_PAY, description="CNY per month")]
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
    """An opening to publish. Words may stand beside or instead of a code; a code is looked up from the words when not given."""

    employer_name: Name
    title: Name
    division_code: DivisionCode
    headcount: Headcount
    number: Number = ""
    employer_kind: EmployerKind | None = None
    employer_kind_text: ShortText = ""
    place: ShortText = Field("", description="the place in the employer's words")
    pay_min: Pay | None = None
    pay_max: Pay | None = None
    valid_until: LastDay | None = None
    source: PostingSource | None = None
    source_text: ShortText = ""
    words: PostingTexts = PostingTexts()


_NEVER_EMPTY: Final = (
    "employer_name",
    "title",
    "division_code",
    "headcount",
    "number",
    "employer_kind_text",
    "place",
    "source_text",
    "words",
)


class PostingChanges(RequestModel):
    """What to amend (JSON merge patch, RFC 7396): a field left out stays, null clears what may be unknown."""

    employer_name: Name | None = None
    title: Name | None = None
    division_code: DivisionCode | None = None
    headcount: Headcount | None = None
    number: Number | None = None
    employer_kind: EmployerKind | None = None
    employer_kind_text: ShortText | None = None
    place: ShortText | None = None
    pay_min: Pay | None = None
    pay_max: Pay | None = None
    valid_until: LastDay | None = None
    source: PostingSource | None = None
    source_text: ShortText | None = None
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


class Withdrawal(RequestModel):
    """Why a posting is closed, for those who look later."""

    reason: ShortText = ""


class PostingView(ResponseModel):
    """A posting as it is read."""

    id: str
    version: int
    status: Status
    number: str
    employer_id: str | None = Field(description="the employer that owns it; none when it is not known")
    employer_name: str
    employer_kind: str | None
    employer_kind_text: str
    title: str
    division_code: str
    province_code: str
    city_code: str | None
    district_code: str | None
    division_name: str
    place: str
    headcount: int
    pay_min: float | None
    pay_max: float | None
    valid_until: date | None
    source: str | None
    source_text: str
    words: dict[str, str]
    created_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str

    @classmethod
    def of(cls, posting: Posting) -> Self:
        """The view of a posting."""
        opening = posting.opening
        return cls(
            id=posting.id,
            version=posting.version,
            employer_id=posting.employer_id,
            status=posting.status,
            division_code=opening.division_code,
            division_name=divisions.load().full_name(opening.division_code),
            words=opening.words.model_dump(),
            created_at=posting.created_at,
            updated_at=posting.updated_at,
            withdrawn_at=posting.withdrawn_at,
            withdrawal_reason=posting.withdrawal_reason,
            **{name: getattr(opening, name) for name in _COPIED},
        )


_COPIED: Final = tuple(name for name in PostingView.model_fields if name in Opening.__dataclass_fields__ and name != "words")


class PostingCounts(ResponseModel):
    """`postings` not withdrawn; `unpublished` changes that wait for the stream (lag of the hop store → bus)."""

    postings: int
    unpublished: int


def place_fields(division_code: str) -> dict[str, str | None]:
    """The codes of an Opening that one division stands for. Raises KeyError for an unknown code (requests are checked)."""
    place = divisions.load().place(division_code)
    if place is None:
        raise KeyError(division_code)
    return {"province_code": place.province_code, "city_code": place.city_code, "district_code": place.county_code}


def opening_fields(body: NewPosting | PostingChanges, words: PostingWords) -> dict[str, Any]:
    """The fields of an Opening that a request names, codes looked up from words where only words are given. `words` are those
    that the request's words are laid over."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"division_code", "words"}}
    if body.division_code is not None:
        given |= place_fields(body.division_code)
    if body.words is not None:
        given["words"] = words.model_copy(update=body.words.model_dump(exclude_unset=True))
    for code, text, vocabulary in (
        ("employer_kind", "employer_kind_text", codes.EMPLOYER_KINDS),
        ("source", "source_text", codes.POSTING_SOURCES),
    ):
        if given.get(text) and code not in given:
            given[code] = vocabulary.find(given[text])
    return given
