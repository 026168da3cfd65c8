"""The key file vault: what it seals opens only where it was sealed, with the same key, unchanged."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.vault import open_vault
from services.kernel.vault.keyfile import KeyFileVault
from services.kernel.vault.port import VaultSealed

PLACE = "workers.phone:w_1"


@pytest.fixture
def vault(tmp_path: Path) -> KeyFileVault:
    return open_vault(tmp_path / "vault.key")


@given(plaintext=st.binary(max_size=200))
def test_what_is_sealed_opens_again(plaintext: bytes) -> None:
    vault = KeyFileVault(bytes(32), bytes(32))
    assert vault.open(vault.seal(plaintext, PLACE), PLACE) == plaintext


def test_sealing_twice_looks_different_and_hides_the_text(vault: KeyFileVault) -> None:
    one, other = (vault.seal(b"15400001234", PLACE) for _ in range(2))
    assert one != other
    assert b"1540000" not in one


def test_another_place_stays_sealed(vault: KeyFileVault) -> None:
    with pytest.raises(VaultSealed):
        vault.open(vault.seal(b"x", PLACE), "workers.phone:w_2")


def test_another_key_stays_sealed(vault: KeyFileVault, tmp_path: Path) -> None:
    other = open_vault(tmp_path / "other.key")
    with pytest.raises(VaultSealed):
        other.open(vault.seal(b"x", PLACE), PLACE)


def test_every_flipped_bit_stays_sealed(vault: KeyFileVault) -> None:
    sealed = vault.seal(b"five!", PLACE)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VaultSealed):
            vault.open(bytes(changed), PLACE)


@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x01short"])
def test_a_torn_ciphertext_stays_sealed(vault: KeyFileVault, cut: bytes) -> None:
    with pytest.raises(VaultSealed):
        vault.open(cut, PLACE)


def test_blind_indexes_are_equal_for_equal_values_of_one_purpose_only(vault: KeyFileVault, tmp_path: Path) -> None:
    assert vault.blind("1", "phone") == vault.blind("1", "phone")
    assert len({vault.blind("1", "phone"), vault.blind("2", "phone"), vault.blind("1", "number")}) == 3
    assert open_vault(tmp_path / "other.key").blind("1", "phone") != vault.blind("1", "phone")


def test_blind_indexes_have_a_key_of_their_own() -> None:
    assert KeyFileVault(bytes(32), b"a" * 32).blind("1", "p") != KeyFileVault(bytes(32), b"b" * 32).blind("1", "p")
    assert KeyFileVault(bytes(32), b"a" * 32).blind("1", "p") == KeyFileVault(b"c" * 32, b"a" * 32).blind("1", "p")


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


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"version": 1, "encryption": "AAAA", "blind": "AAAA"}'])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vault.key"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, content.encode())
    os.close(descriptor)
    with pytest.raises(VaultSealed):
        open_vault(path)


def test_a_missing_key_file_is_refused_where_it_must_exist(tmp_path: Path) -> None:
    with pytest.raises(VaultSealed):
        open_vault(tmp_path / "vault.key", create=False)
    assert not (tmp_path / "vault.key").exists()
