"""Finding the gaps: the published openings by kind, and for each kind the people who want the work and lack the paper."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from services.contracts.vocabulary import divisions
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.auth import Scope, division_prefix
from services.kernel.http.validation import shown
from services.kernel.index.port import All, AnyOf, Exists, Not, Query, Range, SearchRequest, Term
from services.matcher import reach
from services.matcher.indexer.documents import Collection
from services.matcher.proposals.gaps import Demand, Gap, Kind, demands, gaps, lacks_only
from services.matcher.proposals.schemas import CourseProposal, CourseProposals
from services.matcher.ranking import documents
from services.matcher.ranking.limits import least_age
from services.matcher.ranking.retrieval import years_before
from services.matcher.resources import Matching

POSTINGS_LOOKED_AT: Final = 1000
WORKERS_LOOKED_AT: Final = 500
"""People of one kind of gap whose records are read: more of them would change no decision about a course."""
_IDS_TOLD: Final = 200
_LEVELS: Final = {2: "province_code", 4: "prefecture_code", 6: "county_code"}


async def courses(matching: Matching, scope: Scope, division_code: str | None) -> CourseProposals:
    """Courses worth holding for the people whom the caller serves, those of one division if it is given.

    Raises UnknownCode, IndexUnavailable."""
    within = [*reach.workers(scope), *_living_in(division_code)]
    today = matching.clock.today()
    open_still = AnyOf([Range("valid_until", at_least=today), Not(Exists("valid_until"))])
    asking = All([Term("visible", [True]), open_still, Exists("required_certificates")])
    hits = (await matching.search(Collection.POSTINGS.value, SearchRequest(asking, size=POSTINGS_LOOKED_AT))).hits
    found = []
    for kind, demand in demands(documents.opening(hit) for hit in hits).items():
        found.append((kind, demand, await _lacking(matching, kind, demand, within, today)))
    return CourseProposals(items=[_proposal(gap) for gap in gaps(found)], postings_looked_at=len(hits))


async def _lacking(matching: Matching, kind: Kind, demand: Demand, within: Sequence[Query], today: date) -> Sequence[str]:
    """The workers who want this work and lack only this paper."""
    wanting = All(
        [
            Term("visible", [True]),
            Range("birth_date", at_most=years_before(today, least_age(demand.example))),
            Term("wanted", list(kind.works)),
            Not(Term("certificates", list(kind.names))),
            *within,
        ]
    )
    hits = (await matching.search(Collection.WORKERS.value, SearchRequest(wanting, size=WORKERS_LOOKED_AT))).hits
    return await asyncio.to_thread(
        lambda: [hit.id for hit in hits if lacks_only(documents.seeker(hit), demand.example, kind.names, today)]
    )


def _living_in(division_code: str | None) -> list[Query]:
    if division_code is None:
        return []
    if divisions.load().get(division_code) is None:
        error = FieldError("query:division_code", "unknown_code", f"没有行政区划“{shown(division_code)}”")
        raise UnknownCode(error.detail, errors=[error])
    return [Term(_LEVELS[len(division_prefix(division_code))], [division_code])]


def _proposal(gap: Gap) -> CourseProposal:
    said = f"{len(gap.workers)} 人只差{gap.certificate}，对应 {gap.openings} 个岗位、招 {gap.vacancies} 人"
    return CourseProposal(
        certificate=gap.certificate,
        said=said,
        occupations=sorted(gap.works),
        openings=gap.openings,
        vacancies=gap.vacancies,
        workers=len(gap.workers),
        worker_ids=sorted(gap.workers)[:_IDS_TOLD],
    )
