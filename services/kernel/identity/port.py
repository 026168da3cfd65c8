"""What a service asks of the access service. Siblings: over HTTP (remote.py), and in the same process (services/access).

Law that both keep:

* `trust` tells the keys that tokens may be signed with, and which credentials were revoked while tokens of theirs may live.
* `exchange` gives a token for a credential `id.secret` that is good now; it is good for at most LIFETIME.
* `spend` takes from an allowance that all processes share; it never grants more than there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from services.kernel.http.auth import Principal

LIFETIME: Final = timedelta(minutes=10)
"""How long a token is good; a revoked credential's are refused at once all the same."""


class AccessUnavailable(Exception):
    """The access service cannot be reached or did not answer in time."""


class Allowance(StrEnum):
    """What a caller has only so much of."""

    REQUESTS = "requests"
    """Requests in a minute, by the role."""
    CANDIDATE_PAGES = "candidate_pages"
    """Lists of candidates that one employer reads in a day."""
    CONTACT_REVEALS = "contact_reveals"
    """Contacts that one employer has revealed in a day."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of a wish to spend: `granted` of it, `left` after it out of `limit`, all there again in `resets_in_s`."""

    granted: int
    left: int
    limit: int
    resets_in_s: int


class AccessPoint(Protocol):
    """See the module's law. Every method raises AccessUnavailable."""

    async def trust(self) -> Mapping[str, Any]:
        """A JWK set (RFC 7517) with `revoked` beside its `keys`: ids of credentials."""
        ...

    async def exchange(self, credential: str) -> str:
        """A token for the credential. Raises Unauthenticated."""
        ...

    async def spend(self, holder: Principal, allowance: Allowance, amount: int) -> Spent:
        """Take up to `amount` from the holder's allowance."""
        ...
