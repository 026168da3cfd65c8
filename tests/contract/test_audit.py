"""The audit on every sibling of the store: one row a deed in its transaction, one chain, and nothing tampered with unseen."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from services.kernel.audit import Actor, Audit, Entry, acting
from services.kernel.audit.actor import NobodyActs
from services.kernel.audit.chain import ChainBroken, Verified, verify
from services.kernel.clock import FixedClock
from services.kernel.store import Store, open_store
from services.kernel.vault import open_vault
from services.kernel.vault.port import Vault
from tests.contract.ledger import AUDIT, LEDGER

CLERK = Actor("clerk-1", "staff", "regions=530600", "01M86VN9T8ZP7DWA9P3P3EPQDA")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(tmp_path / "vault.key")


@pytest.fixture
def audit(vault: Vault) -> Audit:
    return Audit(AUDIT, vault, FixedClock(date(2026, 11, 1)))


async def did(store: Store, audit: Audit, *subjects: str) -> None:
    """One transaction that changes a row and says so for each subject."""
    with acting(CLERK):
        async with store.write() as connection:
            await connection.execute(insert(LEDGER).values(id=subjects[0], note=subjects[0]))
            await audit.record(connection, *(Entry("thing.changed", subject, ("note",)) for subject in subjects))


async def verified(store: Store, vault: Vault, known: Verified | None = None) -> Verified:
    async with store.read() as connection:
        return await verify(connection, AUDIT, vault, known)


async def test_a_row_tells_everything_but_who_it_is_about(store: Store, audit: Audit, vault: Vault) -> None:
    await did(store, audit, "w_1")
    async with store.read() as connection:
        row = (await connection.execute(select(AUDIT.rows))).one()
    assert (row.position, row.actor, row.actor_kind, row.scope) == (1, "clerk-1", "staff", "regions=530600")
    assert (row.deed, row.purpose, row.outcome, row.fields) == ("thing.changed", "employment_service", "permit", ["note"])
    assert row.request_id == CLERK.request_id
    assert row.subject == audit.blind("w_1")
    assert "w_1" not in str(row)
    assert await verified(store, vault) == Verified(1, row.digest)


async def test_what_was_rolled_back_was_not_done(store: Store, audit: Audit, vault: Vault) -> None:
    await did(store, audit, "a")

    async def change_my_mind() -> None:
        async with store.write() as connection:
            await audit.record(connection, Entry("thing.changed", "b"))
            raise RuntimeError("changed my mind")

    with acting(CLERK), pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    assert (await verified(store, vault)).rows == 1
    await did(store, audit, "c")
    assert (await verified(store, vault)).rows == 2


async def test_nobody_can_act_unknown(store: Store, audit: Audit, vault: Vault) -> None:
    async def act() -> None:
        async with store.write() as connection:
            await connection.execute(insert(LEDGER).values(id="a", note="a"))
            await audit.record(connection, Entry("thing.changed", "a"))

    with acting(None), pytest.raises(NobodyActs):
        await act()
    async with store.read() as connection:
        assert (await connection.execute(select(LEDGER))).all() == []
    assert await verified(store, vault) == Verified(0, "")


async def test_writers_at_the_same_time_make_one_chain(store: Store, store_url: str, audit: Audit, vault: Vault) -> None:
    other = open_store(store_url)
    try:
        works = [
            did(one, audit, f"{number}{name}", "more") for number in range(15) for name, one in (("a", store), ("b", other))
        ]
        await asyncio.gather(*works)
    finally:
        await other.close()
    assert (await verified(store, vault)).rows == 60


@pytest.mark.parametrize(
    "tampering",
    [
        update(AUDIT.rows).where(AUDIT.rows.c.position == 2).values(actor="somebody-else"),
        update(AUDIT.rows).where(AUDIT.rows.c.position == 2).values(fields=[]),
        update(AUDIT.rows).where(AUDIT.rows.c.position == 2).values(outcome="deny"),
        delete(AUDIT.rows).where(AUDIT.rows.c.position == 2),
        delete(AUDIT.rows).where(AUDIT.rows.c.position == 3),
        update(AUDIT.rows).where(AUDIT.rows.c.position == 3).values(position=4),
    ],
    ids=["actor", "fields", "outcome", "taken out", "cut off", "moved"],
)
async def test_tampering_shows(store: Store, audit: Audit, vault: Vault, tampering: Any) -> None:
    for name in "abc":
        await did(store, audit, name)
    assert (await verified(store, vault)).rows == 3
    async with store.write() as connection:
        await connection.execute(tampering)
    with pytest.raises(ChainBroken):
        await verified(store, vault)


async def test_an_end_that_was_cut_with_its_head_shows_against_what_was_noted(store: Store, audit: Audit, vault: Vault) -> None:
    await did(store, audit, "a")
    noted_first = await verified(store, vault)
    await did(store, audit, "b")
    noted = await verified(store, vault)
    async with store.write() as connection:
        await connection.execute(delete(AUDIT.rows).where(AUDIT.rows.c.position == 2))
        await connection.execute(update(AUDIT.head).values(position=noted_first.rows, digest=noted_first.digest))
    assert await verified(store, vault) == noted_first
    with pytest.raises(ChainBroken, match="reached 2 earlier"):
        await verified(store, vault, noted)


async def test_another_key_makes_another_chain(store: Store, audit: Audit, tmp_path: Path) -> None:
    await did(store, audit, "a")
    with pytest.raises(ChainBroken):
        await verified(store, open_vault(tmp_path / "other.key"))
