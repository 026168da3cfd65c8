"""An endpoint: where an employer's system wants to be told, of what, and how that goes. Rules only, no I/O."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

EVENT_TYPES: Final = (
    "posting.published",
    "posting.amended",
    "posting.submitted",
    "posting.returned",
    "posting.paused",
    "posting.suspended",
    "posting.filled",
    "posting.expired",
    "posting.withdrawn",
)
"""What can be subscribed to. Events of referrals will join them once placements exist."""
PING: Final = "webhook.ping"

RETRY_AFTER: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The pauses between attempts, as Standard Webhooks proposes: ten attempts over three days."""
OLD_SECRET_LASTS: Final = timedelta(hours=24)
_SUCCESS: Final = range(200, 300)
_GONE: Final = 410


class State(StrEnum):
    """Whether it is told."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret; `until` None: the present one."""

    value: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`event_types` () is all of them. `reason` says why it is disabled: by_owner, gone (it answered 410), dead (nothing was
    accepted over all attempts); `failing_since`: since when nothing was accepted."""

    id: str
    version: int
    employer_id: str
    url: str
    event_types: tuple[str, ...]
    secrets: tuple[Secret, ...]
    created_at: datetime
    updated_at: datetime
    state: State = State.ACTIVE
    reason: str = ""
    failing_since: datetime | None = None

    def wants(self, event_type: str) -> bool:
        """Whether it is told of such an event."""
        return self.state is State.ACTIVE and (not self.event_types or event_type in self.event_types)

    def valid_secrets(self, now: datetime) -> tuple[str, ...]:
        """What a message is signed with now, the present secret first."""
        return tuple(secret.value for secret in self.secrets if secret.until is None or now < secret.until)

    def amend(self, now: datetime, **changes: Any) -> Self:
        """Other particulars; itself when nothing differs. What was disabled and is active again starts afresh."""
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        if changes.get("state") is State.ACTIVE:
            changes |= {"reason": "", "failing_since": None}
        return replace(self, version=self.version + 1, updated_at=now, **changes)

    def rotate(self, secret: str, now: datetime) -> Self:
        """A new secret; the one before is valid for another day."""
        kept = tuple(
            replace(old, until=old.until or now + OLD_SECRET_LASTS)
            for old in self.secrets
            if old.until is None or now < old.until
        )
        return self.amend(now, secrets=(Secret(secret), *kept))

    def disable(self, reason: str, now: datetime) -> Self:
        """Told no more, until its owner says so."""
        return self.amend(now, state=State.DISABLED, reason=reason)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt went: the answer's status, or None with what kept it from being had."""

    status: int | None
    error: str = ""
    retry_after: timedelta | None = None

    @property
    def accepted(self) -> bool:
        """Whether the message has arrived. A redirect has not: it is never followed."""
        return self.status in _SUCCESS

    @property
    def gone(self) -> bool:
        """Whether the endpoint asks never to be told again."""
        return self.status == _GONE


def next_attempt(made: int, attempt: Attempt, now: datetime, spread: float) -> datetime | None:
    """When to try again after `made` attempts; None: never. `spread` between 0.9 and 1.1 keeps many from coming at once."""
    if attempt.gone or made > len(RETRY_AFTER):
        return None
    pause = RETRY_AFTER[made - 1] * spread
    asked = min(attempt.retry_after or timedelta(), RETRY_AFTER[-1])
    return now + max(pause, asked)
