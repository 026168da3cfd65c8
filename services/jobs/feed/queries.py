"""What followers read."""

import zlib
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository
from services.jobs.errors import CursorExpired
from services.jobs.feed import log
from services.jobs.feed.entry import Chosen, document_of, keys_of
from services.jobs.feed.schemas import OwnChange, OwnChanges, PublicChange, PublicChanges, SnapshotEnd
from services.jobs.posting import Posting
from services.jobs.resources import Jobs
from services.kernel.http.auth import Principal

_OWN: Final[dict[str, str | None]] = {"list": "changes"}
_LOOKED_AT: Final = 5_000
"""Rows of the log that one request looks through for those that its filter chooses."""
_SNAPSHOT_PAGE: Final = 500
_GZIP: Final = 31
"""zlib's name for a gzip container with the largest window."""


async def own_changes(jobs: Jobs, caller: Principal, after: str | None, limit: int) -> tuple[OwnChanges, int]:
    """The caller's changes after a cursor (None: from the oldest that is kept), and the position of its newest.

    Raises BadRequest (bad_cursor), CursorExpired."""
    which = log.followed_by(caller.scope)
    async with jobs.store.read() as connection:
        oldest = await log.oldest_cursor(connection)
        position = oldest if after is None else await _position(connection, jobs, after, _OWN)
        rows = await log.after(connection, which, position, limit + 1)
        newest = await log.newest(connection, which)
    shown = rows[:limit]
    reached = shown[-1].position if shown else position
    items = [_own(row) for row in shown]
    return OwnChanges(items=items, next=jobs.cursors.encode([reached], _OWN), more=len(rows) > limit), newest


def _own(row: Row[Any]) -> OwnChange:
    return OwnChange(
        kind=row.kind,
        id=row.subject_id,
        version=row.version,
        at=row.at,
        status=row.status,
        reason_code=row.reason_code,
        removed=row.document is None,
        external_reference=row.external_reference,
        keys=row.keys,
        document=row.document,
    )


async def public_changes(jobs: Jobs, chosen: Chosen, after: str, limit: int) -> PublicChanges:
    """What became of the chosen openings after a cursor of a snapshot or of the page before.

    Raises BadRequest (bad_cursor), CursorExpired."""
    async with jobs.store.read() as connection:
        position = await _position(connection, jobs, after, chosen.query())
        rows = await log.after(connection, log.PUBLIC, position, _LOOKED_AT + 1)
    items: list[PublicChange] = []
    for row in rows[:_LOOKED_AT]:
        if len(items) == limit:
            break
        position = row.position
        told = _public(row, chosen)
        items.extend([told] if told else [])
    more = bool(rows) and position < rows[-1].position
    return PublicChanges(items=items, next=jobs.cursors.encode([position], chosen.query()), more=more)


def _public(row: Row[Any], chosen: Chosen) -> PublicChange | None:
    common = {"id": row.subject_id, "version": row.version, "at": row.at}
    if row.public and chosen.holds(row.keys):
        return PublicChange(op="upsert", keys=row.keys, document=row.document, **common)
    if row.public_before and chosen.holds(row.keys_before):
        return PublicChange(op="remove", keys=row.keys_before, **common)
    return None


async def _position(connection: AsyncConnection, jobs: Jobs, cursor: str, query: dict[str, str | None]) -> int:
    position = int(jobs.cursors.decode(cursor, query)[0])
    if position < await log.oldest_cursor(connection):
        raise CursorExpired()
    return position


async def snapshot(jobs: Jobs, chosen: Chosen) -> AsyncIterator[bytes]:
    """All chosen openings as gzipped lines of JSON, of one moment, and the end with the cursor to go on from."""
    packer = zlib.compressobj(wbits=_GZIP)
    count, after_id = 0, ""
    async with jobs.store.read() as connection:
        newest = await log.newest(connection, log.ANY)
        while page := await repository.public_after(connection, jobs.clock.today(), after_id, _SNAPSHOT_PAGE):
            lines = [_line(posting) for posting in page if chosen.holds(keys_of(posting))]
            count += len(lines)
            after_id = page[-1].id
            yield packer.compress(b"".join(lines))
    end = SnapshotEnd(count=count, cursor=jobs.cursors.encode([newest], chosen.query()))
    yield packer.compress(end.model_dump_json().encode() + b"\n") + packer.flush()


def _line(posting: Posting) -> bytes:
    told = PublicChange(
        op="upsert",
        id=posting.id,
        version=posting.version,
        at=posting.updated_at,
        keys=keys_of(posting),
        document=document_of(posting),
    )
    return orjson.dumps(told.model_dump(mode="json"), option=orjson.OPT_APPEND_NEWLINE)
