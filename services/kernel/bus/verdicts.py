"""What a handler says of each message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """Handled for good: it may be forgotten. Also the verdict on what is known already."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now (the sink is down or overloaded): deliver it again after a pause."""

    reason: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Never (the message itself is bad): put it aside with the reason and go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The consumer itself is unfit (wrong schema, wrong key): stop loudly, deliver again to a better one."""

    reason: str


Verdict = Done | Hold | DeadLetter | Stop
