"""Who reads which partition of the embedded log: the members of each consumer group, in this process."""

from collections.abc import Sequence

from services.kernel.bus.port import Partition


class Membership:
    """Deals partitions out to members, evenly; every joining and leaving deals anew.

    Members are any hashable objects. One process reads an embedded log at a time, so nobody outside need be asked.
    """

    def __init__(self) -> None:
        self._groups: dict[str, list[object]] = {}

    def join(self, group: str, member: object) -> None:
        self._groups.setdefault(group, []).append(member)

    def leave(self, group: str, member: object) -> None:
        self._groups[group].remove(member)

    def assigned(self, group: str, member: object, partitions: Sequence[Partition]) -> list[Partition]:
        """The share of `partitions` that is the member's now."""
        members = self._groups[group]
        place = members.index(member)
        return [partition for turn, partition in enumerate(partitions) if turn % len(members) == place]
