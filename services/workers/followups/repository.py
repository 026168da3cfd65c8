"""All SQL of contacts, assignments and how workers are followed up. Functions work in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.vault.port import FieldCipher
from services.workers.followups.followup import Contact, FollowUp
from services.workers.tables import followup

_COLUMNS: Final = ("worker_id", "status", "cadre_id", "last_contact_on", "next_on", "misses")
_MOST_CONTACTS: Final = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """A contact as it was recorded: by whom and when."""

    contact: Contact
    recorded_by: str
    recorded_at: datetime


async def get(connection: AsyncConnection, worker_id: str) -> FollowUp | None:
    """How a worker is followed up; None for who was never assigned nor contacted. Whoever writes holds the worker's row."""
    table = followup.followups
    row = (await connection.execute(select(table).where(table.c.worker_id == worker_id))).one_or_none()
    return FollowUp(**{name: getattr(row, name) for name in _COLUMNS}) if row is not None else None


async def put(connection: AsyncConnection, state: FollowUp, *, new: bool) -> None:
    """Keep how a worker is followed up; `new`: there was nothing before."""
    table = followup.followups
    values = {name: getattr(state, name) for name in _COLUMNS}
    await connection.execute(
        insert(table).values(values) if new else update(table).where(table.c.worker_id == state.worker_id).values(values)
    )


async def resume(connection: AsyncConnection, worker_id: str) -> None:
    """Begin anew with a person who registers again."""
    held = await get(connection, worker_id)
    if held is not None:
        await put(connection, held.resumed(), new=False)


async def add_contact(
    connection: AsyncConnection, worker_id: str, contact: Contact, by: tuple[str, datetime], key: FieldCipher
) -> None:
    """Keep a contact; `by`: who recorded it, and when."""
    row = {
        "id": contact.id,
        "worker_id": worker_id,
        "on_day": contact.on,
        "channel": contact.channel,
        "outcome": contact.outcome,
        "note_sealed": key.seal(contact.note.encode(), _place(contact.id)) if contact.note else None,
        "next_on": contact.next_on,
        "made_by": contact.by,
        "recorded_by": by[0],
        "recorded_at": by[1],
    }
    await connection.execute(insert(followup.contacts).values(row))


async def add_assignment(
    connection: AsyncConnection, assignment_id: str, worker_id: str, cadre_id: str | None, by: tuple[str, datetime]
) -> None:
    """Keep that a worker is looked after by another; `by`: who said so, and when."""
    row = {"id": assignment_id, "worker_id": worker_id, "cadre_id": cadre_id, "assigned_by": by[0], "assigned_at": by[1]}
    await connection.execute(insert(followup.assignments).values(row))


async def contacts(connection: AsyncConnection, worker_id: str, key: FieldCipher) -> Sequence[Recorded]:
    """The contacts with a worker, the latest first (the last 500)."""
    table = followup.contacts
    mine = select(table).where(table.c.worker_id == worker_id).order_by(table.c.on_day.desc(), table.c.id.desc())
    return [
        Recorded(
            Contact(
                id=row.id,
                on=row.on_day,
                channel=row.channel,
                outcome=row.outcome,
                note=key.open(row.note_sealed, _place(row.id)).decode() if row.note_sealed is not None else "",
                next_on=row.next_on,
                by=row.made_by,
            ),
            row.recorded_by,
            row.recorded_at,
        )
        for row in await connection.execute(mine.limit(_MOST_CONTACTS))
    ]


def _place(contact_id: str) -> str:
    return f"contacts.note:{contact_id}"
