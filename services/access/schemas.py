"""Requests and responses of /v1/access and /v1/token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from services.access.account import Account, Credential
from services.contracts.permissions import PrincipalKind
from services.contracts.roles import Role
from services.contracts.vocabulary import divisions
from services.kernel.http.auth import Scope
from services.kernel.http.models import RequestModel, ResponseModel, Whole
from services.kernel.http.validation import unknown_code
from services.kernel.identity.port import Allowance

_MOST_REGIONS = 200


def _known(code: str) -> str:
    present = code if divisions.load().get(code) else divisions.load().former(code)
    if present is None:
        raise unknown_code(code, "行政区划")
    return present


Division = Annotated[str, Field(max_length=12, examples=["530627"]), AfterValidator(_known)]
Regions = Annotated[tuple[Division, ...], Field(max_length=_MOST_REGIONS)]
Identity = Annotated[str, Field(min_length=1, max_length=64)]
Days = Annotated[Whole, Field(ge=1, le=3650, description="days the credential is good; the role's usual ones if not said")]


class NewScope(RequestModel):
    """Which records: codes of divisions, each with all that lies within it. Staff write postings everywhere unless workplaces
    are named."""

    regions: Regions = Field((), description="where the people live whom it serves")
    workplaces: Regions = Field((), description="where the postings are that it may write")
    employer_id: Identity | None = None
    fair_id: Identity | None = None

    @property
    def named(self) -> Scope:
        """What was named."""
        return Scope(frozenset(self.regions), frozenset(self.workplaces), self.employer_id, self.fair_id)


class NewAccount(RequestModel):
    """Whom to let in."""

    name: str = Field(min_length=1, max_length=200, examples=["镇雄县人力资源和社会保障局"])
    role: Role
    scope: NewScope = NewScope()
    days: Days | None = None


class Rotation(RequestModel):
    """A new credential; those before are good for `overlap_hours` yet."""

    overlap_hours: Whole = Field(24, ge=0, le=24 * 90)
    days: Days | None = None


class KeyRenewal(RequestModel):
    """`at_once`: the keys before were stolen; every token that they signed is refused from now on."""

    at_once: bool = Field(False, strict=True)


class Wish(RequestModel):
    """How much of an allowance to take."""

    allowance: Allowance
    amount: Whole = Field(1, ge=1, le=1000)


class SpentView(ResponseModel):
    """What was granted; see kernel/identity/port.Spent."""

    granted: int
    left: int
    limit: int
    resets_in_s: int


class ScopeView(ResponseModel):
    """Which records; null is everywhere."""

    regions: list[str] | None
    workplaces: list[str] | None
    employer_id: str | None
    fair_id: str | None

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """The view of a scope."""
        regions, workplaces = (None if codes is None else sorted(codes) for codes in (scope.regions, scope.workplaces))
        return cls(regions=regions, workplaces=workplaces, employer_id=scope.employer_id, fair_id=scope.fair_id)


class CredentialView(ResponseModel):
    """A credential; its secret is kept nowhere."""

    id: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class AccountView(ResponseModel):
    """An account with its credentials, newest first."""

    id: str
    name: str
    role: Role
    kind: PrincipalKind
    permissions: list[str]
    scope: ScopeView
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    credentials: list[CredentialView]

    @classmethod
    def of(cls, account: Account, credentials: Sequence[Credential]) -> Self:
        """The view of an account."""
        return cls(**_told(account, credentials))


class GrantView(AccountView):
    """The same, once, with the credential to hand over."""

    credential: str = Field(description="`id.secret`: shown this once, kept nowhere")

    @classmethod
    def told(cls, account: Account, credentials: Sequence[Credential], token: str) -> Self:
        """The view of what was granted."""
        return cls(**_told(account, credentials), credential=token)


class KeyView(ResponseModel):
    """The key that signs from now on, or shortly."""

    kid: str


class TokenView(ResponseModel):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme
    expires_in: int
    scope: str


class TrustView(ResponseModel):
    """A JWK set (RFC 7517); `revoked` are credentials whose tokens are refused before their time."""

    keys: list[dict[str, str]]
    revoked: list[str]


def _told(account: Account, credentials: Sequence[Credential]) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "kind": account.preset.kind,
        "permissions": sorted(account.preset.permissions),
        "scope": ScopeView.of(account.scope),
        "created_at": account.created_at,
        "created_by": account.created_by,
        "revoked_at": account.revoked_at,
        "credentials": [CredentialView.model_validate(one) for one in credentials],
    }
