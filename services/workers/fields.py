"""The fields of requests about workers: each heals and checks itself; codes must be of their vocabulary."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from services.contracts.vocabulary import codes, divisions
from services.kernel.http.validation import refusal, unknown_code
from services.kernel.imports import healing


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
