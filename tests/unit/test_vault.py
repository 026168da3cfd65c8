"""Keys and ciphers: what is sealed opens only where it was sealed, with the same key, unchanged."""

import asyncio
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.vault import KeySource, Suite, open_vault
from services.kernel.vault.datakeys import DataKey
from services.kernel.vault.keyfile import RingFile
from services.kernel.vault.keyring import KeyRing
from services.kernel.vault.port import Bare, Vault, VaultSealed, Wrapped
from services.kernel.vault.suites import new_key

PLACE = "workers.phone:w_1"
SUITES = pytest.mark.parametrize("suite", Suite)


def data_key(suite: Suite, version: int = 1) -> DataKey:
    return DataKey(suite, new_key(suite), version)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(tmp_path / "vault.key")


@SUITES
@given(plaintext=st.binary(max_size=200))
def test_what_is_sealed_opens_again(suite: Suite, plaintext: bytes) -> None:
    key = data_key(suite)
    assert key.open(key.seal(plaintext, PLACE), PLACE) == plaintext


@SUITES
def test_sealing_twice_looks_different_and_hides_the_text(suite: Suite) -> None:
    key = data_key(suite)
    one, other = (key.seal(b"15400001234", PLACE) for _ in range(2))
    assert one != other
    assert b"1540000" not in one


@SUITES
@pytest.mark.parametrize("place", ["workers.phone:w_2", "workers.name:w_1", "people.phone:w_1"], ids=["row", "column", "table"])
def test_another_place_stays_sealed(suite: Suite, place: str) -> None:
    key = data_key(suite)
    with pytest.raises(VaultSealed):
        key.open(key.seal(b"x", PLACE), place)


@SUITES
def test_another_version_of_the_key_stays_sealed(suite: Suite) -> None:
    bare = new_key(suite)
    with pytest.raises(VaultSealed):
        DataKey(suite, bare, 2).open(DataKey(suite, bare, 1).seal(b"x", PLACE), PLACE)


@SUITES
def test_another_key_stays_sealed(suite: Suite) -> None:
    with pytest.raises(VaultSealed):
        data_key(suite).open(data_key(suite).seal(b"x", PLACE), PLACE)


@SUITES
def test_every_flipped_bit_stays_sealed(suite: Suite) -> None:
    key = data_key(suite)
    sealed = key.seal(b"five!", PLACE)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VaultSealed):
            key.open(bytes(changed), PLACE)


@SUITES
@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x01short", bytes(12), bytes(27)])
def test_a_torn_ciphertext_stays_sealed(suite: Suite, cut: bytes) -> None:
    with pytest.raises(VaultSealed):
        data_key(suite).open(cut, PLACE)


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    # RFC 8998, appendix A.1: key, nonce, additional data, plaintext and what comes of them.
    from services.kernel.vault.suites import _Sm4Gcm  # noqa: PLC0415

    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plaintext = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert _Sm4Gcm(key).encrypt(nonce, plaintext, bound) == sealed
    assert _Sm4Gcm(key).decrypt(nonce, sealed, bound) == plaintext


def test_blind_indexes_are_equal_for_equal_values_of_one_purpose_only(vault: Vault, tmp_path: Path) -> None:
    assert vault.blind("1", "phone") == vault.blind("1", "phone")
    assert len({vault.blind("1", "phone"), vault.blind("2", "phone"), vault.blind("1", "number")}) == 3
    assert open_vault(tmp_path / "other.key").blind("1", "phone") != vault.blind("1", "phone")


def test_a_new_master_leaves_the_blind_indexes_alone() -> None:
    ring = KeyRing.new(Suite.AES_256_GCM)
    newer = ring.with_new_master(Suite.SM4_GCM)
    assert (newer.blind, newer.current) == (ring.blind, 2)
    assert newer.without_old_masters().masters.keys() == {2}
    assert KeyRing.parse(newer.text(), "it") == newer


async def test_a_wrapped_key_opens_with_its_master_and_its_owner_only(tmp_path: Path) -> None:
    masters = KeySource(tmp_path / "vault.key").open(create=True)
    (wrapped,) = await masters.wrap([Bare(b"k" * 32, "data_keys.wrapped:w_1")])
    assert await masters.unwrap([wrapped]) == [b"k" * 32]
    for wrong in (Wrapped(1, wrapped.key, "data_keys.wrapped:w_2"), Wrapped(2, wrapped.key, wrapped.bound)):
        with pytest.raises(VaultSealed):
            await masters.unwrap([wrong])


async def test_masters_that_run_see_a_ring_that_was_replaced(tmp_path: Path) -> None:
    masters = KeySource(tmp_path / "vault.key").open(create=True)
    (old,) = await masters.wrap([Bare(b"k" * 32, "it")])
    file = RingFile(tmp_path / "vault.key")
    file.replace(file.ring().with_new_master(Suite.AES_256_GCM))
    (new,) = await masters.wrap([Bare(b"k" * 32, "it")])
    assert (old.version, new.version) == (1, 2)
    assert await masters.unwrap([old, new]) == [b"k" * 32] * 2


async def test_a_ring_may_be_given_as_text(tmp_path: Path) -> None:
    ring = KeyRing.new(Suite.SM4_GCM)
    masters = KeySource(tmp_path / "none.key", ring.text()).open(create=False)
    assert await masters.unwrap(await masters.wrap([Bare(b"k" * 16, "it")])) == [b"k" * 16]
    assert await masters.blind_key() == ring.blind
    assert not (tmp_path / "none.key").exists()


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    sealed = open_vault(path).seal(b"x", PLACE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.key"]
    assert open_vault(path).open(sealed, PLACE) == b"x"


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: open_vault(path), range(8)))
    assert len({vault.blind("1", "p") for vault in vaults}) == 1


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    open_vault(path)
    path.chmod(0o644)
    with pytest.raises(VaultSealed, match="chmod 600"):
        open_vault(path)


RING = json.loads(KeyRing.new(Suite.AES_256_GCM).text())


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "null",
        json.dumps(RING | {"format": 1}),
        json.dumps(RING | {"masters": {}}),
        json.dumps(RING | {"masters": {"0": RING["masters"]["1"]}}),
        json.dumps(RING | {"masters": {"1": {"suite": "rot13", "key": "AAAA"}}}),
        json.dumps(RING | {"masters": {"1": {"suite": "sm4-gcm", "key": RING["masters"]["1"]["key"]}}}),
        json.dumps(RING | {"blind": "AAAA"}),
    ],
)
def test_a_damaged_key_file_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vault.key"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, content.encode())
    os.close(descriptor)
    with pytest.raises(VaultSealed) as refused:
        open_vault(path)
    assert RING["masters"]["1"]["key"] not in str(refused.value)


def test_a_missing_key_file_is_refused_where_it_must_exist(tmp_path: Path) -> None:
    with pytest.raises(VaultSealed):
        open_vault(tmp_path / "vault.key", create=False)
    assert not (tmp_path / "vault.key").exists()
    with pytest.raises(VaultSealed):
        asyncio.run(KeySource(tmp_path / "vault.key").open(create=False).current())
