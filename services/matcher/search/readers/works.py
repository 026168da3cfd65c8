"""Which work: wanted or done by people, offered by openings; and how much of a hand is asked for."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.contracts.vocabulary import codes
from services.kernel.index import AnyOf, Not, Query, Term
from services.kernel.text.facts import cues, numerals
from services.kernel.text.facts.model import ANY_WORK
from services.kernel.text.facts.refusals import cue
from services.kernel.text.facts.work_lexicon import labels
from services.kernel.text.facts.works import Mention, mentions
from services.matcher.indexer.searchable import YEARS
from services.matcher.ranking.nearness import Sense, neighbours
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Kind, Rung

_CLEAR: Final = 0.75
_KIN: Final = 0.5
_CLOSE: Final = 0.8
_SKILL: Final = 0.6


def experience(asked: Asked) -> Iterator[Concept]:
    """ "没经验也可以": openings that insist on none; of people it says nothing that could be sought."""
    for start, end, _ in list(asked.find("no_experience")):
        asked.take(start, end)
        if asked.searches_workers:
            yield Concept(Kind.EXPERIENCE, start, end, "有没有经验都行")
            continue
        easy = Not(Term("experience", ["must"]))
        taught = Term("offers", ["training"])
        yield Concept(Kind.EXPERIENCE, start, end, "不要求经验", meets=easy, rungs=[Rung(easy, 2.0), Rung(taught, 2.0)])


def works(asked: Asked) -> Iterator[Concept]:
    """Every kind of work named; "随便什么都干" asks for who takes anything."""
    passage = asked.left
    everything = [mention for mention in mentions(passage, asked.whole.text) if not asked.is_marked(mention.start, mention.end)]
    found = [mention for mention in everything if not mention.setting] or everything
    openness = cue("open").search(passage.text)
    if openness and asked.searches_workers:
        asked.take(*openness.span())
        anything = Term("wanted", [ANY_WORK])
        yield Concept(Kind.WORK, *openness.span(), "什么工作都行", meets=anything, rungs=[Rung(anything, 5.0)])
    for mention in found:
        negated = asked.is_refused(mention.start, mention.end)
        start, end = mention.start, mention.end
        if negated:
            start, end = asked.with_refusal(start, end)
        asked.mark(start, end)
        clear = _clear(mention.means)
        if not clear:
            continue
        name = "、".join(labels()[work] for work in clear[:3])
        if negated:
            yield _unwanted(asked, start, end, clear, name)
        elif asked.searches_workers:
            yield _of_people(asked, mention, clear, name)
        else:
            yield _offered(start, end, clear, name, codes.EMPLOYER_KINDS.find(mention.text))


def _clear(means: Mapping[str, float]) -> list[str]:
    best = max(means.values(), default=0.0)
    return [work for work, degree in means.items() if degree >= _CLEAR * best]


def _near(works: list[str], sense: Sense, least: float) -> list[str]:
    return sorted({near for work in works for near in neighbours(work, sense, least)})


def _unwanted(asked: Asked, start: int, end: int, clear: list[str], name: str) -> Concept:
    """People who want this work, openings that are this work: left out."""
    if asked.searches_workers:
        refuses = Term("refused", clear)
        return Concept(
            Kind.WORK, start, end, f"不做{name}", must=Not(Term("wanted", clear)), rungs=[Rung(refuses, 2.0)], negated=True
        )
    return Concept(Kind.WORK, start, end, f"不是{name}", must=Not(Term("works", clear)), negated=True)


def _of_people(asked: Asked, mention: Mention, clear: list[str], name: str) -> Concept:
    """By the wish; where "做过" or "经验" is said, by what was done."""
    exact, close = Term("line", clear), Term("line", _near(clear, "wish", _CLOSE))
    kin = Term("line", _near(clear, "wish", _KIN))
    did, able = Term("experienced", clear), Term("experienced", _near(clear, "skill", _SKILL))
    willing = Not(Term("refused", clear))
    start, end = mention.start, mention.end
    asked_years = _years(asked)
    if asked_years is None and not _is_past(mention):
        rungs = [Rung(AnyOf([kin, able]), 1.0), Rung(close, 1.0), Rung(exact, 3.0), Rung(did, 1.5), Rung(able, 0.5)]
        meets: Query = AnyOf([kin, able, Term("trained", clear)])
        return Concept(Kind.WORK, start, end, f"做{name}", must=willing, meets=meets, rungs=rungs)
    rungs = [Rung(AnyOf([kin, able]), 1.0), Rung(able, 1.0), Rung(did, 4.0), Rung(exact, 1.0)]
    label = f"做过{name}"
    if asked_years:
        rungs = [*rungs, Rung(Term("hands", [f"{work}>={asked_years}" for work in clear]), 2.0)]
        label += f"{asked_years}年以上"
    return Concept(Kind.EXPERIENCE, start, end, label, meets=able, rungs=rungs)


def _is_past(mention: Mention) -> bool:
    words = cues.section("search_cues", "words")
    start, end = mention.within
    head, tail = mention.clause.text[:start], mention.clause.text[end:]
    past = words["experience_before"].search(head) or words["experience_after"].match(tail)
    return past is not None or words["experience_before"].search(mention.text) is not None


def _years(asked: Asked) -> int | None:
    """The most of YEARS that "三年以上经验" in the clause asks for; None where no years are named."""
    found = cues.section("search_cues", "words")["experience_years"].search(asked.whole.text)
    if found is None:
        return None
    asked.take(*found.span())
    many = numerals.number(found.group("n")) or 1
    return max((least for least in YEARS if least <= many), default=YEARS[0])


def _offered(start: int, end: int, clear: list[str], name: str, employers: str | None) -> Concept:
    """By the work itself, then by what belongs to it; 物业 and 家政 name a kind of employer as well."""
    part, exact, near = Term("works", clear), Term("main_works", clear), Term("main_works", _near(clear, "wish", _CLOSE))
    rungs = [Rung(Term("works", _near(clear, "wish", _KIN)), 1.0), Rung(near, 1.0), Rung(part, 1.5), Rung(exact, 3.0)]
    meets = [part, near]
    if employers is not None:
        of_kind = Term("employer_kind", [employers])
        rungs, meets = [*rungs, Rung(of_kind, 3.0)], [*meets, of_kind]
    return Concept(Kind.WORK, start, end, f"做{name}", meets=AnyOf(meets), rungs=rungs)
