"""All SQL of the access service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.account import Account, Credential
from services.access.tables import accounts, credentials, signing_keys, spending
from services.contracts.roles import Role
from services.kernel.http.auth import Scope


def _account(row: Row[Any]) -> Account:
    values = {**row._mapping}  # noqa: SLF001 - SQLAlchemy's public name for it
    return Account(**values | {"role": Role(row.role), "scope": Scope.of_document(row.scope)})


def _credential(row: Row[Any]) -> Credential:
    return Credential(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _credential_values(credential: Credential) -> dict[str, Any]:
    return {column.name: getattr(credential, column.name) for column in credentials.c}


async def add_account(connection: AsyncConnection, account: Account) -> None:
    """Keep a new account. Raises IntegrityError when it is there."""
    values = {column.name: getattr(account, column.name) for column in accounts.c}
    await connection.execute(insert(accounts).values(values | {"role": str(account.role), "scope": account.scope.document()}))


async def account(connection: AsyncConnection, account_id: str, *, lock: bool = False) -> Account | None:
    """The account of this id; `lock` keeps it ours for the rest of a writing transaction."""
    statement = select(accounts).where(accounts.c.id == account_id)
    row = (await connection.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _account(row) if row is not None else None


async def accounts_after(connection: AsyncConnection, before_id: str | None, limit: int) -> Sequence[Account]:
    """Up to `limit` accounts, newest first, after the one with id `before_id`."""
    statement = select(accounts).order_by(accounts.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(accounts.c.id < before_id)
    return [_account(row) for row in await connection.execute(statement)]


async def revoke_account(connection: AsyncConnection, account_id: str, now: datetime) -> None:
    """The account is over."""
    await connection.execute(update(accounts).where(accounts.c.id == account_id).values(revoked_at=now))


async def add_credential(connection: AsyncConnection, credential: Credential) -> None:
    """Keep a new credential. Raises IntegrityError when its id is taken."""
    await connection.execute(insert(credentials).values(_credential_values(credential)))


async def change_credentials(connection: AsyncConnection, changed: Sequence[Credential]) -> None:
    """Keep the present state of these."""
    for credential in changed:
        statement = update(credentials).where(credentials.c.id == credential.id)
        await connection.execute(statement.values(_credential_values(credential)))


async def credential(connection: AsyncConnection, credential_id: str) -> Credential | None:
    """The credential of this id."""
    row = (await connection.execute(select(credentials).where(credentials.c.id == credential_id))).one_or_none()
    return _credential(row) if row is not None else None


async def credentials_of(connection: AsyncConnection, account_ids: Sequence[str]) -> Sequence[Credential]:
    """The credentials of these accounts, newest first."""
    theirs = (
        select(credentials)
        .where(credentials.c.account_id.in_(account_ids))
        .order_by(credentials.c.created_at.desc(), credentials.c.id.desc())
    )
    return [_credential(row) for row in await connection.execute(theirs)]


async def used(connection: AsyncConnection, credential_id: str, now: datetime) -> None:
    """Note when a credential was last exchanged."""
    await connection.execute(update(credentials).where(credentials.c.id == credential_id).values(last_used_at=now))


async def revoked_since(connection: AsyncConnection, since: datetime) -> Sequence[str]:
    """Ids of credentials revoked after that moment."""
    revoked = select(credentials.c.id).where(credentials.c.revoked_at > since).order_by(credentials.c.id)
    return list((await connection.execute(revoked)).scalars())


async def add_key(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Keep a new signing key."""
    await connection.execute(insert(signing_keys).values(values))


async def keys(connection: AsyncConnection, trusted_since: datetime) -> Sequence[Row[Any]]:
    """Signing keys whose tokens may still be about, newest first."""
    lasting = or_(signing_keys.c.signs_until.is_(None), signing_keys.c.signs_until > trusted_since)
    return (await connection.execute(select(signing_keys).where(lasting).order_by(signing_keys.c.signs_from.desc()))).all()


async def end_keys(connection: AsyncConnection, kids: Sequence[str], until: datetime) -> None:
    """These keys sign until then."""
    mine = signing_keys.c.kid.in_(kids) & signing_keys.c.signs_until.is_(None)
    await connection.execute(update(signing_keys).where(mine).values(signs_until=until))


async def drop_keys(connection: AsyncConnection, kids: Sequence[str]) -> None:
    """These keys are trusted no more."""
    await connection.execute(delete(signing_keys).where(signing_keys.c.kid.in_(kids)))


async def spent(connection: AsyncConnection, holder: str, allowance: str, begins_s: int) -> int | None:
    """What was spent in this window, locked for the rest of the writing transaction; None for nothing yet."""
    here = (spending.c.holder == holder) & (spending.c.allowance == allowance) & (spending.c.begins_s == begins_s)
    found: int | None = await connection.scalar(select(spending.c.spent).where(here).with_for_update())
    return found


async def open_window(connection: AsyncConnection, holder: str, allowance: str, begins_s: int, forgotten_s: int) -> None:
    """Begin to count; forget what ended before `forgotten_s`. Raises IntegrityError when another process just did."""
    await connection.execute(delete(spending).where(spending.c.holder == holder, spending.c.begins_s < forgotten_s))
    row = {"holder": holder, "allowance": allowance, "begins_s": begins_s, "spent": 0}
    await connection.execute(insert(spending).values(row))


async def spend(connection: AsyncConnection, holder: str, allowance: str, begins_s: int, total: int) -> None:
    """Keep the new total of a window."""
    here = (spending.c.holder == holder) & (spending.c.allowance == allowance) & (spending.c.begins_s == begins_s)
    await connection.execute(update(spending).where(here).values(spent=total))
