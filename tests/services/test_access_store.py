"""The access service's database on both stores: what its revisions make, who is let in, what is spent at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.access import commands, queries, spending, tokens
from services.access.app import open_migrated
from services.access.bootstrap import FIRST
from services.access.errors import InvalidClient
from services.access.resources import Access
from services.access.tables import metadata
from services.contracts.roles import PRESETS, Role
from services.kernel.audit import Actor, acting
from services.kernel.http.auth import Principal, Scope
from services.kernel.identity.port import Allowance
from tests.builders import CLOCK, settings

ADMIN = Principal(FIRST, PRESETS[Role.ADMINISTRATOR].permissions, PRESETS[Role.ADMINISTRATOR].kind, Scope.everywhere())
HOME = Scope(frozenset({"530627"}))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    return f"sqlite+aiosqlite:///{tmp_path / 'access.db'}"


@pytest.fixture
async def access(url: str, tmp_path: Path) -> AsyncIterator[Access]:
    """The service's resources over it."""
    async with open_migrated(settings(tmp_path, access_store_url=url), CLOCK) as opened:
        yield opened


async def granted(access: Access, name: str = "镇雄县人社局") -> commands.Granted:
    """A clerk."""
    with acting(Actor("tester", "staff")):
        return await commands.grant(access, ADMIN, name, Role.CLERK, HOME)


async def test_the_newest_revision_is_the_tables(access: Access) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    async with access.store.write() as connection:
        assert await connection.run_sync(differences) == []


async def test_who_is_let_in_gets_a_token_until_it_is_ended(access: Access) -> None:
    clerk = await granted(access)
    issued = await tokens.exchange(access, clerk.token)
    assert issued.expires_in_s == 600
    (used,) = (await queries.account(access, ADMIN, clerk.account.id)).credentials
    assert used.last_used_at == CLOCK.now()
    with acting(Actor("tester", "staff")):
        await commands.revoke(access, ADMIN, clerk.account.id)
    assert (await tokens.trust(access))["revoked"] == [used.id]
    with pytest.raises(InvalidClient):
        await tokens.exchange(access, clerk.token)


async def test_two_renewals_at_once_leave_one_good_credential(access: Access) -> None:
    clerk = await granted(access)

    async def renewed() -> commands.Granted:
        with acting(Actor("tester", "staff")):
            return await commands.rotate(access, ADMIN, clerk.account.id, CLOCK.now() - CLOCK.now())

    first, second = await asyncio.gather(renewed(), renewed())
    good = [one for one in (first.token, second.token) if await _is_good(access, one)]
    assert len(good) == 1  # the second to come ended the first at once, as it was asked to
    assert not await _is_good(access, clerk.token)


async def _is_good(access: Access, token: str) -> bool:
    try:
        await tokens.exchange(access, token)
    except InvalidClient:
        return False
    return True


async def test_an_allowance_is_never_overspent(access: Access) -> None:
    holder = Principal("a_1", frozenset(), PRESETS[Role.EMPLOYER].kind, Scope(employer_id="e_1"), a_minute=30)
    wishes = [spending.spend(access, holder, Allowance.REQUESTS, 7) for _ in range(12)]
    granted_in_all = sum(spent.granted for spent in await asyncio.gather(*wishes))
    assert granted_in_all == 30


async def test_pages_of_accounts_follow_one_another(access: Access) -> None:
    names = {(await granted(access, f"县局{number}")).account.name for number in range(5)}
    seen: list[str] = []
    cursor = None
    while True:
        page = await queries.page(access, ADMIN, cursor, 2)
        seen += [one.name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == names | {"本机管理员"}
