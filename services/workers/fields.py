"""The fields of requests about workers: each heals and checks itself; codes must be of their vocabulary."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from services.contracts.vocabulary import certificates, codes, divisions
from services.contracts.vocabulary.languages import LANGUAGES
from services.kernel.http.models import Whole
from services.kernel.http.validation import refusal, unknown_code
from services.kernel.imports import healing
from services.kernel.text.facts import gazetteer, work_lexicon


def _county(code: str) -> str:
    known = divisions.load()
    division = known.get(code) or known.get(known.former(code) or "")
    if division is None or division.level != "county":
        raise unknown_code(code, "县级行政区划")
    return division.code


def _identity_number(raw: str) -> str:
    number = healing.identity_number(raw).value
    if number is None:
        raise refusal("digits_lost", "号码的后几位已经丢失")
    return number


def _division(code: str) -> str:
    known = divisions.load()
    present = code if known.get(code) else known.former(code)
    if present is None and code not in gazetteer.elsewhere():
        raise unknown_code(code, "行政区划")
    return present or code


def _work(work: str) -> str:
    if work not in work_lexicon.labels():
        raise unknown_code(work, "工种")
    return work


def _certificate(name: str) -> str:
    known = certificates.named(name)
    if known is None:
        raise unknown_code(name, "证书")
    return known


def _language(name: str) -> str:
    known = LANGUAGES.find(name)
    if known is None:
        raise unknown_code(name, "语言")
    return known


def _one_of(vocabulary: codes.Vocabulary, name: str) -> Any:
    def known(code: str) -> str:
        if code not in vocabulary:
            raise unknown_code(code, name)
        return code

    return AfterValidator(known)


Name = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(lambda raw: healing.name(raw).value)]
IdentityNumber = Annotated[str, Field(min_length=1, max_length=40, description="GB 11643"), AfterValidator(_identity_number)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(lambda raw: healing.phone(raw).value)]
CountyCode = Annotated[str, Field(max_length=12, examples=["530627"], description="residence"), AfterValidator(_county)]
ShortText = Annotated[str, Field(max_length=64)]
LongText = Annotated[str, Field(max_length=4000)]
HouseholdCategory = Annotated[str, Field(max_length=12, examples=["HS02"]), _one_of(codes.HOUSEHOLD_STATUS, "户类型")]
Education = Annotated[str, Field(max_length=12, examples=["E2"]), _one_of(codes.EDUCATION, "文化程度")]
Mandarin = Annotated[str, Field(max_length=12, examples=["M3"]), _one_of(codes.MANDARIN, "普通话水平")]
EmploymentStatus = Annotated[str, Field(max_length=12, examples=["S1"]), _one_of(codes.EMPLOYMENT_STATUS, "当前状态")]
Willingness = Annotated[str, Field(max_length=12, examples=["W3"]), _one_of(codes.WILLINGNESS, "就业意愿")]
Ethnicity = Annotated[str, Field(max_length=12, examples=["07"], description="GB/T 3304"), _one_of(codes.ETHNICITY, "民族")]
EmploymentKind = Annotated[str, Field(max_length=12, examples=["T1"]), _one_of(codes.EMPLOYMENT_KINDS, "就业类型")]
LabourChannel = Annotated[str, Field(max_length=12, examples=["C1"]), _one_of(codes.LABOUR_CHANNELS, "输出渠道")]
IdleReason = Annotated[str, Field(max_length=12, examples=["R1"]), _one_of(codes.IDLE_REASONS, "未就业原因")]
EmployerKind = Annotated[str, Field(max_length=12, examples=["K01"]), _one_of(codes.EMPLOYER_KINDS, "单位类型")]
ContactChannel = Annotated[str, Field(max_length=12, examples=["V1"]), _one_of(codes.CONTACT_CHANNELS, "联系方式")]
WorkLimit = Annotated[str, Field(max_length=32, examples=["no_heights"]), _one_of(codes.WORK_LIMITS, "从业限制")]
WorkId = Annotated[str, Field(max_length=12, examples=["H06"], description="id of work"), AfterValidator(_work)]
PlaceCode = Annotated[str, Field(max_length=12, examples=["310000"], description="GB/T 2260"), AfterValidator(_division)]
CertificateName = Annotated[
    str, Field(max_length=64, examples=["健康证"], description="name or alias"), AfterValidator(_certificate)
]
Language = Annotated[str, Field(max_length=32, examples=["彝语"]), AfterValidator(_language)]
Wage = Annotated[Whole, Field(ge=0, le=1_000_000, description="CNY per month")]
