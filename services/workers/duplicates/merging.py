"""Two records of one person made one: what the kept record does not say is filled from the other. Pure.

Words and what is stated about the same are taken together or not at all: what is stated goes before words, so filling the one
beside the other would silence it.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.workers.profile import TIDIED, Profile
from services.workers.stated import ABOUT, INTENDED

ID_PREFIX: Final = "mg"
UNDONE_WITHIN: Final = timedelta(days=30)
_OWN: Final = frozenset({"name", "identity_number", "words", "stated", "asking", "travel_group", *TIDIED.values()})
"""Fields that are the kept record's own, or are filled by a rule of their own below."""


@dataclass(frozen=True, slots=True)
class Merge:
    """That `absorbed` was merged into `kept`; `before` and `after` are the kept record's versions (equal: no change)."""

    id: str
    kept_id: str
    before: int
    after: int
    absorbed_id: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None = None

    def can_be_undone(self, now: datetime) -> bool:
        """Whether it still stands and its thirty days are not over."""
        return self.undone_at is None and now - self.merged_at <= UNDONE_WITHIN


def filled(kept: Profile, other: Profile) -> Profile:
    """The kept profile with what it does not say filled from the other; of both askings the later."""
    simple = {item.name: _first(kept, other, item.name) for item in fields(Profile) if item.name not in _OWN}
    words, codes = _words(kept, other)
    asked = max((one for one in (kept.asking, other.asking) if one is not None), key=lambda one: one.on, default=None)
    return replace(kept, **simple, **codes, words=words, stated=_stated(kept, other), asking=asked)


def parted(present: Profile, before: Profile, after: Profile) -> Profile:
    """The present profile without what a merge (`before` -> `after`) filled in, where nobody has changed it since."""
    top = _taken_back(present, before, after, skipping=("words", "stated"))
    words = replace(present.words, **_taken_back(present.words, before.words, after.words))
    intention = replace(
        present.stated.intention,
        **_taken_back(present.stated.intention, before.stated.intention, after.stated.intention),
    )
    stated = replace(
        present.stated, **_taken_back(present.stated, before.stated, after.stated, skipping=("intention",)), intention=intention
    )
    return replace(present, **top, words=words, stated=stated)


def _says(value: object) -> bool:
    return value is not None and value != ""


def _first(kept: Any, other: Any, name: str) -> Any:
    value = getattr(kept, name)
    return value if _says(value) else getattr(other, name)


def _words(kept: Profile, other: Profile) -> tuple[Any, dict[str, Any]]:
    """The words, and the codes that go with them."""
    stated = {word for name, word in ABOUT.items() if _says(getattr(kept.stated, name))}
    stated |= {word for name, word in INTENDED.items() if _says(getattr(kept.stated.intention, name))}
    words: dict[str, Any] = {}
    codes: dict[str, Any] = {}
    for item in fields(kept.words):
        word, code = item.name, TIDIED.get(item.name)
        silent = not getattr(kept.words, word) and word not in stated and not (code and _says(getattr(kept, code)))
        words[word] = getattr(other.words if silent else kept.words, word)
        if code is not None:
            codes[code] = getattr(other if silent else kept, code)
    return replace(kept.words, **words), codes


def _stated(kept: Profile, other: Profile) -> Any:
    about = {
        name: getattr(other.stated, name)
        for name, word in ABOUT.items()
        if not _says(getattr(kept.stated, name)) and not getattr(kept.words, word)
    }
    wished = {
        name: getattr(other.stated.intention, name)
        for name, word in INTENDED.items()
        if not _says(getattr(kept.stated.intention, name)) and not getattr(kept.words, word)
    }
    intention = replace(kept.stated.intention, **wished)
    village = kept.stated.village or other.stated.village
    languages = kept.stated.languages if kept.stated.languages is not None else other.stated.languages
    return replace(kept.stated, **about, intention=intention, village=village, languages=languages)


def _taken_back(present: Any, before: Any, after: Any, skipping: tuple[str, ...] = ()) -> dict[str, Any]:
    names = (item.name for item in fields(present) if item.name not in skipping)
    return {
        name: getattr(before, name)
        for name in names
        if getattr(after, name) != getattr(before, name) and getattr(present, name) == getattr(after, name)
    }
