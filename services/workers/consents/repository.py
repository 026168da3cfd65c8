"""All SQL of declarations. Functions work in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit.actor import present
from services.kernel.vault.port import FieldCipher
from services.workers.consents.consent import Consent, How, What
from services.workers.tables import consents

_WORKERS_A_QUERY: Final = 1000
_COLUMNS: Final = ("id", "what", "given_on", "how", "employer_id", "withdrawn_at", "withdrawn_how")


async def of_workers(connection: AsyncConnection, worker_ids: Iterable[str]) -> Mapping[str, tuple[Consent, ...]]:
    """Worker's id -> their declarations, in the order in which they were recorded; who made none is left out."""
    wanted = list(worker_ids)
    found: defaultdict[str, tuple[Consent, ...]] = defaultdict(tuple)
    columns = [consents.c.worker_id, *(consents.c[name] for name in _COLUMNS)]
    for start in range(0, len(wanted), _WORKERS_A_QUERY):
        some = consents.c.worker_id.in_(wanted[start : start + _WORKERS_A_QUERY])
        for row in await connection.execute(select(*columns).where(some).order_by(consents.c.id)):
            found[row.worker_id] += (_consent(row),)
    return found


async def add(
    connection: AsyncConnection, worker_id: str, consent: Consent, evidence: str = "", *, key: FieldCipher, now: datetime
) -> None:
    """Keep a declaration, its evidence sealed with the person's `key`, as recorded by whoever acts."""
    row = {
        **{name: getattr(consent, name) for name in _COLUMNS},
        "what": consent.what.value,
        "worker_id": worker_id,
        "evidence_sealed": key.seal(evidence.encode(), _place(consent.id)) if evidence else None,
        "recorded_by": present().id,
        "recorded_at": now,
    }
    await connection.execute(insert(consents), row)


async def withdraw(connection: AsyncConnection, consent: Consent) -> None:
    """Keep that a declaration was withdrawn."""
    values = {"withdrawn_at": consent.withdrawn_at, "withdrawn_how": consent.withdrawn_how}
    await connection.execute(update(consents).where(consents.c.id == consent.id).values(values))


async def withdraw_all(connection: AsyncConnection, worker_id: str, how: How, now: datetime) -> None:
    """Who leaves the register takes back whatever was agreed to."""
    standing = (consents.c.worker_id == worker_id) & consents.c.withdrawn_at.is_(None)
    await connection.execute(update(consents).where(standing).values(withdrawn_at=now, withdrawn_how=how))


async def recorded(connection: AsyncConnection, worker_id: str) -> Mapping[str, Row[Any]]:
    """Declaration's id -> when and by whom it was recorded, and the sealed evidence."""
    mine = consents.c.worker_id == worker_id
    rows = await connection.execute(select(consents).where(mine).order_by(consents.c.id))
    return {row.id: row for row in rows}


def evidence_of(row: Row[Any], key: FieldCipher) -> str:
    """The evidence of a row of `recorded`. Raises VaultSealed."""
    return key.open(row.evidence_sealed, _place(row.id)).decode() if row.evidence_sealed is not None else ""


def _consent(row: Row[Any]) -> Consent:
    told = {name: getattr(row, name) for name in _COLUMNS}
    return Consent(**told | {"what": What(row.what)})


def _place(consent_id: str) -> str:
    return f"consents.evidence:{consent_id}"
