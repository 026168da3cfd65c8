"""Idempotency-Key on POST: one effect however often a request is sent, for 24 hours, per principal.

The answer is stored in the transaction of the change it belongs to, so there is no moment when one exists without the other:
a crash before the commit leaves neither, and the retry does the work. Only successes are stored; a refusal changed nothing.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import ModuleType
from typing import Annotated, Any, Final

from fastapi import Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.clock import Clock
from services.kernel.errors import Conflict, Unauthenticated, Unprocessable
from services.kernel.http.signing import SigningKey
from services.kernel.store.port import Store

KEPT_FOR: Final = timedelta(hours=24)
_LONGEST_KEY: Final = 255


TABLE: Final = "idempotency"
_AGE_INDEX: Final = "idempotency_answered_at"


def _columns() -> list[Column[Any]]:
    return [
        Column("principal", String(64), primary_key=True),
        Column("key", String(_LONGEST_KEY), primary_key=True),
        Column("fingerprint", LargeBinary(32), nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("answered_at_ms", BigInteger, nullable=False),
    ]


def idempotency_table(metadata: MetaData) -> Table:
    """The table of answered requests, registered in a service's metadata."""
    return Table(TABLE, metadata, *_columns(), Index(_AGE_INDEX, "answered_at_ms"))


def create_idempotency(op: ModuleType) -> None:
    """Make the table in a service's first revision: `create_idempotency(op)` with Alembic's `op`."""
    op.create_table(TABLE, *_columns())
    op.create_index(_AGE_INDEX, TABLE, ["answered_at_ms"])


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may come again. `operation` is method and path; `body` is what must be the same next time."""

    principal: str
    key: str
    operation: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A success as it is sent, now or later again."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, model: BaseModel, headers: Mapping[str, str] | None = None) -> "Answer":
        """The answer that tells `model` as JSON."""
        return cls(status, model.model_dump_json().encode(), headers or {})

    def response(self) -> Response:
        """The answer as FastAPI sends it."""
        return Response(self.body, self.status, dict(self.headers), "application/json")


@dataclass(slots=True)
class Unit:
    """One transaction. `answer` is set on entry when this call was answered before: then nothing more is to be done.
    Else the command sets it before it leaves."""

    connection: AsyncConnection
    answer: Answer | None = None


async def idempotent_call(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(min_length=1, max_length=_LONGEST_KEY, pattern=r"^[\x21-\x7e]+$", description="sent again with a retry"),
    ] = None,
) -> Call | None:
    """The dependency of a POST route with a JSON body or none: `Annotated[Call | None, Depends(idempotent_call)]`."""
    if idempotency_key is None:
        return None
    principal = getattr(request.state, "principal", None)
    if principal is None:
        raise Unauthenticated()
    return Call(principal.id, idempotency_key, f"{request.method} {request.url.path}", await request.body())


def _in_progress() -> Conflict:
    return Conflict("带同一个 Idempotency-Key 的请求正在处理", code="request_in_progress", retry_after_s=1)


class Idempotency:
    """The answered requests of one service."""

    def __init__(self, table: Table, key: SigningKey, clock: Clock) -> None:
        self._table = table
        self._key = key
        self._clock = clock
        self._under_way: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def transaction(self, store: Store, call: Call | None) -> AsyncIterator[Unit]:
        """A transaction of `store` that does the work of `call` at most once.

        Raises Conflict (request_in_progress) while the same call is under way, here or in another process, and Unprocessable
        (idempotency_key_reused) when the key belongs to another request.
        """
        with self._alone(call):
            async with store.write() as connection:
                unit = Unit(connection, await self._answered(connection, call) if call else None)
                known = unit.answer
                yield unit
                if call and known is None and unit.answer is not None:
                    await self._keep(connection, call, unit.answer)

    @contextmanager
    def _alone(self, call: Call | None) -> Iterator[None]:
        if call is None:
            yield
            return
        mine = (call.principal, call.key)
        if mine in self._under_way:
            raise _in_progress()
        self._under_way.add(mine)
        try:
            yield
        finally:
            self._under_way.discard(mine)

    def _fingerprint(self, call: Call) -> bytes:
        # Keyed: a plain hash of a body would let whoever steals the database try out identity numbers.
        return self._key.mac("idempotency", f"{call.operation}\n".encode() + call.body)

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def _oldest_ms(self) -> int:
        return self._now_ms() - int(KEPT_FOR.total_seconds() * 1000)

    async def _answered(self, connection: AsyncConnection, call: Call) -> Answer | None:
        table = self._table
        found = await connection.execute(
            select(table).where(
                table.c.principal == call.principal, table.c.key == call.key, table.c.answered_at_ms > self._oldest_ms()
            )
        )
        row = found.one_or_none()
        if row is None:
            return None
        if row.fingerprint != self._fingerprint(call):
            raise Unprocessable("这个 Idempotency-Key 已用于另一个请求", code="idempotency_key_reused")
        return Answer(row.status, row.body, json.loads(row.headers))

    async def _keep(self, connection: AsyncConnection, call: Call, answer: Answer) -> None:
        await connection.execute(delete(self._table).where(self._table.c.answered_at_ms <= self._oldest_ms()))
        row = {
            "principal": call.principal,
            "key": call.key,
            "fingerprint": self._fingerprint(call),
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": answer.body,
            "answered_at_ms": self._now_ms(),
        }
        try:
            await connection.execute(insert(self._table).values(row))
        except IntegrityError as elsewhere:  # another process answered the same call meanwhile: its answer stands
            raise _in_progress() from elsewhere
