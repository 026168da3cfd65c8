"""Aggregate -> contract: what other services may know of a worker. Pure.

No identifier leaves: name masked, number and phone not carried, both blotted out of the words, as are the person's own name and
those of other people (和婆娘吕光艳一起).
Sex, ethnicity and the health text stay here; of health only the limits that work must respect are told.
"""

from datetime import datetime
from typing import Final

from services.contracts.envelope import Envelope
from services.contracts.events import WORKER_CHANGED, WORKER_GONE, WorkerChanged, WorkerWords
from services.kernel.ids import new_id
from services.kernel.text.facts.health import work_limits
from services.kernel.vault.masking import blot, mask_name
from services.workers.named_people import people_named
from services.workers.profile import State, Worker

SOURCE: Final = "/yungong/workers"
_TOLD: Final = tuple(WorkerWords.model_fields)


def worker_changed(worker: Worker) -> WorkerChanged:
    """The payload of a registered worker's present version."""
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
        work_limits=work_limits(profile.words.health),
        basis=worker.basis,
        active=worker.state is State.REGISTERED,
        words=WorkerWords(**words),
    )


def envelope(worker: Worker, now: datetime, traceparent: str | None = None) -> Envelope:
    """The event that tells the worker's present version: changed, or gone (a tombstone) once withdrawn."""
    gone = worker.state is State.WITHDRAWN
    return Envelope(
        id=new_id("evt"),
        type=WORKER_GONE if gone else WORKER_CHANGED,
        source=SOURCE,
        subject=worker.id,
        version=worker.version,
        time=now,
        data=None if gone else worker_changed(worker).model_dump_json().encode(),
        traceparent=traceparent,
    )
