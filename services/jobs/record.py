"""Keeping changes: rows, their history, what others are told of them, and the audit, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.topics import JOB_POSTINGS
from services.jobs import events, repository
from services.jobs.feed import entry, log
from services.jobs.lifecycle import history
from services.jobs.repository import Change
from services.jobs.tables import outbox
from services.jobs.webhooks import queue
from services.kernel.audit import Audit, Entry, actor
from services.kernel.outbox import append


async def record(connection: AsyncConnection, audit: Audit, changes: Sequence[Change], now: datetime) -> None:
    """Keep the changes, which are told if and only if the transaction commits. Call it last: other writers wait from here on.

    Raises VersionMismatch when somebody was faster, IntegrityError when an employer's number or reference is taken, and
    NobodyActs."""
    await repository.keep(connection, changes)
    versioned = [change for change in changes if change.versioned]
    by = actor.present().id
    await history.append(connection, (history.entry(change.before, change.after, by) for change in versioned))
    told = [change.after for change in versioned if events.concerns_others(change.before, change.after)]
    await append(connection, outbox, JOB_POSTINGS, *(events.envelope(posting, now) for posting in told))
    lines = [entry.row_of(change.before, change.after) for change in versioned]
    await queue.tell(connection, versioned, lines, now)
    await log.append(connection, lines)
    await audit.record(connection, *(_entry(change) for change in versioned))


def _entry(change: Change) -> Entry:
    before, after = change.before, change.after
    moved = before is None or before.status is not after.status
    deed = f"posting.{after.status}" if moved else "posting.amended"
    return Entry(deed, after.id, tuple(history.changed_fields(before, after)))
