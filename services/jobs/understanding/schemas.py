"""Requests and responses of /v1/postings/understand."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.jobs.compliance import Category, Finding, Severity, blocked
from services.jobs.understanding.conflicts import Conflict
from services.jobs.understanding.fact import Fact, Key, Value
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.understand import Understanding
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import refusal
from services.kernel.text.facts.model import PostedWork, Span
from services.kernel.text.facts.work_lexicon import labels

_Words = Annotated[str, Field(max_length=8000)]


class Told(RequestModel):
    """What to read: a message as it was pasted, or a row's cells under their headings."""

    text: _Words = ""
    columns: dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=4000)]] = Field(
        {}, max_length=60, examples=[{"岗位名称": "保安员", "月薪": "5000-6000", "岗位描述": "包吃住，月休四天"}]
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if bool(self.text) == bool(self.columns):
            raise refusal("text_or_columns", "请只给 text（一段文字）或 columns（一行表格）之一")
        return self

    def notice(self) -> Notice:
        """The words to read."""
        return Notice.of_text(self.text) if self.text else Notice.of_record(self.columns)


class FactView(ResponseModel):
    """A value, how sure it is (0–1), and the words that say so."""

    value: Value
    confidence: float
    span: Span

    @classmethod
    def of(cls, fact: Fact) -> Self:
        """The fact as it is shown."""
        return cls(value=fact.value, confidence=fact.confidence, span=fact.span)


class ConflictView(ResponseModel):
    """Two readings that do not agree: the first stands until somebody decides."""

    key: str
    message: str
    stands: FactView
    contradicts: FactView

    @classmethod
    def of(cls, conflict: Conflict) -> Self:
        """The conflict as it is shown."""
        return cls(
            key=conflict.key,
            message=conflict.message,
            stands=FactView.of(conflict.stands),
            contradicts=FactView.of(conflict.contradicts),
        )


class OccupationView(ResponseModel):
    """A kind of work that the words offer; `degree` in (0, 1]."""

    id: str
    name: str
    degree: float

    @classmethod
    def of(cls, work: PostedWork) -> Self:
        """The work with its name."""
        return cls(id=work.id, name=labels().get(work.id, ""), degree=work.degree)


class FindingView(ResponseModel):
    """What stands in the way of publishing: the words (and further places), the article, a lawful rewording."""

    category: Category
    severity: Severity
    span: Span
    also: tuple[Span, ...]
    article: str
    reason: str
    rewording: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The finding as it is shown."""
        return cls.model_validate(finding)


class Understood(ResponseModel):
    """What was read. Nothing is stored; the poster confirms."""

    facts: dict[Key, FactView]
    occupations: tuple[OccupationView, ...]
    conflicts: tuple[ConflictView, ...]
    findings: tuple[FindingView, ...]
    publishable: bool = Field(description="no finding blocks")

    @classmethod
    def of(cls, understood: Understanding, findings: Sequence[Finding]) -> Self:
        """Everything about one notice."""
        return cls(
            facts={fact.key: FactView.of(fact) for fact in understood.facts},
            occupations=tuple(OccupationView.of(work) for work in understood.works),
            conflicts=tuple(ConflictView.of(conflict) for conflict in understood.conflicts),
            findings=tuple(FindingView.of(finding) for finding in findings),
            publishable=not blocked(findings),
        )
