"""What reads the history of an intention."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from services.kernel.http.auth import Scope
from services.kernel.text.facts import worker_facts
from services.kernel.vault.masking import blot
from services.workers import events, queries
from services.workers.intentions.destination import destination
from services.workers.intentions.schemas import IntentionHistory, IntentionVersion
from services.workers.notices import days_since
from services.workers.profile import Profile, Worker
from services.workers.repository import Version
from services.workers.resources import WorkersService
from services.workers.stated import INTENTION_WORDS
from services.workers.stated_schemas import IntentionView

_UNDERSTOOD: Final = {
    *("wanted", "refused", "open_to_any", "places", "places_refused", "places_only", "reach", "pay", "lodging", "live_in"),
    *("nights", "start", "companions", "tied_home", "not_seeking", "training_wish", "certificates", "experience"),
}


async def history(service: WorkersService, scope: Scope, worker_id: str) -> IntentionHistory:
    """How an intention came to be what it is. Raises WorkerNotFound."""
    worker = await queries.worker(service, scope, worker_id)
    async with service.store.read() as connection:
        versions = await service.workers.versions(connection, worker_id)
    await queries.note_read(service, worker)
    profile, today = worker.profile, service.clock.today()
    return IntentionHistory(
        age_days=days_since(profile.intention_confirmed_on, today),
        destination=destination(profile.stated.intention, profile.words.intention_places, profile.county_code),
        understood=_understood(worker, service),
        items=[_told(one) for one in _tellings(versions)],
    )


def _understood(worker: Worker, service: WorkersService) -> dict[str, Any]:
    facts = worker_facts(events.worker_changed(worker, service.clock.today()))
    return facts.model_dump(mode="json", include=_UNDERSTOOD, exclude_defaults=True)


def _tellings(versions: Sequence[Version]) -> Iterator[Version]:
    """Of the versions (newest first) those in which the intention was told or confirmed."""
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        held = older.worker.profile if older is not None else None
        if newer.worker.profile.asking is not None and not newer.worker.profile.wants_the_same(held):
            yield newer


def _told(one: Version) -> IntentionVersion:
    worker, profile = one.worker, one.worker.profile
    return IntentionVersion(
        version=worker.version,
        asked_on=profile.intention_confirmed_on,
        asked_by=profile.asking.by if profile.asking is not None else "",
        channel=profile.asking.channel if profile.asking is not None else None,
        recorded_at=worker.changed_at,
        recorded_by=one.changed_by,
        willingness=profile.willingness,
        stated=IntentionView.model_validate(profile.stated.intention),
        words=_words(profile),
    )


def _words(profile: Profile) -> dict[str, str]:
    said = {name: blot(getattr(profile.words, name), [profile.name]) for name in sorted(INTENTION_WORDS)}
    return {name: text for name, text in said.items() if text}
