"""Data keys: one for each person, wrapped by a master, beside what they seal. Who deletes the row shreds the person.

A data key is unwrapped for the work at hand and not kept: what was shredded stays closed in every process from then on.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Row, Table, Text, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import SchemaItem

from services.kernel.vault.port import Bare, FieldCipher, Masters, VaultSealed, Wrapped
from services.kernel.vault.suites import Sealer, Suite, new_key

TABLE: Final = "data_keys"
_OWNERS_A_QUERY: Final = 1000


def columns() -> list[SchemaItem]:
    """The table's columns. `version` is that of the data key, `master_version` of the master that wraps it."""
    return [
        Column("owner", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("suite", Text, nullable=False),
        Column("master_version", Integer, nullable=False, index=True),
        Column("wrapped", LargeBinary, nullable=False),
    ]


def data_keys_table(metadata: MetaData) -> Table:
    """The table, registered in a service's metadata."""
    return Table(TABLE, metadata, *columns())


class DataKey:
    """A FieldCipher (see port.py): one owner's key at work."""

    def __init__(self, suite: Suite, key: bytes, version: int) -> None:
        self._sealer = Sealer(suite, key)
        self._version = version

    def seal(self, plaintext: bytes, place: str) -> bytes:
        """See FieldCipher.seal."""
        return self._sealer.seal(plaintext, f"{self._version}|{place}")

    def open(self, ciphertext: bytes, place: str) -> bytes:
        """See FieldCipher.open."""
        return self._sealer.open(ciphertext, f"{self._version}|{place}")


class DataKeys:
    """The data keys of one database. Every method works in the caller's transaction and raises VaultSealed."""

    def __init__(self, table: Table, masters: Masters, suite: Suite, proof: str) -> None:
        """`proof` is bound into every wrapping: a blind key that is not the one of this database opens none of them."""
        self.table = table
        self._masters = masters
        self._suite = suite
        self._proof = proof

    async def create(self, connection: AsyncConnection, owners: Iterable[str]) -> Mapping[str, FieldCipher]:
        """New keys for new owners, kept at once. Raises IntegrityError when an owner has one."""
        keys = {owner: new_key(self._suite) for owner in owners}
        if not keys:
            return {}
        bare = [Bare(key, self._bound(owner, 1, self._suite)) for owner, key in keys.items()]
        rows = [
            {"owner": owner, "version": 1, "suite": str(self._suite), "master_version": one.version, "wrapped": one.key}
            for owner, one in zip(keys, await self._masters.wrap(bare), strict=True)
        ]
        await connection.execute(insert(self.table), rows)
        return {owner: DataKey(self._suite, key, 1) for owner, key in keys.items()}

    async def load(self, connection: AsyncConnection, owners: Iterable[str]) -> Mapping[str, FieldCipher]:
        """The keys of these owners; who has none, or was shredded, is left out."""
        wanted = list(owners)
        rows: list[Row[Any]] = []
        for start in range(0, len(wanted), _OWNERS_A_QUERY):
            some = self.table.c.owner.in_(wanted[start : start + _OWNERS_A_QUERY])
            rows += (await connection.execute(select(self.table).where(some))).all()
        bare = await self._masters.unwrap([self._wrapped(row) for row in rows])
        return {row.owner: DataKey(Suite(row.suite), key, row.version) for row, key in zip(rows, bare, strict=True)}

    async def one(self, connection: AsyncConnection, owner: str) -> FieldCipher:
        """The key of this owner. Raises VaultSealed when there is none: shredded, or never made."""
        found = await self.load(connection, [owner])
        if owner not in found:
            raise VaultSealed("there is no data key: what it sealed is gone for good")
        return found[owner]

    async def shred(self, connection: AsyncConnection, owner: str) -> bool:
        """Delete the key: whatever it sealed, here and in every copy, cannot be opened any more. Whether there was one."""
        return (await connection.execute(delete(self.table).where(self.table.c.owner == owner))).rowcount > 0

    async def rewrap(self, connection: AsyncConnection, limit: int) -> int:
        """Wrap up to `limit` keys of older masters by the current one; how many. 0: all are."""
        table, current = self.table, await self._masters.current()
        older = select(table).where(table.c.master_version != current).order_by(table.c.owner).limit(limit).with_for_update()
        rows = (await connection.execute(older)).all()
        if not rows:
            return 0
        bare = await self._masters.unwrap([self._wrapped(row) for row in rows])
        bound = [Bare(key, self._bound(row.owner, row.version, Suite(row.suite))) for row, key in zip(rows, bare, strict=True)]
        statement = update(table).where(table.c.owner == bindparam("whose"))
        values: dict[str, Any] = {"master_version": bindparam("by"), "wrapped": bindparam("key")}
        wrapped = zip(rows, await self._masters.wrap(bound), strict=True)
        new = [{"whose": row.owner, "by": one.version, "key": one.key} for row, one in wrapped]
        await connection.execute(statement.values(values), new)
        return len(rows)

    async def by_master(self, connection: AsyncConnection) -> Mapping[int, int]:
        """Master version -> how many keys it wraps."""
        counted = select(self.table.c.master_version, func.count().label("keys")).group_by(self.table.c.master_version)
        return {row.master_version: row.keys for row in await connection.execute(counted)}

    def _wrapped(self, row: Row[Any]) -> Wrapped:
        return Wrapped(row.master_version, row.wrapped, self._bound(row.owner, row.version, Suite(row.suite)))

    def _bound(self, owner: str, version: int, suite: Suite) -> str:
        return f"{TABLE}.wrapped:{owner}|{version}|{suite}|{self._proof}"
