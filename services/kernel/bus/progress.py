"""How far a consumer is within one partition, message by message."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.kernel.bus.port import Message


@dataclass(slots=True)
class Progress:
    """What is settled beyond the first message on hold, so that only what was refused is handled again.

    Bounded by one poll's size: polling begins anew at the first message on hold.
    """

    settled: set[int] = field(default_factory=set)

    def open(self, messages: Sequence[Message]) -> list[Message]:
        """The messages that still need a verdict."""
        return [message for message in messages if message.offset not in self.settled]

    def settle(self, offset: int) -> None:
        self.settled.add(offset)

    def next_offset(self, messages: Sequence[Message]) -> int:
        """The offset of the first delivered message that is not settled, or the one after the last; forgets what is before."""
        following = next((m.offset for m in messages if m.offset not in self.settled), messages[-1].offset + 1)
        self.settled = {offset for offset in self.settled if offset >= following}
        return following
