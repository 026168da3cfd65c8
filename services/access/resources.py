"""What the access service works with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from services.access.keys import SigningKeys
from services.kernel.audit import Audit
from services.kernel.clock import Clock
from services.kernel.http.paging import CursorSigner
from services.kernel.identity.port import Allowance
from services.kernel.store.port import Store


@dataclass(frozen=True, slots=True)
class Access:
    """The service's store and what its commands and queries need beside it. `a_day`: what an employer has of an allowance."""

    store: Store
    keys: SigningKeys
    audit: Audit
    clock: Clock
    cursors: CursorSigner
    a_day: Mapping[Allowance, int]

    async def ready(self) -> Mapping[str, str]:
        """The store answers. Raises StoreUnavailable."""
        async with self.store.read() as connection:
            await connection.execute(select(1))
        return {"store": ""}
