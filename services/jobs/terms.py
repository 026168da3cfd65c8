"""The terms of a posting as a request states them: the contract's fields, each code checked against its vocabulary."""

from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator

from services.contracts.postings import Cooperation, PayUnit, PostingTerms, Provision, Requirements, Rest, Shift, TimeOfDay
from services.contracts.vocabulary import certificates, codes, divisions, occupations
from services.contracts.vocabulary.partnerships import Scheme
from services.jobs.opening import LARGEST_PAY
from services.kernel.http.models import Amount, Day, RequestModel, Whole
from services.kernel.http.validation import refusal, unknown_code

_MOST_LISTED: Final = 20


def one_of(vocabulary: codes.Vocabulary, name: str) -> Any:
    """A validator for a code of that vocabulary; `name` is what people call it."""

    def known(code: str) -> str:
        if code not in vocabulary:
            raise unknown_code(code, name)
        return code

    return AfterValidator(known)


def _division(code: str) -> str:
    known = divisions.load()
    present = code if known.get(code) else known.former(code)
    if present is None:
        raise unknown_code(code, "行政区划")
    return present


def _prefecture(code: str) -> str:
    division = divisions.load().get(code)
    if division is None or division.level != "prefecture" or not code.startswith("53"):
        raise unknown_code(code, "云南州市")
    return code


def _occupation(code: str) -> str:
    if code not in occupations.load():
        raise unknown_code(code, "职业目录")
    return code


def _certificate(name: str) -> str:
    known = certificates.named(name)
    if known is None:
        raise unknown_code(name, "证书目录")
    return known


Code = Annotated[str, Field(max_length=40)]
DivisionCode = Annotated[str, Field(max_length=12, examples=["310115"]), AfterValidator(_division)]
OccupationId = Annotated[str, Field(max_length=12, examples=["H06"]), AfterValidator(_occupation)]
PostingKind = Annotated[Code, one_of(codes.POSTING_KINDS, "岗位类别")]
Certificate = Annotated[str, Field(max_length=60, examples=["健康证"]), AfterValidator(_certificate)]
_Short = Annotated[str, Field(max_length=200)]
_Money = Annotated[Amount, Field(ge=0, le=LARGEST_PAY)]


class RequirementsBody(RequestModel):
    """What is asked of a person. Certificates by a name or alias of certificates.csv."""

    certificates: list[Certificate] = Field([], max_length=_MOST_LISTED)
    experience_years: Annotated[Amount, Field(ge=0, le=50)] | None = None
    experience: _Short = ""
    education: Annotated[Code, one_of(codes.EDUCATION, "文化程度")] | None = None
    languages: list[_Short] = Field([], max_length=_MOST_LISTED)
    health_checks: list[_Short] = Field([], max_length=_MOST_LISTED)


class TermsBody(RequestModel):
    """Pay other than by the month, hours, keep, contract, insurance, requirements, start."""

    pay_unit: PayUnit = "month"
    rate_min: _Money | None = Field(None, description="CNY per pay_unit where that is not the month")
    rate_max: _Money | None = None
    settlement: Annotated[Code, one_of(codes.SETTLEMENTS, "结算方式")] | None = None
    probation_pay: _Money | None = None
    probation_months: Annotated[Whole, Field(ge=0, le=6)] | None = Field(None, description="劳动合同法 19: at most 6")
    hours_start: TimeOfDay | None = None
    hours_end: TimeOfDay | None = None
    hours_per_day: Annotated[Amount, Field(gt=0, le=24)] | None = None
    days_per_week: Annotated[Amount, Field(gt=0, le=7)] | None = None
    rest: Rest | None = None
    shifts: list[Shift] = Field([], max_length=_MOST_LISTED)
    live_in: bool | None = None
    lodging: Provision | None = None
    board: Provision | None = None
    contract_form: Annotated[Code, one_of(codes.CONTRACT_FORMS, "用工形式")] | None = None
    insurance: list[Annotated[Code, one_of(codes.INSURANCES, "保险")]] = Field([], max_length=_MOST_LISTED)
    must: RequirementsBody = RequirementsBody()
    nice: RequirementsBody = RequirementsBody()
    start: Day | None = Field(None, description="first day of work")
    duration_months: Annotated[Whole, Field(ge=1, le=600)] | None = None

    def over(self, present: PostingTerms) -> PostingTerms:
        """The present terms with what this names laid over them."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        asked: dict[str, Requirements] = {
            name: getattr(present, name).model_copy(update=_tuples(part.model_dump(exclude_unset=True)))
            for name, part in (("must", self.must), ("nice", self.nice))
            if name in given
        }
        return present.model_copy(update=_tuples(given) | asked)


class CooperationBody(RequestModel):
    """The partnership it came through. Without prefectures the pairings of the place on that day tell them."""

    scheme: Scheme
    prefectures: list[Annotated[str, Field(max_length=12), AfterValidator(_prefecture)]] = Field([], max_length=16)

    def contract(self) -> Cooperation:
        """As it travels."""
        return Cooperation(scheme=self.scheme, prefectures=tuple(self.prefectures))


class Contact(RequestModel):
    """Whom to ask about the posting. Kept sealed; shown to staff and to the employer."""

    name: Annotated[str, Field(max_length=40)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    other: _Short = Field("", description="WeChat, address for applications …")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.name or self.phone or self.other):
            raise refusal("nothing_said", "联系方式不能全空")
        return self


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
