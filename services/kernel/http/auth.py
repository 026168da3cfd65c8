"""Who calls and what they may do: a bearer credential `id.secret` in the Authorization header, a permission for every route.

A route declares what it asks for by depending on `require(Permission.X)` or on `public`; admission.py reads the declaration
and enforces it before a byte of the body is read. An undeclared route keeps the application from starting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, Self

from fastapi import Request

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Forbidden, Unauthenticated

_EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a caller may reach. Compiled (kernel/scoping.py) into SQL and index filters, never taken from parameters.

    Regions are codes of divisions (GB/T 2260), each standing for all that lies within it; None is everywhere.
    `regions`: where the people live whom it serves. `workplaces`: where the postings are that it may write; every posting that
    is published may be read. A station in Shanghai (驻沪工作站) serves people of its home regions and postings of its city.
    `employer_id`: the one employer whose postings it reaches, and no others. `fair_id`: the one job fair it stands at.
    The default: nothing.
    """

    regions: frozenset[str] | None = frozenset()
    workplaces: frozenset[str] | None = frozenset()
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
        return cls(regions=None, workplaces=None)

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """The scope that `document` told; what it does not tell is nothing."""
        regions, workplaces = (_regions_told(document.get(name)) for name in ("regions", "workplaces"))
        return cls(regions, workplaces, document.get("employer_id"), document.get("fair_id"))

    def document(self) -> dict[str, Any]:
        """As JSON, in tokens and databases: lists of codes, or "*" for everywhere."""
        told = {"regions": _as_told(self.regions), "workplaces": _as_told(self.workplaces)}
        bound = {"employer_id": self.employer_id, "fair_id": self.fair_id}
        return told | {name: value for name, value in bound.items() if value is not None}

    def serves(self, division_code: str) -> bool:
        """Whether people living there are in scope."""
        return _lies_within(division_code, self.regions)

    def keeps(self, division_code: str, employer_id: str | None) -> bool:
        """Whether a posting there, of that employer, is one that it may write."""
        if self.employer_id is not None:
            return employer_id == self.employer_id
        return _lies_within(division_code, self.workplaces)

    def covers(self, other: Self) -> bool:
        """Whether whatever the other reaches is reached by this one too."""
        if self.employer_id is not None or self.fair_id is not None:
            return self == other
        if other.employer_id is not None and self.workplaces is not None:
            return False
        return _all_within(other.regions, self.regions) and _all_within(other.workplaces, self.workplaces)


def division_prefix(code: str) -> str:
    """What the codes of all divisions within this one begin with: 53 for 530000, 5306 for 530600, 530627 itself."""
    return code.removesuffix("00").removesuffix("00")


def _as_told(regions: frozenset[str] | None) -> list[str] | str:
    return _EVERYWHERE if regions is None else sorted(regions)


def _regions_told(told: Any) -> frozenset[str] | None:
    return None if told == _EVERYWHERE else frozenset(told or ())


def _lies_within(code: str, regions: frozenset[str] | None) -> bool:
    return regions is None or any(code.startswith(division_prefix(region)) for region in regions)


def _all_within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and all(_lies_within(code, outer) for code in inner))


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller. `id` may stand in logs. `token` travels on to other services. `a_minute`: how many requests it may make in a
    minute; None: as many as it likes."""

    id: str
    permissions: frozenset[Permission]
    kind: PrincipalKind
    scope: Scope
    token: str = field(default="", repr=False)
    a_minute: int | None = None


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
    """A route's declaration, and the dependency that hands the route its principal. No permission: any caller that is known."""

    permission: Permission | None

    async def __call__(self, request: Request) -> Principal:
        """The admitted principal. Raises Unauthenticated where nobody was admitted (fails closed), Forbidden."""
        principal = getattr(request.state, "principal", None)
        if not isinstance(principal, Principal):
            raise Unauthenticated()
        return self.permit(principal)

    def permit(self, principal: Principal) -> Principal:
        """The same principal if it holds the permission. Raises Forbidden, naming the permission."""
        if self.permission is not None and self.permission not in principal.permissions:
            raise Forbidden(f"需要权限 {self.permission}")
        return principal


def require(permission: Permission) -> Requirement:
    """Declare what a route asks for: `Annotated[Principal, Depends(require(Permission.POSTINGS_READ))]`."""
    return Requirement(permission)


KNOWN: Final = Requirement(None)
"""Declare that a route is for everybody who shows a credential, and about the caller alone:
`Annotated[Principal, Depends(KNOWN)]`."""


async def public() -> None:
    """Declare that a route is for everybody: `dependencies=[Depends(public)]`."""


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header. Raises Unauthenticated when it is missing or of another scheme."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("请在 Authorization 请求头里用 Bearer 出示凭证")
    return token.strip()
