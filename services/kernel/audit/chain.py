"""The chain: every row's digest covers the row and the digest before it, keyed, so that who holds only the database cannot
change, take out or reorder rows and make it look right again."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit.table import AuditTables
from services.kernel.vault.port import Vault

COVERED: Final = (
    "position",
    "at",
    "actor",
    "actor_kind",
    "scope",
    "request_id",
    "deed",
    "purpose",
    "subject",
    "fields",
    "outcome",
)
_PAGE: Final = 2000


class ChainBroken(Exception):
    """The audit was tampered with, or is not of this vault. The message names the first position that is wrong."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the chain reaches and where it ends: what to note down elsewhere, so that a cut end shows."""

    rows: int
    digest: str


def link(vault: Vault, previous: str, values: Mapping[str, Any]) -> str:
    """The digest of a row after the row whose digest is `previous` ("" before the first)."""
    told = [previous, *(values[name] for name in COVERED)]
    return vault.blind(orjson.dumps(told, option=orjson.OPT_UTC_Z).decode(), "audit.chain")


async def rows_in_order(connection: AsyncConnection, tables: AuditTables) -> AsyncIterator[Row[Any]]:
    """All rows by position, a page at a time."""
    after = 0
    while True:
        page = select(tables.rows).where(tables.rows.c.position > after).order_by(tables.rows.c.position).limit(_PAGE)
        found = (await connection.execute(page)).all()
        for row in found:
            yield row
        if len(found) < _PAGE:
            return
        after = found[-1].position


async def verify(connection: AsyncConnection, tables: AuditTables, vault: Vault, known: Verified | None = None) -> Verified:
    """Walk the whole chain. `known`: an end that was noted earlier and must still be in it. Raises ChainBroken."""
    head = (await connection.execute(select(tables.head))).one()
    position, digest = 0, ""
    async for row in rows_in_order(connection, tables):
        position += 1
        if row.position != position:
            raise ChainBroken(f"position {position} is missing")
        digest = link(vault, digest, row._asdict())
        if digest != row.digest:
            raise ChainBroken(f"position {position} was changed, or the row before it was")
        if known is not None and position == known.rows and digest != known.digest:
            raise ChainBroken(f"position {position} is not the one that was noted earlier")
    if (position, digest) != (head.position, head.digest):
        raise ChainBroken(f"the chain ends at {position}, its head says {head.position}")
    if known is not None and position < known.rows:
        raise ChainBroken(f"the chain ends at {position}, it reached {known.rows} earlier")
    return Verified(position, digest)
