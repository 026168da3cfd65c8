"""Refusing, hedging, wishing: what a clause says about a word in it."""

import re
from functools import cache

from services.kernel.text.facts import tables


@cache
def cue(name: str) -> re.Pattern[str]:
    """The compiled cue of refusal.toml."""
    return re.compile(tables.load("refusal")[name])


def refused(clause: str, start: int, end: int, *, before: str = "before", after: str = "after") -> bool:
    """Whether [start, end) of a clause is refused: a cue not far before it, or right after it."""
    if after and cue(after).search(clause[end : end + 14]):
        return True
    reach = tables.load("refusal")["reach"]
    head = cue("harmless").sub(lambda match: "·" * len(match.group()), clause[:start])
    for match in cue(before).finditer(head):
        between = head[match.end() :]
        if len(between) <= reach and not cue("but").search(between):
            return True
    return False
