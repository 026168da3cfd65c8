"""Findings by words: the rules of wording.toml over the sentences of a notice."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.jobs.compliance.finding import Category, Finding, Severity
from services.jobs.compliance.setting import Setting
from services.kernel.text.facts.passages import Passage

_NEVER: Final = r"(?!)"
_MACRO: Final = re.compile(r"<(\w+)>")
_NOT_BEFORE: Final = re.compile(
    r"(?:不(?:会|用|需要?|再|另|得|准|许|允许|向)?(?:任何)?|无(?:需|须|任何)?|没有?(?:任何)?|免(?:收|交|除|去)?|零|拒绝|严禁|禁止|从不|绝不|谢绝|非)"
    r"[^,.;、]{0,8}$"
)
_NOT_AFTER: Final = re.compile(
    r"^(?:[^,.;]{0,2}(?:、|和|及|与|或)[^,.;]{0,10})?(?:一律|都|全部?|统统|概|均)?(?:不(?:收|交|要|用|扣|押)|全免|免(?!考)|无(?!法)|没有|为零|由(?:公司|单位|雇主|客户)|公司(?:出|承担|报销)|[^,.;]{0,2}(?:报销|全免))"
)
_DENIED_WITHIN: Final = re.compile(r"(?:不(?:用|需|得|会)?(?:交|收|付|缴|扣|押)|不(?:用|需要?|必)|无需?|免|没有?)[^,.;]{0,10}$")
_LISTED: Final = re.compile(r"(?:不收|不交|无|没有|免收?|不用交|无需交?|不收取)[^,.;]{0,16}、[^,.;]{0,8}$")


@dataclass(frozen=True)
class Rule:
    """One row of the table, compiled."""

    category: Category
    severity: Severity
    words: re.Pattern[str]
    article: str
    reason: str
    rewording: str
    unless: re.Pattern[str]
    unless_sentence: re.Pattern[str]
    unless_before: re.Pattern[str]
    negated: bool
    care: bool
    public_posts: bool


def _compiled(source: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern with its macros, which may stand on each other, written out."""
    while _MACRO.search(source):
        source = _MACRO.sub(lambda match: macros[match.group(1)], source)
    return re.compile(source)


@cache
def rules() -> Sequence[Rule]:
    """The table, read once."""
    table = tomllib.loads(Path(__file__).with_name("wording.toml").read_text("utf-8"))
    return tuple(_rule(row, table["macros"]) for row in table["rule"])


def _rule(row: Mapping[str, Any], macros: Mapping[str, str]) -> Rule:
    return Rule(
        category=Category(row["category"]),
        severity=Severity(row["severity"]),
        words=_compiled("|".join(row["words"]), macros),
        article=row["article"],
        reason=row["reason"],
        rewording=row["rewording"],
        unless=_compiled(row.get("unless", _NEVER), macros),
        unless_sentence=_compiled(row.get("unless_sentence", _NEVER), macros),
        unless_before=_compiled(row.get("unless_before", _NEVER), macros),
        negated=row.get("negated", False),
        care=row.get("care", False),
        public_posts=row.get("public_posts", False),
    )


def findings(setting: Setting) -> Iterator[Finding]:
    """Every place where a rule's words stand and nothing makes them lawful."""
    for passage in setting.notice.worded:
        for rule in rules():
            if rule.public_posts and setting.public_post:
                continue
            for match in rule.words.finditer(passage.text):
                if match.group() and not _lawful(rule, match, passage, setting):
                    yield _finding(rule, match, passage, setting)


def _lawful(rule: Rule, match: "re.Match[str]", passage: Passage, setting: Setting) -> bool:
    clause = passage.clause_at(match.start())
    sentence = passage.sentence_at(match.start())
    if rule.unless.search(clause.text) or rule.unless_sentence.search(sentence.text):
        return True
    before = passage.text[sentence.start : match.start()]
    if rule.unless_before.search(before) or (rule.care and setting.one_sex_only):
        return True
    return rule.negated and _denied(clause.text, match.start() - clause.start, match.end() - clause.start)


def _denied(clause: str, start: int, end: int) -> bool:
    """ "不收押金", "押金不收", "不收培训费、服装费、押金"; the words found may begin with the denial themselves."""
    head = clause[:start]
    if _NOT_BEFORE.search(head) or _LISTED.search(head) or _NOT_AFTER.search(clause[end:]):
        return True
    return _DENIED_WITHIN.search(clause[: max(start, end - 2)]) is not None


def _finding(rule: Rule, match: "re.Match[str]", passage: Passage, setting: Setting) -> Finding:
    softened = rule.care and rule.severity is Severity.BLOCKS and setting.personal_care
    return Finding(
        category=rule.category,
        severity=Severity.STAFF if softened else rule.severity,
        span=passage.span(match.start(), match.end()),
        article=rule.article,
        reason=f"{rule.reason}；贴身照护的性别要求须由工作人员核实" if softened else rule.reason,
        rewording=rule.rewording,
    )
