"""How well postings are read: precision, recall and F1 of facts per key, of findings per category."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from services.cli.evaluation import sameness
from services.cli.evaluation.collection import POSTING_NUMBER, Record
from services.cli.evaluation.gold import JudgedFacts, JudgedFinding, JudgedNotice
from services.jobs.compliance import Finding, Severity, check
from services.jobs.understanding.fact import KEYS
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.understand import understand
from services.kernel.text.facts.model import Span


class _Tally:
    """Right, wrong and missed, by name."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def figures(self, names: Sequence[str]) -> dict[str, float | int | None]:
        """Precision, recall and F1 over the names together; None where there is nothing to divide by."""
        right, wrong, missed = (sum(counter[name] for name in names) for counter in (self.right, self.wrong, self.missed))
        found, judged = right + wrong, right + missed
        return {
            "precision": round(right / found, 4) if found else None,
            "recall": round(right / judged, 4) if judged else None,
            "f1": round(2 * right / (found + judged), 4) if found + judged else None,
            "right": right,
            "wrong": wrong,
            "missed": missed,
        }

    def by_name(self) -> dict[str, dict[str, float | int | None]]:
        """The same, name by name."""
        names = [name for name in {**self.right, **self.wrong, **self.missed} if name]
        return {name: self.figures([name]) for name in sorted(names)}


def notice_of(posting: Record) -> Notice:
    """The posting as the product takes it: a lone text as a pasted message, else a row under its headings."""
    texts = [text for name, text in posting.items() if name != POSTING_NUMBER]
    if len(texts) == 1:
        return Notice.of_text(texts[0])
    return Notice.of_record(posting)


def facts_report(judged: Sequence[JudgedFacts], today: date) -> dict[str, Any]:
    """Per key and micro-averaged over all keys; `differences`: what was judged and what was read, where they differ."""
    tally, differences = _Tally(), []
    for one in judged:
        read = _read(one.posting, today)
        for key in dict.fromkeys([*one.facts, *read]):
            wanted, found = sameness.values(key, one.facts.get(key)), sameness.values(key, read.get(key))
            right = _count(tally, key, wanted, found)
            if right < max(len(wanted), len(found)):
                differences.append({"p": one.number, "key": key, "judged": one.facts.get(key), "read": read.get(key)})
    names = list(tally.by_name())
    return {"postings": len(judged), "micro": tally.figures(names), "keys": tally.by_name(), "differences": differences}


def _read(posting: Record, today: date) -> dict[str, Any]:
    understood = understand(notice_of(posting), today)
    read: dict[str, Any] = {fact.key: fact.value for fact in understood.facts if fact.key in KEYS}
    conflicting = [conflict.key for conflict in understood.conflicts]
    return read | ({"conflicts": conflicting} if conflicting else {})


def _count(tally: _Tally, key: str, wanted: frozenset[str], found: frozenset[str]) -> int:
    met = {one for one in wanted if any(sameness.same(key, one, other) for other in found)}
    agreed = {other for other in found if any(sameness.same(key, one, other) for one in wanted)}
    tally.right[key] += len(met)
    tally.missed[key] += len(wanted - met)
    tally.wrong[key] += len(found - agreed)
    return len(met)


def compliance_report(judged: Sequence[JudgedNotice], today: date) -> dict[str, Any]:
    """Per category: a finding is right when its category is judged and one of its places overlaps the judged words."""
    tally, differences = _Tally(), []
    blocks: Counter[bool] = Counter()
    clean, clean_blocked = 0, []
    for one in judged:
        findings = check(notice_of(one.posting), today)
        clean += not one.findings
        if not one.findings and any(finding.severity is Severity.BLOCKS for finding in findings):
            clean_blocked.append(one.number)
        for wanted in one.findings:
            met = any(_meets(wanted, finding, one.posting) for finding in findings)
            tally.right[wanted.category] += met
            tally.missed[wanted.category] += not met
            blocks[met] += wanted.severity == Severity.BLOCKS.value
            if not met:
                differences.append({"id": one.number, "category": wanted.category, "judged": wanted.span, "found": None})
        for finding in findings:
            if not any(_meets(wanted, finding, one.posting) for wanted in one.findings):
                tally.wrong[finding.category.value] += 1
                said = {"id": one.number, "category": finding.category.value, "judged": None, "found": finding.span.text}
                differences.append(said)
    names = list(tally.by_name())
    return {
        "postings": len(judged),
        "micro": tally.figures(names),
        "categories": tally.by_name(),
        "blocks_judged": sum(blocks.values()),
        "blocks_recall": round(blocks[True] / sum(blocks.values()), 4) if sum(blocks.values()) else None,
        "clean": clean,
        "clean_with_false_blocks": len(clean_blocked),
        "clean_blocked": clean_blocked,
        "differences": differences,
    }


def _meets(wanted: JudgedFinding, finding: Finding, posting: Record) -> bool:
    return finding.category.value == wanted.category and any(_overlaps(wanted.span, span, posting) for span in finding.spans)


def _overlaps(words: str, span: Span, posting: Record) -> bool:
    """Whether the judged words stand, in any of the posting's texts, where the span is."""
    texts = posting.values() if span.field not in posting else [posting[span.field]]
    return any(
        start < span.end and span.start < start + len(words) and text[span.start : span.end] == span.text
        for text in texts
        for start in _places(words, text)
    )


def _places(words: str, text: str) -> Iterator[int]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + 1)
