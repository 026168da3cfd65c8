"""Lodging, board and living in with the employer, by the readers that ranking uses."""

import re
from collections.abc import Iterator
from typing import Final

from services.jobs.understanding.fact import SAID, STATED, Fact, Value
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.patterns import patterns
from services.kernel.text.facts import cues, living
from services.kernel.text.facts.model import Lodging, Stance
from services.kernel.text.facts.passages import Passage

_COLUMNS: Final = ("lodging", "title", "text", "hours")
_NOTHING: Final = Passage("", "")
# What says outright that one lives in, or does not; shifts and hours alone are no answer.
_OUTRIGHT: Final = re.compile(
    r"住家|住(?:在)?(?:客户|雇主|主人|我)家|在我家|同住|佣人房|[跟和陪](?:宝宝|老人|BB)睡|同房|上户|回家|走读|白班保姆"
)
_STANCES: Final[dict[Stance, Value]] = {Stance.WANTS: True, Stance.REFUSES: False, Stance.ACCEPTS: "either"}


def lodging(notice: Notice) -> Iterator[Fact]:
    """provided, allowance or none."""
    for passage in notice.of(*_COLUMNS):
        found = living.posted_lodging(passage, _NOTHING)
        if found.lodging is not Lodging.UNKNOWN and found.span is not None:
            # Of two jobs in one message the first: 保安包住，保洁不包住.
            head = cues.section("living", "posting")["lodging_provided"].search(passage.text, 0, found.span.start)
            if found.lodging is Lodging.NONE and head and passage.text[head.start() - 1 : head.start()] != "不":
                yield Fact("lodging", "provided", passage.span(head.start(), head.end()), _sure(notice, passage))
            yield Fact("lodging", found.lodging.value, found.span, _sure(notice, passage))


def board(notice: Notice) -> Iterator[Fact]:
    """provided, allowance, partial (some of the day's meals) or none."""
    for passage in notice.of(*_COLUMNS):
        partial = passage.search(patterns("living", "board")["partial"])
        if passage in notice.columns.get("lodging", ()):
            partial = partial or passage.search(patterns("living", "board")["column"])
        found = living.posted_board(passage, _NOTHING)
        either = found.lodging is Lodging.NONE and passage.search(cues.section("living", "posting")["board_allowance"])
        if either:  # "不包食宿，有餐补"
            yield Fact("board", "allowance", either, _sure(notice, passage))
        elif partial and found.lodging is not Lodging.ALLOWANCE:
            yield Fact("board", "partial", partial, _sure(notice, passage))
        elif found.lodging is not Lodging.UNKNOWN and found.span is not None:
            yield Fact("board", found.lodging.value, found.span, _sure(notice, passage))
        else:
            for code in ("provided", "allowance"):
                if span := passage.search(patterns("living", "board")[code]):
                    yield Fact("board", code, span, _sure(notice, passage))


def live_in(notice: Notice) -> Iterator[Fact]:
    """Whether one lives in the household; "either" where both are possible."""
    for passage in notice.of("title", "lodging", "hours", "text"):
        if passage in notice.columns.get("text", ()) and (passage.field != "text" and notice.column("title")):
            said = living.posted_live_in([], passage)
        else:
            said = living.posted_live_in([passage])
        if said.span is not None and said.stance in _STANCES and _OUTRIGHT.search(said.span.text):
            yield Fact("live_in", _STANCES[said.stance], said.span)


def _sure(notice: Notice, passage: Passage) -> float:
    return STATED if passage in notice.columns.get("lodging", ()) else SAID
