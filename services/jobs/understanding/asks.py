"""What is asked of people: experience, schooling, sex, language, health checks."""

import re
from collections.abc import Iterator
from typing import Final

from services.contracts.vocabulary import codes
from services.jobs.understanding.fact import IMPLIED, SAID, STATED, Fact, around
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.patterns import patterns
from services.kernel.text.facts import numerals, requirements
from services.kernel.text.facts.passages import Passage

_TEXTS: Final = ("text", "certificates", "education", "age", "title")
_YEARS: Final = re.compile(
    r"(?P<n>半|[一二两三四五六七八九十]{1,2}|\d{1,2}(?:\.\d)?)(?:个)?(?P<unit>年|月)(?P<half>半)?(?:及|或)?(?:的|以上|多|左右)?"
)
_FOR_YEARS: Final = re.compile(r"经验|经历|从业|驾龄|做过|干过|带过|工作|以上|年资|资历|满")
_SCHOOLING: Final = re.compile(
    r"(?:小学|初中|高中|中专|中技|职高|技校|大专|专科|本科|大学|研究生)(?:或[^,;.]{2,3}|/[^,;.]{2,3}|、[^,;.]{2,3})?"
    r"(?:及|或)?(?:学历|文化|毕业|程度|水平|以上|起|优先|即可)"
)


def experience(notice: Notice) -> Iterator[Fact]:
    """Whether experience must be there or is welcome, and how many years at least."""
    words = patterns("asks", "experience")
    for passage in notice.of("text", "certificates", "age", "title"):
        for match in words["must"].finditer(passage.text):
            clause = passage.clause_at(match.start())
            if words["none"].search(clause.text) or re.search(r"优先|最好|加分", passage.text[match.end() : clause.end]):
                continue
            span = around(passage, match.start(), match.end())
            yield Fact("experience_must", value=True, span=span)
            yield from _years(passage, match)
        for match in words["nice"].finditer(passage.text):
            yield Fact("experience_nice", value=True, span=around(passage, match.start(), match.end()))
            yield from _years(passage, match)


def _years(passage: Passage, match: "re.Match[str]") -> Iterator[Fact]:
    clause = passage.clause_at(match.start())
    for found in _YEARS.finditer(clause.text):
        beside = clause.text[max(0, found.start() - 8) : found.end() + 10]
        number = numerals.number(found.group("n"))
        if number is None or not _FOR_YEARS.search(beside):
            continue
        years = number / 12 if found.group("unit") == "月" else number + (0.5 if found.group("half") else 0)
        whole = int(years) if years == int(years) else round(years, 1)
        yield Fact("experience_years_min", whole, passage.span(clause.start + found.start(), clause.start + found.end()))
        return


def education(notice: Notice) -> Iterator[Fact]:
    """The lowest schooling that will do, by its name."""
    for passage in notice.of("education"):
        yield from _schooling(passage, passage, STATED)
    for passage in notice.of("text", "certificates"):
        for match in _SCHOOLING.finditer(passage.text):
            yield from _schooling(Passage(passage.field, match.group()), passage, SAID, match.start())


def _schooling(words: Passage, passage: Passage, confidence: float, offset: int = 0) -> Iterator[Fact]:
    asked = requirements.education(words)
    if asked.code is not None and asked.span is not None:
        span = passage.span(asked.span.start + offset, asked.span.end + offset)
        yield Fact("education_min", codes.EDUCATION.entries[asked.code].name, span, confidence)


def sex_wish(notice: Notice) -> Iterator[Fact]:
    """male or female, as the employer wishes; the compliance check says what the law thinks of it."""
    words = patterns("asks", "sex")
    for passage in notice.of("age", "title", "text", "certificates"):
        if passage.search(words["either"]):
            continue
        found = [(match.start(), match, code) for code in ("male", "female") for match in words[code].finditer(passage.text)]
        if found:
            _, match, code = min(found, key=lambda one: one[0])
            yield Fact("sex_wish", code, around(passage, match.start(), match.end()))


def language(notice: Notice) -> Iterator[Fact]:
    """The language that must be spoken, with how well; what is only welcome is left out."""
    words = patterns("asks", "language")
    for passage in notice.of("text", "education", "certificates", "age"):
        for match in words["asked"].finditer(passage.text):
            clause = passage.clause_at(match.start())
            if words["lenient"].search(clause.text):
                continue
            said = words["must"].search(passage.text, clause.start) or match
            name = re.sub(r"^.*?(?=普通话|粤语|白话|广东话|英语|上海话|汉语|傣语|彝语|壮话|汉话)", "", said.group())
            yield Fact("language_must", name, passage.span(said.start(), said.end()))


def health_check(notice: Notice) -> Iterator[Fact]:
    """paid_by_worker, paid_by_employer, or required where nobody says who pays."""
    for code, words in patterns("asks", "health").items():
        for passage in notice.of(*_TEXTS, "lodging"):
            if span := passage.search(words):
                yield Fact("health_check", code, span, SAID if code != "required" else IMPLIED)
                return
