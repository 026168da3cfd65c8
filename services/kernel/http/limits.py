"""How much a caller may ask for: enforced at the door, told in the headers RateLimit and RateLimit-Policy
(draft-ietf-httpapi-ratelimit-headers) of every answer that was counted, and with Retry-After where it was too much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from services.kernel.errors import TooManyRequests
from services.kernel.http.auth import Principal
from services.kernel.identity.port import Allowance, Spent

_WINDOW_S: Final[Mapping[Allowance, int]] = {
    Allowance.REQUESTS: 60,
    Allowance.CANDIDATE_PAGES: 86_400,
    Allowance.CONTACT_REVEALS: 86_400,
}


class TooMany(TooManyRequests):
    """The allowance is spent; `spent` says of what, and when there is more."""

    def __init__(self, detail: str, spent: Spent, *, code: str | None = None) -> None:
        super().__init__(detail, code=code, retry_after_s=spent.resets_in_s)
        self.spent = spent


@dataclass(frozen=True, slots=True)
class Spends:
    """A route's declaration that it costs employers and their systems of an allowance that is counted by the day:
    `dependencies=[Depends(Spends(Allowance.CONTACT_REVEALS))]`. Staff are not counted."""

    allowance: Allowance

    async def __call__(self) -> None:
        """Nothing to do when called: the door reads the declaration."""


class Limiter(Protocol):
    """Counts callers across all processes."""

    async def request(self, caller: Principal) -> Spent | None:
        """Let one request pass; None for a caller who is not counted. Raises TooMany."""
        ...

    async def spend(self, caller: Principal, allowance: Allowance) -> Spent:
        """Let one use of an allowance pass. Raises TooMany, Unavailable."""
        ...


def told(spent: Mapping[Allowance, Spent]) -> list[tuple[bytes, bytes]]:
    """The headers for what was counted."""
    if not spent:
        return []
    policy = ", ".join(f'"{name}";q={one.limit};w={_WINDOW_S[name]}' for name, one in spent.items())
    left = ", ".join(f'"{name}";r={one.left};t={one.resets_in_s}' for name, one in spent.items())
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]
