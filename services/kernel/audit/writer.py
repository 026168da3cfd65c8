"""Writing to the audit, in the caller's transaction."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.purposes import Purpose
from services.kernel.audit.actor import present
from services.kernel.audit.chain import link
from services.kernel.audit.table import AuditTables
from services.kernel.clock import Clock
from services.kernel.vault.port import Vault

_SUBJECT: Final = "audit.subject"


class Outcome(StrEnum):
    """Whether it was allowed."""

    PERMIT = "permit"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done. `deed` is `<what>.<past participle>` (worker.amended, worker.read); `subject` the record's id, kept blind
    only ("" for none); `fields` the names of what was changed or shown, never values, () for the record as a whole."""

    deed: str
    subject: str = ""
    fields: tuple[str, ...] = ()
    purpose: Purpose = Purpose.EMPLOYMENT_SERVICE
    outcome: Outcome = Outcome.PERMIT


def blind_subject(vault: Vault, subject: str) -> str:
    """What the rows about a subject are found by; "" for none."""
    return vault.blind(subject, _SUBJECT) if subject else ""


class Audit:
    """The audit of one service's database."""

    def __init__(self, tables: AuditTables, vault: Vault, clock: Clock) -> None:
        self.tables = tables
        self._vault = vault
        self._clock = clock

    def blind(self, subject: str) -> str:
        """What the rows about a subject are found by."""
        return blind_subject(self._vault, subject)

    async def record(self, connection: AsyncConnection, *entries: Entry) -> None:
        """Keep the entries; they stand if and only if the caller's transaction commits. Call it last: from here until the
        commit other writers of this database wait, for the chain has one order. Raises NobodyActs."""
        if not entries:
            return
        actor, now, head = present(), self._clock.now(), self.tables.head
        position, digest = (await connection.execute(select(head.c.position, head.c.digest).with_for_update())).one()
        rows: list[dict[str, Any]] = []
        for entry in entries:
            position += 1
            row = {
                "position": position,
                "at": now,
                "actor": actor.id,
                "actor_kind": actor.kind,
                "scope": actor.scope,
                "request_id": actor.request_id,
                "deed": entry.deed,
                "purpose": str(entry.purpose),
                "subject": self.blind(entry.subject),
                "fields": list(entry.fields),
                "outcome": str(entry.outcome),
            }
            digest = link(self._vault, digest, row)
            rows.append(row | {"digest": digest})
        await connection.execute(insert(self.tables.rows), rows)
        await connection.execute(update(head).values(position=position, digest=digest))
