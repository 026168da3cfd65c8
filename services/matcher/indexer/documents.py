"""The two collections that matching looks into: their fields, declared once, and how an event becomes a document.

`source` of a worker: {"profile": the event's payload, "facts": WorkerFacts as JSON, "updated": the event's time};
of a posting: {"posting": …, "facts": …, "updated": …}. Neither sex nor ethnicity is in either: the events do not carry them.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import orjson

from services.contracts.events import PUBLISHED, PostingChanged, WorkerChanged
from services.contracts.vocabulary import codes, divisions
from services.kernel.index import Document, FieldKind, Point, Schema
from services.kernel.index.port import MAX_NESTED
from services.kernel.text.facts import FACTS_REVISION, posting_facts, worker_facts
from services.kernel.text.facts.model import ANY_WORK, CertificateState, Role, Strength, WorkerFacts
from services.kernel.text.segmenter import Scope, Segmenter
from services.matcher.indexer.searchable import POSTING_SEARCH, WORKER_SEARCH, posting_search, worker_search

PROJECTION_REVISION: Final = 3
"""Raised when the functions below fill the same fields otherwise: what was indexed before must be built again."""


class Collection(StrEnum):
    WORKERS = "workers"
    POSTINGS = "postings"


WORKER_FIELDS: Final[Mapping[str, FieldKind]] = {
    "visible": FieldKind.BOOLEAN,  # to staff: true only if every condition for being shown is known and holds
    "audiences": FieldKind.KEYWORD,  # who else sees the person: employers, kiosk; and ranking, if a machine may order them
    "contact_employers": FieldKind.KEYWORD,  # ids of employers with the person's separate consent to the contact
    "number": FieldKind.KEYWORD,
    "birth_date": FieldKind.DATE,
    "province_code": FieldKind.KEYWORD,
    "prefecture_code": FieldKind.KEYWORD,
    "county_code": FieldKind.KEYWORD,
    "home": FieldKind.POINT,  # the seat of the county (divisions.csv)
    "education": FieldKind.INTEGER,  # rank in codes.EDUCATION, lowest 0; none when not known
    "mandarin": FieldKind.INTEGER,  # rank in codes.MANDARIN
    "willingness": FieldKind.KEYWORD,
    "certificates": FieldKind.KEYWORD,  # canonical names, held and valid
    "wanted": FieldKind.KEYWORD,  # ids of work, and ANY_WORK
    "refused": FieldKind.KEYWORD,
    "experienced": FieldKind.KEYWORD,
    # The worker's own words, segmented:
    "intention": FieldKind.TEXT,
    "experience": FieldKind.TEXT,
    "certificate_words": FieldKind.TEXT,
    "place_words": FieldKind.TEXT,
    "other_words": FieldKind.TEXT,
    **WORKER_SEARCH,
}

WORKER_NESTED: Final[Mapping[str, Mapping[str, FieldKind]]] = {
    "papers": {  # every certificate, each by itself: as stated in structure, else as the words say
        "name": FieldKind.KEYWORD,  # canonical
        "state": FieldKind.KEYWORD,  # CertificateState
        "level": FieldKind.INTEGER,  # 5 lowest to 1; none when not said
        "branch": FieldKind.KEYWORD,
        "expires": FieldKind.DATE,  # the last day that the words give it
    },
}

POSTING_FIELDS: Final[Mapping[str, FieldKind]] = {
    "visible": FieldKind.BOOLEAN,  # published, be it to some; whether it has expired is for the day of the search to say
    "number": FieldKind.KEYWORD,
    "valid_until": FieldKind.DATE,
    "province_code": FieldKind.KEYWORD,
    "city_code": FieldKind.KEYWORD,
    "district_code": FieldKind.KEYWORD,
    "place": FieldKind.POINT,  # the seat of the district, else of the city
    "employer_kind": FieldKind.KEYWORD,
    "works": FieldKind.KEYWORD,  # ids of work that is offered
    "required_certificates": FieldKind.KEYWORD,  # canonical names that the posting insists on (one need may name several)
    "pay_min": FieldKind.INTEGER,  # CNY per month
    "pay_max": FieldKind.INTEGER,
    # The employer's own words, segmented:
    "title": FieldKind.TEXT,
    "description": FieldKind.TEXT,
    "requirements": FieldKind.TEXT,
    **POSTING_SEARCH,
}

_FIELDS: Final = {Collection.WORKERS: WORKER_FIELDS, Collection.POSTINGS: POSTING_FIELDS}
_NESTED: Final[Mapping[Collection, Mapping[str, Mapping[str, FieldKind]]]] = {
    Collection.WORKERS: WORKER_NESTED,
    Collection.POSTINGS: {},
}


def schema(collection: Collection, lexicon_version: str) -> Schema:
    """The schema of a collection; its version changes with the fields, the lexicon and the reading of facts."""
    fields, nested = _FIELDS[collection], _NESTED[collection]
    made_from = [fields, nested, lexicon_version, FACTS_REVISION, PROJECTION_REVISION]
    return Schema(collection.value, fields, hashlib.sha256(orjson.dumps(made_from)).hexdigest()[:12], nested)


AUDIENCES: Final = ("employers", "kiosk", "ranking")


def shown(profile: WorkerChanged) -> bool:
    """Whether staff may see the person at all; nobody sees whom staff may not."""
    return profile.active and profile.basis is not None and profile.visibility.staff is True


def worker_document(profile: WorkerChanged, updated: datetime, segmenter: Segmenter) -> Document:
    """A worker's profile as matching finds it."""
    facts = worker_facts(profile)
    words = profile.words
    fields = {
        "visible": shown(profile),
        "audiences": [one for one in AUDIENCES if shown(profile) and getattr(profile.visibility, one) is True],
        "contact_employers": profile.visibility.contact_employers,
        "number": profile.number,
        "birth_date": profile.birth_date,
        **_residence(profile.county_code),
        "home": _seat(profile.county_code),
        "education": _rank(codes.EDUCATION, profile.education),
        "mandarin": _rank(codes.MANDARIN, profile.mandarin),
        "willingness": profile.willingness,
        "certificates": [held.name for held in facts.certificates if held.state is CertificateState.HELD],
        "papers": _papers(profile, facts)[:MAX_NESTED],
        "wanted": [*(work.id for work in facts.wanted), *_anything(facts)],
        "refused": [work.id for work in facts.refused],
        "experienced": [work.id for work in facts.experience],
        "intention": _text(segmenter, words.intention_occupations),
        "experience": _text(segmenter, words.experience),
        "certificate_words": _text(segmenter, words.certificates, words.training, scope=Scope.CERTIFICATES),
        "place_words": _text(segmenter, words.intention_places),
        "other_words": _text(segmenter, words.remark, words.care_duties, words.lodging, words.start, words.companions),
        **worker_search(profile, facts, updated.date()),
    }
    source = {
        "profile": profile.model_dump(mode="json"),
        "facts": facts.model_dump(mode="json"),
        "updated": updated.isoformat(),
    }
    return Document(profile.worker_id, profile.version, fields, source)


