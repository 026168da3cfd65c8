"""A finding: words of a posting that the law, or good sense, has something against."""

from dataclasses import dataclass
from enum import StrEnum

from services.kernel.text.facts.model import Span


class Severity(StrEnum):
    """What follows from a finding."""

    BLOCKS = "blocks"
    """The law clearly forbids it: no publishing until it is gone."""
    STAFF = "staff"
    """A person must look: lawful in some cases."""
    ADVICE = "advice"
    """Lawful; better said otherwise."""


class Category(StrEnum):
    """What a finding is about."""

    SEX = "sex"
    MARRIAGE_CHILDBIRTH = "marriage_childbirth"
    ETHNICITY = "ethnicity"
    HOUSEHOLD_REGISTRATION = "household_registration"
    PATHOGEN_CARRIER = "pathogen_carrier"
    HEIGHT_LOOKS = "height_looks"
    AGE_WISH = "age_wish"
    DEPOSIT_OR_DOCUMENTS = "deposit_or_documents"
    WORKER_FEE = "worker_fee"
    TRAINING_LOAN = "training_loan"
    BELOW_MINIMUM_WAGE = "below_minimum_wage"
    HOURS = "hours"
    UNDER_18 = "under_18"
    AGENCY_LICENCE = "agency_licence"
    MISLEADING = "misleading"
    RELIGION = "religion"
    DISABILITY = "disability"


@dataclass(frozen=True, slots=True)
class Finding:
    """`article`: the law and article, as 就业促进法27; `reason`: why, in Chinese; `rewording`: how to say it lawfully;
    `also`: further places of the same category in the same posting."""

    category: Category
    severity: Severity
    span: Span
    article: str
    reason: str
    rewording: str
    also: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every place, the worst first."""
        return (self.span, *self.also)
