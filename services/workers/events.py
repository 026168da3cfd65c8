"""Aggregate -> contract: what other services may know of a worker. Pure.

No identifier leaves: name masked, number and phone not carried, both blotted out of the words, as are the person's own name and
those of other people (和婆娘吕光艳一起).
Sex, ethnicity and the health text stay here; of health only the limits that work must respect are told.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Final

from services.contracts.envelope import Envelope
from services.contracts.events import (
    WORKER_CHANGED,
    WORKER_GONE,
    CompanionWish,
    HeldCertificate,
    PastWork,
    StatedIntention,
    TravelGroup,
    WorkerChanged,
    WorkerStated,
    WorkerWords,
)
from services.kernel.clock import china_day
from services.kernel.ids import new_id
from services.kernel.text.facts.health import work_limits
from services.kernel.vault.masking import blot, mask_name
from services.workers.certificates import Certificate
from services.workers.consents.visibility import visibility
from services.workers.intentions.intention import Intention
from services.workers.named_people import people_named
from services.workers.profile import Profile, State, Worker
from services.workers.stated import Stated

SOURCE: Final = "/yungong/workers"
_TOLD: Final = tuple(WorkerWords.model_fields)


def worker_changed(worker: Worker, today: date) -> WorkerChanged:
    """The payload of a registered worker's present version; `today` tells whether the person is a minor."""
    profile = worker.profile
    said = {field: getattr(profile.words, field) for field in _TOLD}
    names = [profile.name, *people_named(said.values())]
    words = {field: blot(text, names) for field, text in said.items()}
    return WorkerChanged(
        worker_id=worker.id,
        version=worker.version,
        number=blot(profile.number, names),
        masked_name=mask_name(profile.name),
        birth_date=profile.identity.birth_date,
        county_code=profile.county_code,
        township=blot(profile.township, names),
        household_category=profile.household_category,
        relocated=profile.relocated,
        education=profile.education,
        mandarin=profile.mandarin,
        employment_status=profile.employment_status,
        willingness=profile.willingness,
        employed_since=profile.stated.employment and profile.stated.employment.since,
        intention_confirmed_on=profile.intention_confirmed_on,
        minor_until=profile.minor_until(today),
        work_limits=_limits(profile),
        travel_group=profile.travel_group and TravelGroup(**asdict(profile.travel_group)),
        basis=worker.basis,
        active=worker.state is State.REGISTERED,
        visibility=visibility(worker, today),
        stated=_stated(profile.stated),
        words=WorkerWords(**words),
    )


def _limits(profile: Profile) -> tuple[str, ...]:
    """Those that were stated, else those that the words about health tell."""
    stated = profile.stated.health_limits
    return stated if stated is not None else work_limits(profile.words.health)


def _stated(stated: Stated) -> WorkerStated:
    certificates, training = stated.certificates, stated.training
    return WorkerStated(
        intention=_intention(stated.intention),
        certificates=None if certificates is None else tuple(map(_certificate, certificates)),
        experience=None if stated.experience is None else tuple(_past_work(stated)),
        trained=None if training is None else tuple(course.occupation for course in training if course.occupation),
        languages=stated.languages,
    )


def _intention(intention: Intention) -> StatedIntention:
    told = {name: getattr(intention, name) for name in StatedIntention.model_fields}
    if intention.companions is not None:
        told["companions"] = tuple(CompanionWish(kind=one.kind, must=one.must) for one in intention.companions)
    return StatedIntention(**told)


def _certificate(held: Certificate) -> HeldCertificate:
    return HeldCertificate(
        certificate=held.name,
        level=held.level,
        branch=held.branch,
        issued_on=held.issued_on,
        expires_on=held.expires_on,
        verified=bool(held.verified_by),
    )


def _past_work(stated: Stated) -> Iterator[PastWork]:
    for done in stated.experience or ():
        yield PastWork(occupation=done.occupation, place_code=done.place_code, since=done.since, until=done.until)
    present = stated.employment
    if present is not None and present.occupation:
        yield PastWork(occupation=present.occupation, place_code=present.place_code, since=present.since, present=True)


def envelope(worker: Worker, now: datetime, traceparent: str | None = None) -> Envelope:
    """The event that tells the worker's present version: changed, or gone (a tombstone) once withdrawn."""
    if worker.state is State.WITHDRAWN:
        return gone(worker.id, worker.version, now, traceparent)
    told = worker_changed(worker, china_day(now)).model_dump_json().encode()
    return replace(gone(worker.id, worker.version, now, traceparent), type=WORKER_CHANGED, data=told)


def gone(worker_id: str, version: int, now: datetime, traceparent: str | None = None) -> Envelope:
    """The tombstone of who was withdrawn or erased."""
    return Envelope(
        id=new_id("evt"),
        type=WORKER_GONE,
        source=SOURCE,
        subject=worker_id,
        version=version,
        time=now,
        data=None,
        traceparent=traceparent,
    )
