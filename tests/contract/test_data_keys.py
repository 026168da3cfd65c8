"""Data keys on every sibling of the store: shredding, fail closed, and a rotation that can be killed at every step."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import update

from services.kernel.store import Store
from services.kernel.vault import KeySource, ServiceVault, Suite, open_proven
from services.kernel.vault.keyfile import RingFile
from services.kernel.vault.keyring import KeyRing
from services.kernel.vault.port import VaultSealed
from services.kernel.vault.rotation import BATCH, NotYet, Sealed, retire, rotate, unfinished
from tests.contract.ledger import DATA_KEYS

PEOPLE = [f"w_{number:04}" for number in range(2 * BATCH + 1)]


@pytest.fixture
def source(tmp_path: Path) -> KeySource:
    return KeySource(tmp_path / "vault.key")


async def opened(store: Store, source: KeySource) -> ServiceVault:
    return await open_proven(store, DATA_KEYS, source)


async def sealed_of(store: Store, vault: ServiceVault, *people: str) -> Mapping[str, bytes]:
    """New people, and their own ids as each one's key seals them."""
    async with store.write() as connection:
        keys = await vault.people.create(connection, people)
    return {person: keys[person].seal(person.encode(), f"people.id:{person}") for person in people}


async def read(store: Store, vault: ServiceVault, sealed: Mapping[str, bytes]) -> list[str]:
    async with store.read() as connection:
        keys = await vault.people.load(connection, sealed)
    return [keys[person].open(text, f"people.id:{person}").decode() for person, text in sealed.items() if person in keys]


async def test_everybody_has_a_key_of_their_own(store: Store, source: KeySource) -> None:
    vault = await opened(store, source)
    sealed = await sealed_of(store, vault, "w_1", "w_2")
    assert await read(store, vault, sealed) == ["w_1", "w_2"]
    with pytest.raises(VaultSealed):
        await read(store, vault, {"w_1": sealed["w_2"]})


async def test_who_is_shredded_stays_closed_in_every_process(store: Store, source: KeySource) -> None:
    vault, elsewhere = await opened(store, source), await opened(store, source)
    sealed = await sealed_of(store, vault, "w_1", "w_2")
    assert await read(store, elsewhere, sealed) == ["w_1", "w_2"]
    async with store.write() as connection:
        assert await vault.people.shred(connection, "w_1")
        assert not await vault.people.shred(connection, "w_1")
    assert await read(store, elsewhere, sealed) == ["w_2"]
    async with store.read() as connection:
        with pytest.raises(VaultSealed, match="gone for good"):
            await vault.people.one(connection, "w_1")


async def test_a_wrapped_key_put_under_another_name_stays_closed(store: Store, source: KeySource) -> None:
    vault = await opened(store, source)
    sealed = await sealed_of(store, vault, "w_1", "w_2")
    async with store.write() as connection:
        await vault.people.shred(connection, "w_1")
        await connection.execute(update(DATA_KEYS).where(DATA_KEYS.c.owner == "w_2").values(owner="w_1"))
    with pytest.raises(VaultSealed):
        await read(store, vault, sealed)


async def test_services_that_start_together_end_with_one_key(store: Store, source: KeySource) -> None:
    one, *others = await asyncio.gather(*(opened(store, source) for _ in range(4)))
    sealed = one.seal(b"x", "here")
    assert {other.open(sealed, "here") for other in others} == {b"x"}


async def test_a_database_that_was_sealed_opens_with_its_own_keys_only(store: Store, source: KeySource, tmp_path: Path) -> None:
    await opened(store, source)
    with pytest.raises(VaultSealed):
        await opened(store, KeySource(tmp_path / "lost.key"))
    assert not (tmp_path / "lost.key").exists()
    with pytest.raises(VaultSealed):
        await opened(store, KeySource(tmp_path / "lost.key", KeyRing.new(Suite.AES_256_GCM).text()))
    ring = RingFile(source.file).ring()
    another_blind = KeyRing(ring.masters, bytes(32)).text()
    with pytest.raises(VaultSealed):
        await opened(store, KeySource(tmp_path / "lost.key", another_blind))


async def test_both_ciphers_live_side_by_side(store: Store, source: KeySource) -> None:
    before = await opened(store, source)
    sealed = dict(await sealed_of(store, before, "w_1"))
    after = await opened(store, KeySource(source.file, suite=Suite.SM4_GCM))
    sealed |= await sealed_of(store, after, "w_2")
    assert await read(store, after, sealed) == await read(store, before, sealed) == ["w_1", "w_2"]


@pytest.mark.parametrize("killed_after", range(5))
async def test_a_rotation_that_is_killed_goes_on(store: Store, source: KeySource, killed_after: int) -> None:
    vault = await opened(store, source)
    sealed = await sealed_of(store, vault, *PEOPLE)
    ring = source.source(create=False)
    databases = {"people": Sealed(store, vault.people)}
    steps = rotate(ring, databases, Suite.AES_256_GCM)
    for _ in range(killed_after):  # 0: at once; 1: the new master is in the ring; then a batch each
        await anext(steps)
    await steps.aclose()
    # Whatever was killed, everything opens, and those who register meanwhile are sealed.
    assert await read(store, vault, sealed) == PEOPLE
    sealed = {**sealed, **await sealed_of(store, vault, "w_new")}
    async for _ in rotate(ring, databases, Suite.AES_256_GCM):
        pass
    assert await unfinished(ring, databases) == 0
    assert (await databases["people"].by_master()).keys() == {2 if killed_after < 4 else 3}
    assert await retire(ring, databases) in (1, 2)
    assert await read(store, vault, sealed) == [*PEOPLE, "w_new"]
    assert await read(store, await opened(store, source), sealed) == [*PEOPLE, "w_new"]


async def test_old_masters_stay_as_long_as_they_are_needed(store: Store, source: KeySource) -> None:
    vault = await opened(store, source)
    ring, databases = source.source(create=False), {"people": Sealed(store, vault.people)}
    steps = rotate(ring, databases, Suite.SM4_GCM)
    await anext(steps)
    with pytest.raises(NotYet, match="1 data keys"):
        await retire(ring, databases)
    assert [step.rewrapped async for step in steps] == [1]
    assert await retire(ring, databases) == 1


async def test_a_ring_in_the_environment_is_changed_by_hand(store: Store, tmp_path: Path) -> None:
    first = KeyRing.new(Suite.AES_256_GCM)
    vault = await opened(store, KeySource(tmp_path / "none", first.text()))
    sealed = await sealed_of(store, vault, "w_1")
    databases = {"people": Sealed(store, vault.people)}
    with pytest.raises(NotYet):
        await anext(rotate(KeySource(tmp_path / "none", first.text()).source(create=False), databases, Suite.AES_256_GCM))
    both = KeySource(tmp_path / "none", first.with_new_master(Suite.AES_256_GCM).text())
    vault = await opened(store, both)
    databases = {"people": Sealed(store, vault.people)}
    assert [step.rewrapped async for step in rotate(both.source(create=False), databases, Suite.AES_256_GCM)] == [2]
    assert await read(store, vault, sealed) == ["w_1"]
