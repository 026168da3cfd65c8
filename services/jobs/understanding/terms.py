"""On what terms: contract, insurance, money asked of people, couples."""

from collections.abc import Iterator
from typing import Final

from services.jobs.understanding.fact import IMPLIED, SAID, Fact
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.patterns import patterns
from services.kernel.text.facts.passages import Passage

_TEXTS: Final = ("title", "text", "pay", "lodging", "hours", "certificates")


def contract_form(notice: Notice) -> Iterator[Fact]:
    """The form of work in the words of the plan: 劳动合同, 劳务派遣, 公益性岗位, 以工代赈 …"""
    for form, words in patterns("terms", "contract").items():
        for passage in notice.of(*_TEXTS):
            if span := passage.search(words):
                yield Fact("contract_form", form, span)
                return


def insurance(notice: Notice) -> Iterator[Fact]:
    """The insurances named, parted by 、; none where it is said that there is none."""
    words = patterns("terms", "insurance")
    for passage in notice.of("text", "pay", "lodging", "title"):
        if span := passage.search(words["none"]):
            yield Fact("insurance", "none", span)
            return
        found = list(words["words"].finditer(passage.text))
        if found:
            named = dict.fromkeys(match.group() for match in found)
            near = [match for match in found if match.start() - found[0].end() <= 12]  # noqa: PLR2004 - one enumeration
            yield Fact("insurance", "、".join(named), passage.span(found[0].start(), near[-1].end()))
            return


def fee_or_deposit(notice: Notice) -> Iterator[Fact]:
    """True where money or papers are taken from people, False where it is said that nothing is."""
    words = patterns("terms", "fee")
    for passage in notice.of(*_TEXTS):
        denied = [match.span() for match in words["false"].finditer(passage.text)]
        for match in words["true"].finditer(passage.text):
            clause = passage.clause_at(match.start())
            if not words["not_fee"].search(clause.text) and not _within(passage, match.start(), denied):
                yield Fact("fee_or_deposit", value=True, span=passage.span(match.start(), match.end()))
        for start, end in denied[:1]:
            yield Fact("fee_or_deposit", value=False, span=passage.span(start, end), confidence=IMPLIED)


def _within(passage: Passage, position: int, denied: list[tuple[int, int]]) -> bool:
    """Whether a denial governs the position: in it, or in the same list 不收培训费、服装费、押金."""
    clause = passage.clause_at(position)
    return any(start < position < end or clause.start <= start < position for start, end in denied)


def couples_welcome(notice: Notice) -> Iterator[Fact]:
    """Whether couples may come together."""
    words = patterns("terms", "couples")
    for passage in notice.of(*_TEXTS, "age"):
        for name, value in (("false", False), ("true", True)):
            if span := passage.search(words[name]):
                yield Fact("couples_welcome", value=value, span=span, confidence=SAID)
                return
