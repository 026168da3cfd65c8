"""The vault: what of a person is kept so that a stolen database tells nothing.

Two ports. `Vault` seals and opens single fields under a data key, and makes blind indexes. `Masters` wrap data keys; they never
seal a field. Siblings of Masters: a key file (keyfile.py), the same text from the environment or a secrets directory; a key
server (KMS, HSM) would be another: that is why wrapping is asynchronous and takes many at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class VaultSealed(Exception):
    """The key is missing or wrong, or the ciphertext was tampered with. Fails closed: no value is ever guessed."""


class FieldCipher(Protocol):
    """Encryption of single fields under one data key.

    `place` binds a ciphertext to where it stands (`table.column:row id`) and the key's version is bound too, so that it cannot
    be swapped into another column, row or time.
    """

    def seal(self, plaintext: bytes, place: str) -> bytes:
        """Authenticated ciphertext, fresh nonce."""
        ...

    def open(self, ciphertext: bytes, place: str) -> bytes:
        """The plaintext. Raises VaultSealed."""
        ...


class Vault(FieldCipher, Protocol):
    """A FieldCipher for what belongs to no single person, and blind indexes to find again what nobody can read."""

    def blind(self, value: str, purpose: str) -> str:
        """A keyed hash (HMAC-SHA-256, its own key) to look up and to keep unique; equal for equal value and purpose."""
        ...


@dataclass(frozen=True, slots=True)
class Bare:
    """A data key in the open, and what it is bound to."""

    key: bytes = field(repr=False)
    bound: str


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key under the master key of `version`."""

    version: int
    key: bytes = field(repr=False)
    bound: str


class Masters(Protocol):
    """The master keys, by version; the highest is the one that wraps. Every method raises VaultSealed (missing, wrong)."""

    async def current(self) -> int:
        """The version that wraps now."""
        ...

    async def wrap(self, keys: Sequence[Bare]) -> Sequence[Wrapped]:
        """The keys wrapped by the current version, in their order."""
        ...

    async def unwrap(self, keys: Sequence[Wrapped]) -> Sequence[bytes]:
        """The bare keys, in their order."""
        ...

    async def blind_key(self) -> bytes:
        """The key of the blind indexes: it never changes, for what is found by it could not be found any more."""
        ...
