"""For whom a posting is: residents only (public-welfare posts), poverty households, couples."""

from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.events import PostingChanged
from services.kernel.text.facts import cues
from services.kernel.text.facts.model import PostedWork, Role, Span
from services.kernel.text.facts.passages import Passage

_PUBLIC_EMPLOYERS = frozenset({"K06", "K07"})


class Audience(NamedTuple):
    residents_of: str
    township: str
    poverty: bool
    relocated: bool
    couples: bool
    span: Span | None


def audience(posting: PostingChanged, works: Sequence[PostedWork], passages: Sequence[Passage]) -> Audience:
    """Only public-welfare posts may be kept for residents or poverty households (就业促进法 52-54; 31 forbids it elsewhere)."""
    cue = cues.section("posting_cues", "audience")
    couples = any(passage.search(cue["couples"]) for passage in passages)
    welfare = any(work.id.startswith("G") for work in works if work.role is Role.MAIN)
    if not (welfare or posting.employer_kind in _PUBLIC_EMPLOYERS):
        return Audience("", "", poverty=False, relocated=False, couples=couples, span=None)
    residents = next((s for passage in passages if (s := passage.search(cue["residents"]))), None)
    poverty = next((s for passage in passages if (s := passage.search(cue["poverty"]))), None)
    return Audience(
        residents_of=(posting.district_code or posting.city_code or "") if residents or welfare else "",
        township=_township(passages, residents),
        poverty=poverty is not None,
        relocated=any(passage.search(cue["relocated"]) for passage in passages),
        couples=couples,
        span=residents or poverty,
    )


def _township(passages: Sequence[Passage], residents: Span | None) -> str:
    """The township named in the sentence that speaks of residents."""
    if residents is None:
        return ""
    passage = next(p for p in passages if p.field == residents.field)
    match = cues.section("posting_cues", "audience")["township"].search(passage.sentence_at(residents.start).text)
    return match.group().removeprefix("面向") if match else ""
