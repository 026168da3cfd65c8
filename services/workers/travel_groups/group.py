"""People who want to go together. Each member carries the group; there is no other record of it. Rules only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.workers.violation import Violation

GroupKind = Literal["couple", "kin", "villagers"]
LEAST: Final = 2
MOST: Final = 20
COUPLE: Final = 2


@dataclass(frozen=True, slots=True)
class TravelGroup:
    """The group that a worker belongs to: its opaque id, what binds them, whether they will not go apart, how many they are."""

    id: str
    kind: GroupKind
    must: bool
    size: int

    def shrunk(self) -> "TravelGroup | None":
        """What remains once one has left; nobody goes together alone."""
        rest = self.size - 1
        return TravelGroup(self.id, self.kind, self.must, rest) if rest >= LEAST else None


def violations(kind: GroupKind, members: Sequence[str]) -> Iterator[Violation]:
    """What a group cannot be."""
    if len(set(members)) < len(members):
        yield Violation("worker_ids", "repeated", "同一个人填了两次")
    if kind == "couple" and len(members) != COUPLE:
        yield Violation("worker_ids", "not_a_couple", "夫妻同行应是两个人")
