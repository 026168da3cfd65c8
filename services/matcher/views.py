"""Ranked pairs as they are answered: masked, in short, with names instead of codes."""

from datetime import date

from services.contracts.vocabulary import codes, divisions
from services.matcher import schemas
from services.matcher.ranking.pair import Opening, Seeker
from services.matcher.ranking.ranked import Ranked
from services.matcher.ranking.scoring import Part


def worker_summary(seeker: Seeker, today: date) -> schemas.WorkerSummary:
    """A worker as a list may show them."""
    profile, words = seeker.profile, seeker.profile.words
    return schemas.WorkerSummary(
        worker_id=profile.worker_id,
        number=profile.number,
        masked_name=profile.masked_name,
        age=seeker.age(today),
        county=divisions.load().full_name(profile.county_code),
        education=_label(codes.EDUCATION, profile.education),
        mandarin=_label(codes.MANDARIN, profile.mandarin),
        willingness=_label(codes.WILLINGNESS, profile.willingness),
        employment_status=_label(codes.EMPLOYMENT_STATUS, profile.employment_status),
        intention_occupations=words.intention_occupations,
        intention_places=words.intention_places,
        intention_pay=words.intention_pay,
        certificates=words.certificates,
    )


def posting_summary(opening: Opening) -> schemas.PostingSummary:
    """An opening as a list may show it; pay as the columns state it, else as the words do."""
    posting, pay = opening.posting, opening.facts.pay
    return schemas.PostingSummary(
        posting_id=posting.posting_id,
        number=posting.number,
        title=posting.title,
        employer_name=posting.employer_name,
        place=posting.place or divisions.load().full_name(opening.place),
        headcount=posting.headcount,
        pay_min=pay.at_least if pay else None,
        pay_max=pay.at_most if pay else None,
        valid_until=posting.valid_until,
    )


def candidate(rank: int, one: Ranked) -> schemas.Candidate:
    """One place of an opening's list."""
    seeker = one.pair.seeker
    return schemas.Candidate(
        rank=rank,
        score=one.score.total,
        parts=[_part(part) for part in one.score.parts],
        reasons=list(one.score.reasons),
        gaps=list(one.score.gaps),
        worker_id=one.id,
        number=seeker.profile.number,
        summary=worker_summary(seeker, one.pair.today),
    )


def proposed(rank: int, one: Ranked) -> schemas.Opening:
    """One place of a worker's list."""
    opening = one.pair.opening
    return schemas.Opening(
        rank=rank,
        score=one.score.total,
        parts=[_part(part) for part in one.score.parts],
        reasons=list(one.score.reasons),
        gaps=list(one.score.gaps),
        posting_id=one.id,
        number=opening.posting.number,
        summary=posting_summary(opening),
    )


def _part(part: Part) -> schemas.PartView:
    return schemas.PartView(name=part.name, value=part.value, weight=part.weight, reason=part.reason)


def _label(vocabulary: codes.Vocabulary, code: str | None) -> str | None:
    return vocabulary.label(code) if code is not None and code in vocabulary else None
