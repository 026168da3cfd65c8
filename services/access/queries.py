"""What reads accounts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.access import repository
from services.access.account import Account, Credential, may_manage
from services.access.errors import AccountNotFound
from services.access.resources import Access
from services.access.schemas import AccountView
from services.kernel.http.auth import Principal
from services.kernel.http.paging import Page

_LIST: Final = {"list": "accounts"}
_A_READ: Final = 500


async def account(access: Access, manager: Principal, account_id: str) -> AccountView:
    """One account. Raises AccountNotFound."""
    async with access.store.read() as connection:
        found = await repository.account(connection, account_id)
        if found is None or not may_manage(manager, found):
            raise AccountNotFound()
        return AccountView.of(found, await repository.credentials_of(connection, [account_id]))


async def page(access: Access, manager: Principal, cursor: str | None, limit: int) -> Page[AccountView]:
    """A page of the accounts that this manager may see, newest first. Raises BadRequest (bad_cursor)."""
    before_id = str(access.cursors.decode(cursor, _LIST)[0]) if cursor is not None else None
    async with access.store.read() as connection:
        found = await _managed(connection, manager, before_id, limit + 1)
        shown = found[:limit]
        credentials: dict[str, list[Credential]] = defaultdict(list)
        for one in await repository.credentials_of(connection, [account.id for account in shown]):
            credentials[one.account_id].append(one)
    return Page[AccountView](
        items=[AccountView.of(account, credentials[account.id]) for account in shown],
        next_cursor=access.cursors.encode([shown[-1].id], _LIST) if len(found) > limit else None,
    )


async def _managed(connection: AsyncConnection, manager: Principal, before_id: str | None, wanted: int) -> Sequence[Account]:
    # Whether one scope covers another is no question for SQL; accounts are few.
    found: list[Account] = []
    while len(found) < wanted:
        some = await repository.accounts_after(connection, before_id, _A_READ)
        found += [account for account in some if may_manage(manager, account)]
        if len(some) < _A_READ:
            break
        before_id = some[-1].id
    return found[:wanted]
