"""Structured work limits from what a register says about health: limits for safety, never a diagnosis."""

import re
from collections.abc import Sequence
from functools import cache

from services.kernel.text.facts import cues, tables
from services.kernel.text.facts.passages import Clause, Passage
from services.kernel.text.facts.refusals import cue


@cache
def _plain(name: str) -> re.Pattern[str]:
    return re.compile(tables.load("health")[name])


def work_limits(health_text: str) -> tuple[str, ...]:
    """Codes of vocabulary codes.WORK_LIMITS, sorted; empty for "健康" and for what limits nothing.

    Facts of the law only: a carrier of a virus is not limited (就业促进法 30), who is cured is not limited either.
    """
    passage = Passage("health", health_text.strip())
    found: set[str] = set()
    for sentence in passage.sentences:
        if _plain("well").search(sentence.text.strip()):
            continue
        limits = {code for code, pattern in cues.section("health", "limits").items() if _stated(pattern, sentence.text)}
        if _plain("cured").search(sentence.text):
            limits -= set(tables.load("health")["ends_when_cured"])
        found |= limits
    return tuple(sorted(found))


def _stated(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _plain("denied").search(text[: match.start()]) for match in pattern.finditer(text))


def own_limits(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Limits that remarks and accounts tell of the worker; clauses about the family are left out."""
    patterns = cues.section("health", "own")
    own = [clause.text for passage in passages for clause in passage.clauses if _is_own(passage, clause)]
    return tuple(
        sorted(code for code, pattern in patterns.items() if code != "kin" and any(pattern.search(text) for text in own))
    )


def _is_own(passage: Passage, clause: Clause) -> bool:
    """Neither about the family, nor one possibility of several, nor said to do no harm."""
    if cues.section("health", "own")["kin"].search(clause.text) or cue("hedge").search(clause.text):
        return False
    return _plain("cured").search(passage.sentence_at(clause.start).text) is None
