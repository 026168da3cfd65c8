"""The vault of one service's database: a data key for what belongs to nobody in particular, and the people's data keys.

The service's own data key proves at the start that the masters and the blind key are those that this database was sealed with.
Without that proof a lost key file would be replaced by a new one, and the same person registered twice under two blind indexes.
"""

import hmac
from pathlib import Path
from types import ModuleType
from typing import Final

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from services.kernel.store.port import Store
from services.kernel.vault.datakeys import TABLE, DataKey, DataKeys, columns
from services.kernel.vault.keyfile import KeySource
from services.kernel.vault.port import FieldCipher

SERVICE: Final = "service"
"""The owner of the service's own data key; no person's id is called so."""


class _Blinding:
    def __init__(self, cipher: FieldCipher, blind_key: bytes) -> None:
        self._cipher = cipher
        self._blind_key = blind_key

    def seal(self, plaintext: bytes, place: str) -> bytes:
        """See Vault.seal."""
        return self._cipher.seal(plaintext, place)

    def open(self, ciphertext: bytes, place: str) -> bytes:
        """See Vault.open."""
        return self._cipher.open(ciphertext, place)

    def blind(self, value: str, purpose: str) -> str:
        """See Vault.blind."""
        return _blinded(self._blind_key, value, purpose)


class KeyVault(_Blinding):
    """A Vault of a key file alone, for what is in no database (the pages' sessions)."""


class ServiceVault(_Blinding):
    """A Vault (see port.py) with `people`: everybody's own data keys."""

    def __init__(self, cipher: FieldCipher, blind_key: bytes, people: DataKeys) -> None:
        super().__init__(cipher, blind_key)
        self.people = people


def create_data_keys(op: ModuleType) -> None:
    """Make the table in one of a service's revisions: `create_data_keys(op)` with Alembic's `op`."""
    op.create_table(TABLE, *columns())


def open_vault(path: Path, *, create: bool = True) -> KeyVault:
    """The vault of a key file, made the first time (mode 0600, all or nothing) unless `create` is False. Raises VaultSealed."""
    ring = KeySource(path).source(create=create).ring()
    suite, key = ring.masters[ring.current]
    return KeyVault(DataKey(suite, key, ring.current), ring.blind)


async def open_proven(store: Store, table: Table, keys: KeySource) -> ServiceVault:
    """The vault of this database; its keys are made only for a database that was never sealed.

    Raises VaultSealed (a key is missing, or is not the one this database was sealed with).
    """
    async with store.read() as connection:
        sealed = await connection.scalar(select(table.c.owner).where(table.c.owner == SERVICE)) is not None
    masters = keys.open(create=not sealed)
    blind_key = await masters.blind_key()
    people = DataKeys(table, masters, keys.suite, _blinded(blind_key, "yungong", "proof"))
    if not sealed:
        try:
            async with store.write() as connection:
                await people.create(connection, [SERVICE])
        except IntegrityError:  # another process was first: its key is the key, and must open with our masters below
            pass
    async with store.read() as connection:
        return ServiceVault(await people.one(connection, SERVICE), blind_key, people)


def _blinded(key: bytes, value: str, purpose: str) -> str:
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()
