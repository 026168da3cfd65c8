"""Which documents are looked at: the words in common, and the kinds of work, within the hard limits that an index can check."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from services.kernel.index.port import All, AnyOf, Exists, Match, Not, Query, Range, SearchRequest, Term
from services.kernel.text.facts.model import ANY_WORK
from services.matcher.ranking.limits import least_age
from services.matcher.ranking.nearness import near, neighbours
from services.matcher.ranking.pair import Opening, Seeker

LOOKED_AT: Final = 300
"""The most hits of one search; the union of two is scored."""

_WISH_NEAR: Final = 0.5
_SKILL_NEAR: Final = 0.6
_WORKER_FIELDS: Final = {
    "intention": 2.0,
    "experience": 1.0,
    "certificate_words": 0.8,
    "place_words": 0.8,
    "other_words": 0.4,
}
_POSTING_FIELDS: Final = {"title": 2.0, "description": 1.0, "requirements": 0.6}


def years_before(today: date, years: int) -> date:
    """The latest birthday of who has had so many birthdays."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


def workers_for(
    opening: Opening, tokens: Mapping[str, float], today: date, within: Sequence[Query] = (), *, plain: bool = False
) -> list[SearchRequest]:
    """Searches over workers: by words, and by the work wanted or done. `within`: whom the asker may see.

    `plain`: by words alone, all fields alike."""
    of_age = Range("birth_date", at_most=years_before(today, least_age(opening)))
    allowed = All([Term("visible", [True]), Term("audiences", ["ranking"]), of_age, *within])
    if plain:
        return [_plain(allowed, _WORKER_FIELDS, tokens)]
    wanted = sorted({one for work in opening.main for one in neighbours(work, "wish", _WISH_NEAR)} | {ANY_WORK})
    done = sorted({one for work in opening.main for one in neighbours(work, "skill", _SKILL_NEAR)})
    by_work = AnyOf([Term("wanted", wanted), Term("experienced", done)])
    return _searches(allowed, by_work, Match(_WORKER_FIELDS, tokens))


def postings_for(seeker: Seeker, tokens: Mapping[str, float], today: date, *, plain: bool = False) -> list[SearchRequest]:
    """Searches over postings: by words, and by the work that is wanted or was done; everything for who takes anything."""
    open_still = AnyOf([Range("valid_until", at_least=today), Not(Exists("valid_until"))])
    allowed = All([Term("visible", [True]), open_still])
    if plain:
        return [_plain(allowed, _POSTING_FIELDS, tokens)]
    wanted = {work.id for work in seeker.facts.wanted}
    done = {work.id for work in seeker.facts.experience}
    known = wanted | done
    near_by = {
        other
        for other in {other for one in known for other in neighbours(one, "wish", 0.0)}
        if any(near("wish", one, other) >= _WISH_NEAR for one in wanted)
        or any(near("skill", one, other) >= _SKILL_NEAR for one in done)
    }
    match = Match(_POSTING_FIELDS, tokens)
    if not near_by or seeker.facts.open_to_any:
        return _searches(allowed, None, match)
    return _searches(allowed, Term("works", sorted(near_by)), match)


def _plain(allowed: Query, fields: Mapping[str, float], tokens: Mapping[str, float]) -> SearchRequest:
    """The yardstick: BM25 without any weighing, over everything that may be a hit."""
    match = Match(dict.fromkeys(fields, 1.0), dict.fromkeys(tokens, 1.0))
    return SearchRequest(filter=allowed, match=match, require_match=False, size=LOOKED_AT)


def _searches(allowed: Query, by_work: Query | None, match: Match) -> list[SearchRequest]:
    structured = All([allowed, by_work]) if by_work is not None else allowed
    return [
        SearchRequest(filter=allowed, match=match, size=LOOKED_AT),
        SearchRequest(filter=structured, match=match, require_match=False, size=LOOKED_AT),
    ]
