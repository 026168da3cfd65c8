"""What changes accounts: each function is one transaction with its audit row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from services.access import repository
from services.access.account import (
    ACCOUNT_PREFIX,
    CREDENTIAL_PREFIX,
    Account,
    Credential,
    ill_fitting,
    may_grant,
    may_manage,
)
from services.access.errors import AccountNotFound, BeyondOwnReach
from services.access.resources import Access
from services.contracts.roles import Role
from services.kernel.audit import Entry
from services.kernel.errors import Conflict, FieldError, InvalidInput
from services.kernel.http.auth import Principal, Scope
from services.kernel.identity.reach import scope_for
from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Granted:
    """An account with its credentials, and the token of the newest, which is told this once."""

    account: Account
    credentials: Sequence[Credential]
    token: str = field(repr=False)


async def grant(
    access: Access, manager: Principal, name: str, role: Role, named: Scope, *, lasts: timedelta | None = None
) -> Granted:
    """A new account with its first credential; `named` is the scope as asked for. Raises InvalidInput, BeyondOwnReach."""
    scope = _scope(role, named)
    if not may_grant(manager, role, scope):
        raise BeyondOwnReach()
    now = access.clock.now()
    account = Account(new_id(ACCOUNT_PREFIX), name, role, scope, now, manager.id)
    async with access.store.write() as connection:
        await repository.add_account(connection, account)
        granted = await _issue(connection, account, now, lasts)
        await access.audit.record(connection, Entry("account.granted", account.id))
    return granted


async def rotate(
    access: Access, manager: Principal, account_id: str, overlap: timedelta, *, lasts: timedelta | None = None
) -> Granted:
    """A new credential of an account; the ones before are good for `overlap` yet. Raises AccountNotFound, BeyondOwnReach."""
    now = access.clock.now()
    async with access.store.write() as connection:
        account = await _managed(connection, manager, account_id)
        if account.revoked_at is not None:
            raise Conflict("账号已停用，请重新授权", code="account_revoked")
        if not may_grant(manager, account.role, account.scope):
            raise BeyondOwnReach()
        before = [one for one in await repository.credentials_of(connection, [account.id]) if one.good_at(now)]
        await repository.change_credentials(connection, [one.ends(now + overlap) for one in before])
        granted = await _issue(connection, account, now, lasts)
        await access.audit.record(connection, Entry("credential.rotated", account.id))
    return granted


async def revoke(access: Access, manager: Principal, identity: str) -> Account:
    """End an account with all its credentials, or one credential alone, at once. Again changes nothing.

    Raises AccountNotFound."""
    now = access.clock.now()
    async with access.store.write() as connection:
        one = await repository.credential(connection, identity)
        account = await _managed(connection, manager, one.account_id if one is not None else identity)
        if one is None:
            await repository.revoke_account(connection, account.id, account.revoked_at or now)
        ended = [one] if one is not None else await repository.credentials_of(connection, [account.id])
        await repository.change_credentials(connection, [credential.revoke(now) for credential in ended])
        await access.audit.record(connection, Entry("credential.revoked" if one else "account.revoked", account.id))
        return await _managed(connection, manager, account.id)


async def renew_keys(access: Access, *, at_once: bool) -> str:
    """A new key to sign tokens with, and its name; `at_once` refuses every token that the ones before have signed."""
    async with access.store.write() as connection:
        kid = await access.keys.renew(connection, access.clock.now(), at_once=at_once)
        await access.audit.record(connection, Entry("signing_key.renewed", kid))
    return kid


async def _issue(connection: AsyncConnection, account: Account, now: datetime, lasts: timedelta | None) -> Granted:
    good_for = lasts or timedelta(days=account.preset.days)
    credential, token = Credential.issue(new_id(CREDENTIAL_PREFIX), account.id, now, good_for)
    await repository.add_credential(connection, credential)
    return Granted(account, await repository.credentials_of(connection, [account.id]), token)


async def _managed(connection: AsyncConnection, manager: Principal, account_id: str) -> Account:
    account = await repository.account(connection, account_id, lock=True)
    if account is None or not may_manage(manager, account):
        raise AccountNotFound()
    return account


def _scope(role: Role, named: Scope) -> Scope:
    missing, beside = ill_fitting(role, named)
    errors = [FieldError(f"/scope/{name}", "missing", "这个角色必须写明这一项") for name in missing]
    errors += [FieldError(f"/scope/{name}", "not_for_this_role", "这个角色没有这一项") for name in beside]
    if errors:
        raise InvalidInput("角色和范围对不上", errors=errors)
    return scope_for(role, named)
