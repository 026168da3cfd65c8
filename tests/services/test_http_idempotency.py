"""Idempotency-Key: one effect however often a request comes, in the transaction of the change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, inspect, select

from services.kernel.errors import Conflict, Unprocessable
from services.kernel.http.idempotency import Answer, Call, Idempotency, create_idempotency, idempotency_table
from services.kernel.http.signing import SigningKey
from services.kernel.store import Store, open_store
from services.kernel.store.port import StoreUnavailable

metadata = MetaData()
answered = idempotency_table(metadata)
effects = Table("effects", metadata, Column("id", Integer, primary_key=True))
KEY = SigningKey(b"k" * 32)
CALL = Call("clerk", "key-1", "POST /v1/things", b'{"n": 1}')


@dataclass
class Hand:
    """A clock that a test moves."""

    moment: datetime = field(default=datetime(2026, 11, 1, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with store.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield store
    await store.close()


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def idempotency(clock: Hand) -> Idempotency:
    return Idempotency(answered, KEY, clock)


async def _do(idempotency: Idempotency, store: Store, call: Call | None) -> Answer:
    """One effect, answered with its number."""
    async with idempotency.transaction(store, call) as unit:
        if unit.answer is None:
            await unit.connection.execute(insert(effects))
            number = await unit.connection.scalar(select(func.count()).select_from(effects))
            unit.answer = Answer(201, str(number).encode(), {"Location": f"/{number}"})
    return unit.answer


async def _fail(idempotency: Idempotency, store: Store) -> None:
    async with idempotency.transaction(store, CALL) as unit:
        await unit.connection.execute(insert(effects))
        unit.answer = Answer(201, b"lost")
        raise StoreUnavailable


async def _effects(store: Store) -> int:
    async with store.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(effects)) or 0)


async def test_the_same_call_is_answered_the_same_and_done_once(idempotency: Idempotency, store: Store) -> None:
    first = await _do(idempotency, store, CALL)
    again = await _do(idempotency, store, CALL)
    assert (
        (again.status, again.body, again.headers)
        == (first.status, first.body, first.headers)
        == (201, b"1", {"Location": "/1"})
    )
    assert await _effects(store) == 1


async def test_without_a_key_every_call_counts(idempotency: Idempotency, store: Store) -> None:
    await _do(idempotency, store, None)
    await _do(idempotency, store, None)
    assert await _effects(store) == 2


@pytest.mark.parametrize(
    "other",
    [
        Call("clerk", "key-1", "POST /v1/things", b'{"n": 2}'),
        Call("clerk", "key-1", "POST /v1/others", b'{"n": 1}'),
    ],
)
async def test_a_key_used_for_something_else_is_refused(idempotency: Idempotency, store: Store, other: Call) -> None:
    await _do(idempotency, store, CALL)
    with pytest.raises(Unprocessable) as refused:
        await _do(idempotency, store, other)
    assert refused.value.code == "idempotency_key_reused"
    assert await _effects(store) == 1


async def test_keys_belong_to_their_principal(idempotency: Idempotency, store: Store) -> None:
    await _do(idempotency, store, CALL)
    other = await _do(idempotency, store, Call("neighbour", CALL.key, CALL.operation, CALL.body))
    assert other.body == b"2"


async def test_what_is_under_way_is_a_conflict(idempotency: Idempotency, store: Store) -> None:
    async with idempotency.transaction(store, CALL) as unit:
        with pytest.raises(Conflict) as refused:
            await _do(idempotency, store, CALL)
        unit.answer = Answer(201, b"slow")
    assert refused.value.code == "request_in_progress"
    assert refused.value.retry_after_s == 1
    assert (await _do(idempotency, store, CALL)).body == b"slow"


async def test_many_at_once_have_one_effect(store: Store, clock: Hand) -> None:
    """Each in a process of its own, as far as they know: only the database stands between them."""
    processes = [Idempotency(answered, KEY, clock) for _ in range(8)]
    answers = await asyncio.gather(*(_do(process, store, CALL) for process in processes))
    assert {answer.body for answer in answers} == {b"1"}
    assert await _effects(store) == 1


async def test_a_failure_leaves_neither_effect_nor_answer(idempotency: Idempotency, store: Store) -> None:
    with pytest.raises(StoreUnavailable):
        await _fail(idempotency, store)
    assert await _effects(store) == 0
    assert (await _do(idempotency, store, CALL)).body == b"1"


async def test_an_answer_is_kept_for_a_day(idempotency: Idempotency, store: Store, clock: Hand) -> None:
    await _do(idempotency, store, CALL)
    clock.moment += timedelta(hours=23, minutes=59)
    assert (await _do(idempotency, store, CALL)).body == b"1"
    clock.moment += timedelta(minutes=2)
    assert (await _do(idempotency, store, CALL)).body == b"2"
    async with store.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(answered)) == 1


def _bytes_of(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in directory.iterdir())


async def test_the_body_is_kept_as_a_keyed_hash_only(idempotency: Idempotency, store: Store, tmp_path: Path) -> None:
    await _do(idempotency, store, Call("clerk", "k", "POST /v1/workers", b'{"identity_number": "530103198001011234"}'))
    await store.close()
    assert b"530103198001011234" not in _bytes_of(tmp_path)


def _columns(connection: Connection) -> tuple[list[str], list[str]]:
    tables = inspect(connection)
    return (
        [column["name"] for column in tables.get_columns("idempotency")],
        [str(index["name"]) for index in tables.get_indexes("idempotency")],
    )


async def test_the_migration_makes_the_same_table(store: Store, tmp_path: Path) -> None:
    migrated = open_store(f"sqlite+aiosqlite:///{tmp_path / 'migrated.db'}")

    def create(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)) as op:
            create_idempotency(op)  # type: ignore[arg-type]  # what alembic.op, the module, stands for

    async with migrated.write() as connection:
        await connection.run_sync(create)
        made = await connection.run_sync(_columns)
    async with store.read() as connection:
        assert made == await connection.run_sync(_columns)
    await migrated.close()
