"""The vault whose keys lie in one file, readable by its owner only.

The file holds two independent 256-bit keys: one for AES-256-GCM (NIST SP 800-38D), one for the blind indexes (HMAC-SHA-256).
Whoever loses it loses the identifiers for good: it belongs into the backup, apart from the database.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.vault.port import VaultSealed

KEY_VERSION: Final = 1
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_OTHERS: Final = 0o077


class KeyFileVault:
    """A Vault (see port.py). A ciphertext is key version (1 byte), nonce (12 bytes), AES-GCM ciphertext with its tag."""

    def __init__(self, encryption_key: bytes, blind_key: bytes) -> None:
        self._cipher = AESGCM(encryption_key)
        self._blind_key = blind_key

    def seal(self, plaintext: bytes, place: str) -> bytes:
        """See Vault.seal."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return bytes([KEY_VERSION]) + nonce + self._cipher.encrypt(nonce, plaintext, _bound(place))

    def open(self, ciphertext: bytes, place: str) -> bytes:
        """See Vault.open."""
        if ciphertext[:1] != bytes([KEY_VERSION]):
            raise VaultSealed("the ciphertext is of a key version that this vault does not hold")
        nonce, sealed = ciphertext[1 : 1 + _NONCE_BYTES], ciphertext[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, _bound(place))
        except (InvalidTag, ValueError) as refused:
            raise VaultSealed("the key is wrong, or the ciphertext was changed or moved") from refused

    def blind(self, value: str, purpose: str) -> str:
        """See Vault.blind."""
        return hmac.digest(self._blind_key, f"{purpose}\0{value}".encode(), "sha256").hex()


def open_vault(path: Path, *, create: bool = True) -> KeyFileVault:
    """The vault of a key file, which is created the first time (mode 0600, all or nothing) unless `create` is False.

    Raises VaultSealed when the file is missing and may not be created, is damaged, or others may read it.
    """
    if create and not path.exists():
        _create(path)
    return KeyFileVault(*_read(path))


def _bound(place: str) -> bytes:
    return f"{KEY_VERSION}|{place}".encode()


def _create(path: Path) -> None:
    """Write the file beside and link it into place: two starting processes end with one key, a crash with none or all."""
    keys = {
        "version": KEY_VERSION,
        "encryption": base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode(),
        "blind": base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first: its key is the key
    finally:
        draft.unlink()
    _keep_directory(path.parent)


def _keep_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> tuple[bytes, bytes]:
    try:
        if path.stat().st_mode & _OTHERS:
            raise VaultSealed(f"others may read the key file {path}: chmod 600 it")
        keys = json.loads(path.read_text())
        version = keys["version"]
        encryption = base64.b64decode(keys["encryption"], validate=True)
        blind = base64.b64decode(keys["blind"], validate=True)
    except OSError as missing:
        raise VaultSealed(f"the key file {path} cannot be read") from missing
    except (ValueError, KeyError, TypeError, binascii.Error) as damaged:
        raise VaultSealed(f"the key file {path} is damaged") from damaged
    if version != KEY_VERSION or len(encryption) != _KEY_BYTES or len(blind) != _KEY_BYTES:
        raise VaultSealed(f"the key file {path} is damaged or of another version")
    return encryption, blind
