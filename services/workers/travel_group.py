"""People who want to go together, as each of them carries it. Rules only."""

from dataclasses import dataclass
from typing import Literal

GroupKind = Literal["couple", "kin", "villagers"]


@dataclass(frozen=True, slots=True)
class TravelGroup:
    """The group that a worker belongs to: its opaque id, what binds them, whether they will not go apart, how many they are."""

    id: str
    kind: GroupKind
    must: bool
    size: int
