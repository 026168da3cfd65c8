"""The routes of /v1/access, and /v1/token."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from services.access import commands, queries, spending, tokens
from services.access.errors import BeyondOwnReach
from services.access.resources import Access
from services.access.schemas import (
    AccountView,
    GrantView,
    KeyRenewal,
    KeyView,
    NewAccount,
    Rotation,
    SpentView,
    TrustView,
    Wish,
)
from services.contracts.permissions import Permission
from services.kernel.http.auth import KNOWN, Principal, public, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page

router = APIRouter(prefix="/v1/access", tags=["access"])

Manager = Annotated[Principal, Depends(require(Permission.ACCESS_MANAGE))]
Caller = Annotated[Principal, Depends(KNOWN)]
_ONCE: Final = {"Cache-Control": "no-store"}


def access_of(request: Request) -> Access:
    """The service's resources."""
    resources: Access = request.app.state.access
    return resources


Resources = Annotated[Access, Depends(access_of)]


def _lasting(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


@router.post("/accounts", status_code=201, responses=problem_responses(409))
async def grant_access(body: NewAccount, resources: Resources, manager: Manager, response: Response) -> GrantView:
    """Let somebody in. The credential is in this answer and nowhere else; an answer that was lost is made good by revoking
    the account and granting again."""
    lasts = _lasting(body.days)
    granted = await commands.grant(resources, manager, body.name, body.role, body.scope.named, lasts=lasts)
    response.headers.update(_ONCE | {"Location": f"/v1/access/accounts/{granted.account.id}"})
    return GrantView.told(granted.account, granted.credentials, granted.token)


@router.get("/accounts")
async def list_accounts(resources: Resources, manager: Manager, limit: Limit = 50, cursor: Cursor = None) -> Page[AccountView]:
    """Who has been let in, newest first; those that the caller may manage."""
    return await queries.page(resources, manager, cursor, limit)


@router.get("/accounts/{account_id}")
async def read_account(account_id: str, resources: Resources, manager: Manager) -> AccountView:
    """One account."""
    return await queries.account(resources, manager, account_id)


@router.post("/accounts/{account_id}/credentials", status_code=201, responses=problem_responses(404, 409))
async def rotate_credential(
    account_id: str, resources: Resources, manager: Manager, response: Response, body: Rotation | None = None
) -> GrantView:
    """A new credential for an account, told this once; those before it are good for the overlap yet."""
    asked = body or Rotation()
    overlap = timedelta(hours=asked.overlap_hours)
    granted = await commands.rotate(resources, manager, account_id, overlap, lasts=_lasting(asked.days))
    response.headers.update(_ONCE)
    return GrantView.told(granted.account, granted.credentials, granted.token)


@router.post("/accounts/{account_id}/revocation", responses=problem_responses(404))
async def revoke_account(account_id: str, resources: Resources, manager: Manager) -> AccountView:
    """End an account (or, by its id, one credential alone) at once; its tokens are refused within seconds, everywhere."""
    ended = await commands.revoke(resources, manager, account_id)
    return await queries.account(resources, manager, ended.id)


@router.get("/self")
async def read_own_account(caller: Caller) -> dict[str, object]:
    """Who the caller is, as the services see it."""
    return {"id": caller.id, "kind": caller.kind, "permissions": sorted(caller.permissions), "scope": caller.scope.document()}


@router.post("/keys", status_code=201)
async def renew_keys(resources: Resources, manager: Manager, body: KeyRenewal | None = None) -> KeyView:
    """A new key to sign tokens with."""
    if manager.scope.regions is not None:
        raise BeyondOwnReach()
    return KeyView(kid=await commands.renew_keys(resources, at_once=(body or KeyRenewal()).at_once))


@router.get("/keys", dependencies=[Depends(public)])
async def read_keys(resources: Resources, response: Response) -> TrustView:
    """The keys that tokens are verified with, and the credentials whose tokens are refused."""
    response.headers["Cache-Control"] = "no-cache"
    return TrustView.model_validate(await tokens.trust(resources))


@router.post("/spending")
async def spend_allowance(body: Wish, resources: Resources, caller: Caller) -> SpentView:
    """Take from the caller's own allowance: services ask with the token of whoever calls them."""
    return SpentView.model_validate(await spending.spend(resources, caller, body.allowance, body.amount))
