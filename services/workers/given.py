"""What a request gives, as a profile: codes looked up from words, newer words before what was stated about the same. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.workers import tidying
from services.workers.intentions.intention import Asking
from services.workers.profile import TIDIED, OwnWords, Profile
from services.workers.schemas import NewWorker, WorkerChanges
from services.workers.stated import Stated


def new_profile(body: NewWorker, told: Asking) -> Profile:
    """The profile to register; `told` is who takes it down today."""
    stated = _stated(Stated(), body, told)
    profile = Profile(words=OwnWords(**body.words.model_dump()), stated=stated, **_given(body))
    return profile.asked(None, told)


def amended_profile(profile: Profile, body: WorkerChanges, told: Asking) -> Profile:
    """The profile with the changes laid over it; `told` is who takes them down today."""
    said = body.words.model_dump(exclude_unset=True) if body.words is not None else {}
    newer = [name for name, text in said.items() if text != getattr(profile.words, name)]
    stated = _stated(profile.stated.without(newer), body, told)
    amended = replace(profile, words=replace(profile.words, **said), stated=stated, **_given(body))
    return amended.asked(profile, told)


def _given(body: NewWorker | WorkerChanges) -> dict[str, Any]:
    """The fields of a Profile that a request names; codes looked up from words where only words are given."""
    given: dict[str, Any] = {
        name: getattr(body, name) for name in body.model_fields_set - {"words", "stated", "sex", "basis", "consent_how"}
    }
    said: Mapping[str, str] = body.words.model_dump(exclude_unset=True) if body.words is not None else {}
    for word, code in TIDIED.items():
        if word in said and code not in given:
            given[code] = tidying.relocated_of(said[word]) if word == "relocated" else tidying.code_of(word, said[word])
    return given


def _stated(held: Stated, body: NewWorker | WorkerChanges, told: Asking) -> Stated:
    return body.stated.laid_over(held, told.by, told.on) if body.stated is not None else held
