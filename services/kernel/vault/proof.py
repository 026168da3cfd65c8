"""Proof that a vault is the one a database was sealed with: a known text, sealed in the database itself.

Without it a lost key file would be replaced by a new one, and the same person registered twice under two blind indexes.
"""

from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select
from sqlalchemy.schema import SchemaItem

from services.kernel.store.port import Store
from services.kernel.vault.keyfile import open_vault
from services.kernel.vault.port import Vault, VaultSealed

TABLE: Final = "vault_proof"
_KNOWN: Final = b"yungong"
_PLACE: Final = "vault_proof.sealed:1"


class TableOperations(Protocol):
    """The part of Alembic's `op` that makes the table."""

    def create_table(self, table_name: str, *columns: SchemaItem) -> object: ...


def _columns() -> list[SchemaItem]:
    return [Column("id", Integer, primary_key=True), Column("sealed", LargeBinary, nullable=False)]


def proof_table(metadata: MetaData) -> Table:
    """The table of the proof, registered in a service's metadata."""
    return Table(TABLE, metadata, *_columns())


def create_proof(op: TableOperations) -> None:
    """Make the table in a service's first revision: `create_proof(op)` with Alembic's `op`."""
    op.create_table(TABLE, *_columns())


async def open_proven(store: Store, table: Table, key_file: Path) -> Vault:
    """The vault of this database; its key is made only for a database that was never sealed.

    Raises VaultSealed (the key is missing, or is not the one this database was sealed with).
    """
    vault = open_vault(key_file, create=not await is_sealed(store, table))
    await prove(store, table, vault)
    return vault


async def is_sealed(store: Store, table: Table) -> bool:
    """Whether the database holds a proof: then its key must exist, and a missing one must not be made anew."""
    async with store.read() as connection:
        return await connection.scalar(select(table.c.id)) is not None


async def prove(store: Store, table: Table, vault: Vault) -> None:
    """Leave the proof in a new database; in any other raise VaultSealed unless this vault opens it."""
    async with store.write() as connection:
        sealed = await connection.scalar(select(table.c.sealed).where(table.c.id == 1))
        if sealed is None:
            await connection.execute(insert(table), {"id": 1, "sealed": vault.seal(_KNOWN, _PLACE)})
        elif vault.open(sealed, _PLACE) != _KNOWN:
            raise VaultSealed("the database was sealed with another key")
