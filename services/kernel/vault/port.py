"""The vault: what of a person is kept so that a stolen database tells nothing. Sibling now: a key file (keyfile.py)."""

from typing import Protocol


class VaultSealed(Exception):
    """The key is missing or wrong, or the ciphertext was tampered with. Fails closed: no value is ever guessed."""


class Vault(Protocol):
    """Encryption of single fields, and blind indexes to find them again.

    `place` binds a ciphertext to where it stands (`table.column:row id`), so that it cannot be swapped into another row.
    """

    def seal(self, plaintext: bytes, place: str) -> bytes:
        """Authenticated ciphertext (AES-256-GCM, fresh nonce; key version in front)."""
        ...

    def open(self, ciphertext: bytes, place: str) -> bytes:
        """The plaintext. Raises VaultSealed."""
        ...

    def blind(self, value: str, purpose: str) -> str:
        """A keyed hash (HMAC-SHA-256, its own key) to look up and to keep unique; equal for equal value and purpose."""
        ...
