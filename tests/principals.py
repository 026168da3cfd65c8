"""Callers of several kinds for tests of what each may reach: an Authenticator that knows the principals it was made with."""

from collections.abc import Iterable

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Unauthenticated
from services.kernel.http.auth import Principal, Scope

PORTAL_MAY = frozenset(
    {
        Permission.POSTINGS_READ,
        Permission.POSTINGS_WRITE,
        Permission.EMPLOYERS_READ,
        Permission.EMPLOYERS_WRITE,
        Permission.WEBHOOKS_WRITE,
    }
)


class Known:
    """See Authenticator; a principal's token is its id."""

    def __init__(self, *principals: Principal) -> None:
        self.principals = {principal.id: principal for principal in principals}

    def add(self, principals: Iterable[Principal]) -> None:
        """Let these in, too."""
        self.principals |= {principal.id: principal for principal in principals}

    async def authenticate(self, token: str) -> Principal:
        """The principal of this id. Raises Unauthenticated."""
        if token not in self.principals:
            raise Unauthenticated()
        return self.principals[token]


def staff(name: str = "staff-1") -> Principal:
    """Staff who may do everything everywhere."""
    return Principal(name, frozenset(Permission), PrincipalKind.STAFF, Scope.everywhere())


def portal(name: str, employer_id: str) -> Principal:
    """An employer's own system."""
    return Principal(name, PORTAL_MAY, PrincipalKind.PORTAL, Scope(employer_id=employer_id))


def bearer(name: str) -> dict[str, str]:
    """The header that presents this caller."""
    return {"Authorization": f"Bearer {name}"}
