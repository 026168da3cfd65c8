"""When people can start."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from services.kernel.index import Exists, Not, Range
from services.kernel.text.facts import cues, starts
from services.kernel.text.facts.model import StartKind
from services.kernel.text.facts.passages import Passage
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Kind, Rung

_AT_ONCE: Final = timedelta(days=14)


@cache
def _pattern() -> re.Pattern[str]:
    words = cues.section("search_cues", "words")
    cue, late, deed = (words[name].pattern for name in ("start_cue", "start_late", "start_deed"))
    then = rf"(?P<late>{late})(?:{deed})?|(?P<deed>{deed})|(?=的|,|$)"
    return re.compile(rf"(?P<when>(?:{cue})[^,]{{0,4}}?)(?:{then})")


def start(asked: Asked) -> Iterator[Concept]:
    """ "过完年能走": by then; "腊月以后才能来": not before. Openings say nothing that could be compared."""
    if not asked.searches_workers:
        return
    for match in list(_pattern().finditer(asked.left.text)):
        after = "后" if "后" in (match.group("late") or "") else ""
        said = starts.start(Passage("q", match.group("when") + after))
        day = starts.earliest(said, asked.today)
        if said is None or day is None:
            continue
        begin, end = match.span()
        asked.take(begin, end)
        if match.group("late"):
            met = Range("start_from", at_least=day)
            yield Concept(Kind.START, begin, end, f"{day:%Y-%m-%d}以后才能上岗", must=met, rungs=[Rung(met, 1.0)])
            continue
        by = day + _AT_ONCE if said.kind is StartKind.NOW else day + timedelta(days=7)
        late, known = Range("start_from", at_least=by + timedelta(days=1)), Range("start_from", at_most=by)
        label = "随时能上岗" if said.kind is StartKind.NOW else f"{by:%Y-%m-%d}前能上岗"
        yield Concept(Kind.START, begin, end, label, must=Not(late), rungs=[Rung(known, 2.0), Rung(Exists("start_from"), 0.5)])
