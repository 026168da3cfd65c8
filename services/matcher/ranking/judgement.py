"""What a part of the score says about a pair."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """A value in [0, 1], with the words for it: `reason` speaks for the pair, `gap` against it or of what is not known.

    Words are plain Chinese; `{you}` and `{your}` stand where a worker is spoken to: "你" in a worker's list; nothing
    and "本人" in staff's.
    """

    value: float
    reason: str = ""
    gap: str = ""
