"""What a part of the score says about a pair, and to whom its words are said."""

from dataclasses import dataclass
from typing import Final, Literal

from services.kernel.text.facts.model import Span

Audience = Literal["staff", "worker", "outsider"]
"""Who reads: staff; the worker, in the second person; or who may not see what is sensitive (an employer, a portal)."""

_SPEAKING: Final[dict[Audience, dict[str, str]]] = {
    "staff": {"{you}": "", "{your}": "本人", "{self}": "本人"},
    "worker": {"{you}": "你", "{your}": "你", "{self}": "你"},
    "outsider": {"{you}": "", "{your}": "本人", "{self}": "本人"},
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A value in [0, 1], with the words for it: `reason` speaks for the pair, `gap` against it or of what is not known.

    Words are plain Chinese; `{you}`, `{your}` and `{self}` stand where a worker is spoken to: "你" in a worker's list; nothing
    and "本人" in staff's. `rests_on`: the words of the record that it was judged by. `sensitive`: tells of health, care at
    home or household; not for outsiders.
    """

    value: float
    reason: str = ""
    gap: str = ""
    rests_on: tuple[Span, ...] = ()
    sensitive: bool = False


def spoken(words: str, audience: Audience) -> str:
    """The words as an audience reads them. People's own words in them stay as they are, whatever signs they hold."""
    for placeholder, said in _SPEAKING[audience].items():
        words = words.replace(placeholder, said)
    return words
