"""Who calls and what they may do: a bearer credential `id.secret` in the Authorization header, a permission for every route.

A route declares what it asks for by depending on `require(Permission.X)` or on `public`; admission.py reads the declaration
and enforces it before a byte of the body is read. An undeclared route keeps the application from starting.
"""

from dataclasses import dataclass, field
from typing import Protocol, Self

from fastapi import Request

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Forbidden, Unauthenticated


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a caller may reach. Compiled into SQL and index filters, never taken from a request's parameters.

    `regions`: codes of divisions (province, prefecture or county, GB/T 2260) whose residents it serves; None is everywhere.
    `employer_id`: the one employer whose postings it owns. `fair_id`: the one job fair it stands at. The default: nothing.
    """

    regions: frozenset[str] | None = frozenset()
    employer_id: str | None = None
    fair_id: str | None = None

    def __str__(self) -> str:
        """In short, for the audit: `regions=530000,530600 employer=e_1`; `everywhere`, or "" for nothing."""
        if self == self.everywhere():
            return "everywhere"
        told = {
            "regions": "*" if self.regions is None else ",".join(sorted(self.regions)),
            "employer": self.employer_id,
            "fair": self.fair_id,
        }
        return " ".join(f"{name}={value}" for name, value in told.items() if value)

    @classmethod
    def everywhere(cls) -> Self:
        """No bound by region."""
        return cls(regions=None)


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller. `id` is the credential's public part: it may stand in logs. `token` travels on to other services."""

    id: str
    permissions: frozenset[Permission]
    kind: PrincipalKind
    scope: Scope
    token: str = field(default="", repr=False)


class Authenticator(Protocol):
    """Knows credentials. Siblings: LocalCredential now, the access service later."""

    async def authenticate(self, token: str) -> Principal:
        """The principal whose bearer token this is. Raises Unauthenticated."""
        ...


class NoCredentials:
    """An Authenticator for processes without routes that ask for one: nobody is let in."""

    async def authenticate(self, token: str) -> Principal:  # noqa: ARG002 - whatever it is
        """Raises Unauthenticated."""
        raise Unauthenticated()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A route's declaration, and the dependency that hands the route its principal."""

    permission: Permission

    async def __call__(self, request: Request) -> Principal:
        """The admitted principal. Raises Unauthenticated where nobody was admitted (fails closed), Forbidden."""
        principal = getattr(request.state, "principal", None)
        if not isinstance(principal, Principal):
            raise Unauthenticated()
        return self.permit(principal)

    def permit(self, principal: Principal) -> Principal:
        """The same principal if it holds the permission. Raises Forbidden, naming the permission."""
        if self.permission not in principal.permissions:
            raise Forbidden(f"需要权限 {self.permission}")
        return principal


def require(permission: Permission) -> Requirement:
    """Declare what a route asks for: `Annotated[Principal, Depends(require(Permission.POSTINGS_READ))]`."""
    return Requirement(permission)


async def public() -> None:
    """Declare that a route is for everybody: `dependencies=[Depends(public)]`."""


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header. Raises Unauthenticated when it is missing or of another scheme."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("请在 Authorization 请求头里用 Bearer 出示凭证")
    return token.strip()
