"""The two ciphers of the vault: AES-256-GCM (NIST SP 800-38D) and SM4-GCM (GB/T 32907, RFC 8998). No primitive of our own."""

import secrets
from enum import StrEnum
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.vault.port import VaultSealed

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class Suite(StrEnum):
    """A cipher, as it stands in key files, in data keys and in the setting."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"


_KEY_BYTES: Final = {Suite.AES_256_GCM: 32, Suite.SM4_GCM: 16}


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class _Sm4Gcm:
    """SM4 in the mode and with the interface that AESGCM has."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        sealed, tag = data[:-_TAG_BYTES], data[-_TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(sealed) + decryptor.finalize()


def new_key(suite: Suite) -> bytes:
    """A random key."""
    return secrets.token_bytes(_KEY_BYTES[suite])


class Sealer:
    """One key at work. A ciphertext is nonce (12 bytes, random), then what the cipher gives, tag last.

    `bound` is authenticated and not kept: whoever opens must know where the ciphertext stands. Raises VaultSealed for a key of
    the wrong length.
    """

    def __init__(self, suite: Suite, key: bytes) -> None:
        if len(key) != _KEY_BYTES[suite]:
            raise VaultSealed(f"a key of {suite} has {_KEY_BYTES[suite]} bytes")
        self._suite = suite
        self._aead: _Aead = AESGCM(key) if suite is Suite.AES_256_GCM else _Sm4Gcm(key)

    def seal(self, plaintext: bytes, bound: str) -> bytes:
        """The ciphertext."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plaintext, f"{self._suite}|{bound}".encode())

    def open(self, ciphertext: bytes, bound: str) -> bytes:
        """The plaintext. Raises VaultSealed."""
        nonce, sealed = ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:]
        if len(sealed) < _TAG_BYTES:
            raise VaultSealed("the ciphertext is torn")
        try:
            return self._aead.decrypt(nonce, sealed, f"{self._suite}|{bound}".encode())
        except (InvalidTag, ValueError) as refused:
            raise VaultSealed("the key is wrong, or the ciphertext was changed or moved") from refused
