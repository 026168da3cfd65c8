"""Judgments of what postings say and may not say: `gold_facts.jsonl` and `gold_compliance.jsonl` of a collection's folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.cli.evaluation.collection import POSTING_NUMBER, BadCollection, Record, text_of

FACTS: Final = "gold_facts.jsonl"
COMPLIANCE: Final = "gold_compliance.jsonl"


@dataclass(frozen=True, slots=True)
class JudgedFacts:
    """A posting and its facts as judged; `spans`: the words for them, where given."""

    number: str
    posting: Record
    facts: Mapping[str, object]
    spans: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """One finding as judged."""

    category: str
    severity: str
    span: str


@dataclass(frozen=True, slots=True)
class JudgedNotice:
    """A posting and its findings; none for a clean one."""

    number: str
    posting: Record
    findings: Sequence[JudgedFinding]


def judged_facts(folder: Path, postings: Sequence[Record]) -> Sequence[JudgedFacts]:
    """The facts judged in `folder`; empty without the file. Raises BadCollection naming the line."""
    known = {posting[POSTING_NUMBER]: posting for posting in postings}
    found = []
    for where, line in _lines(folder / FACTS):
        number, facts, spans = line.get("p"), line.get("facts"), line.get("spans") or {}
        posting = _posting(line, known, number, where)
        if not isinstance(facts, dict) or not isinstance(spans, dict):
            raise BadCollection(f'{where}应为 {{"p": 岗位编号, "facts": {{…}}, "spans": {{…}}}}')
        found.append(JudgedFacts(str(number), posting, facts, spans))
    return found


def judged_notices(folder: Path, postings: Sequence[Record]) -> Sequence[JudgedNotice]:
    """The findings judged in `folder`; empty without the file. Raises BadCollection naming the line."""
    known = {posting[POSTING_NUMBER]: posting for posting in postings}
    found = []
    for where, line in _lines(folder / COMPLIANCE):
        number = line.get("id")
        posting = _posting(line, known, number, where)
        try:
            findings = [JudgedFinding(str(one["category"]), str(one["severity"]), str(one["span"])) for one in line["findings"]]
        except (KeyError, TypeError) as malformed:
            raise BadCollection(f'{where}应有 "findings": [{{"category", "severity", "span"}}]') from malformed
        found.append(JudgedNotice(str(number), posting, findings))
    return found


def _posting(line: Mapping[str, Any], known: Mapping[str, Record], number: object, where: str) -> Record:
    """The line's own posting (columns, or a text as pasted), else the one of the collection."""
    own = line.get("posting", line.get("text"))
    if isinstance(own, dict):
        return {str(key): text_of(value) for key, value in own.items()}
    if isinstance(own, str):
        return {"": own}
    if str(number) not in known:
        raise BadCollection(f"{where}指的岗位“{number}”不在 postings.jsonl 里")
    return known[str(number)]


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.exists():
        return
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadCollection(f"读不了 {path.name}：{unreadable}") from unreadable
    for number, text in enumerate(lines, 1):
        if text.strip():
            where = f"{path.name} 第 {number} 行"
            try:
                line = json.loads(text)
            except ValueError as malformed:
                raise BadCollection(f"{where}不是 JSON 对象") from malformed
            if not isinstance(line, dict):
                raise BadCollection(f"{where}不是 JSON 对象")
            yield where, line