def posting_document(posting: PostingChanged, updated: datetime, segmenter: Segmenter) -> Document:
    """An opening as matching finds it."""
    facts = posting_facts(posting)
    words = posting.words
    pay = facts.pay
    musts = (need for need in facts.certificates if need.strength is Strength.MUST)
    fields = {
        "visible": posting.status in PUBLISHED,
        "number": posting.number,
        "valid_until": posting.valid_until,
        "province_code": posting.province_code,
        "city_code": posting.city_code,
        "district_code": posting.district_code,
        "place": _seat(posting.district_code or posting.city_code or ""),
        "employer_kind": posting.employer_kind,
        "works": [work.id for work in facts.works if work.role is not Role.EXCLUDED],
        "required_certificates": [name for need in musts for name in need.names],
        "pay_min": _whole(pay.at_least if pay else posting.pay_min),
        "pay_max": _whole(pay.at_most if pay else posting.pay_max),
        "title": _text(segmenter, posting.title),
        "description": _text(segmenter, words.description),
        "requirements": _text(
            segmenter, words.certificates, words.education, words.age, words.hours, words.lodging, scope=Scope.CERTIFICATES
        ),
        **posting_search(posting, facts),
    }
    source = {
        "posting": posting.model_dump(mode="json"),
        "facts": facts.model_dump(mode="json"),
        "updated": updated.isoformat(),
    }
    return Document(posting.posting_id, posting.version, fields, source)


def _papers(profile: WorkerChanged, facts: WorkerFacts) -> list[dict[str, str | int | date | None]]:
    held = CertificateState.HELD
    if profile.stated.certificates is None:
        said = ((one.name, one.state, one.level, one.branch, one.expires) for one in facts.certificates)
    else:
        stated = profile.stated.certificates
        said = ((one.certificate, held, one.level, one.branch, one.expires_on) for one in stated)
    return [dict(zip(WORKER_NESTED["papers"], paper, strict=True)) for paper in said]


def _anything(facts: WorkerFacts) -> list[str]:
    """Who takes anything, or named nothing, is found for every kind of work."""
    return [ANY_WORK] if facts.open_to_any is not None or not facts.wanted else []


def _residence(code: str) -> dict[str, str | None]:
    place = divisions.load().place(code)
    if place is None:  # a code that the table does not know: found by no place, but found
        return {"county_code": code}
    return {"province_code": place.province_code, "prefecture_code": place.city_code, "county_code": place.county_code}


def _seat(code: str) -> Point | None:
    division = divisions.load().get(code)
    if division is None or division.latitude is None or division.longitude is None:
        return None
    return Point(division.latitude, division.longitude)


def _rank(vocabulary: codes.Vocabulary, code: str | None) -> int | None:
    return vocabulary.rank(code) if code in vocabulary and code is not None else None


def _text(segmenter: Segmenter, *passages: str, scope: Scope = Scope.WORDS) -> str:
    return " ".join(token for passage in passages for token in segmenter.document_tokens(passage, scope))


def _whole(amount: float | None) -> int | None:
    return None if amount is None else round(amount)
