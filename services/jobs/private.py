"""What of a posting is for few eyes: whom to ask, and the message it came from. Sealed in the database."""

from typing import Final

import orjson
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.tables import metadata
from services.kernel.http.models import ResponseModel
from services.kernel.vault.port import Vault

posting_private = Table(
    "posting_private",
    metadata,
    Column("posting_id", Text, ForeignKey("postings.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
_PLACE: Final = "posting_private.sealed:{}"


class ContactView(ResponseModel):
    """Whom to ask."""

    name: str = ""
    phone: str = ""
    other: str = ""


class Private(ResponseModel):
    """The sealed part of a posting: whom to ask, and the message it came from, word for word."""

    contact: ContactView | None = None
    original_text: str = ""


async def keep(connection: AsyncConnection, vault: Vault, posting_id: str, contact: BaseModel | None, original: str) -> None:
    """Keep both sealed, in place of those before; nothing when there is nothing."""
    if contact is None and not original:
        return
    told = {"contact": contact and contact.model_dump(), "original_text": original}
    sealed = vault.seal(orjson.dumps(told), _PLACE.format(posting_id))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(posting_private).values(posting_id=posting_id, sealed=sealed)
    await connection.execute(statement.on_conflict_do_update(index_elements=["posting_id"], set_={"sealed": sealed}))


async def read(connection: AsyncConnection, vault: Vault, posting_id: str) -> Private:
    """Both, empty when nobody gave them. Raises VaultSealed."""
    sealed = await connection.scalar(select(posting_private.c.sealed).where(posting_private.c.posting_id == posting_id))
    return Private() if sealed is None else Private.model_validate(orjson.loads(vault.open(sealed, _PLACE.format(posting_id))))
