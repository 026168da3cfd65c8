"""The law of kernel/store/port.py, on every sibling."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.store import Store, StoreUnavailable, migrate, open_store
from tests.contract.ledger import LEDGER, MIGRATIONS
from tests.contract.streams import until, words_until_killed, writing_process


async def add(connection: AsyncConnection, name: str) -> None:
    await connection.execute(insert(LEDGER).values(id=name, note=name))


async def count(connection: AsyncConnection) -> int:
    return int(await connection.scalar(select(func.count()).select_from(LEDGER)) or 0)


async def counted(store: Store) -> int:
    async with store.read() as connection:
        return await count(connection)


async def test_a_transaction_is_committed_when_its_block_is_left(store: Store) -> None:
    async with store.write() as connection:
        await add(connection, "a")
    assert await counted(store) == 1


async def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    async def change_my_mind() -> None:
        async with store.write() as connection:
            await add(connection, "a")
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    assert await counted(store) == 0


async def test_a_cancelled_block_leaves_nothing_and_the_store_usable(store: Store) -> None:
    inside = asyncio.Event()

    async def dawdle() -> None:
        async with store.write() as connection:
            await add(connection, "a")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(dawdle())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write() as connection:
        await add(connection, "b")
    assert await counted(store) == 1


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.read() as connection:
            await add(connection, "a")
    assert await counted(store) == 0


async def test_a_reader_sees_one_snapshot(store: Store) -> None:
    async with store.read() as reader:
        before = await count(reader)
        async with store.write() as connection:
            await add(connection, "a")
        assert await count(reader) == before
    assert await counted(store) == before + 1


async def test_a_broken_unique_constraint_is_an_integrity_error(store: Store) -> None:
    async with store.write() as connection:
        await add(connection, "a")
    with pytest.raises(IntegrityError):
        async with store.write() as connection:
            await connection.execute(insert(LEDGER).values(id="b", note="a"))


async def test_concurrent_writers_wait_for_each_other(store: Store) -> None:
    async with store.write() as connection:
        await add(connection, "sum")

    async def increment() -> None:
        async with store.write() as connection:
            await connection.execute(update(LEDGER).values(amount=LEDGER.c.amount + 1))

    await asyncio.gather(*(increment() for _ in range(20)))
    async with store.read() as connection:
        assert await connection.scalar(select(LEDGER.c.amount)) == 20


async def test_two_stores_on_one_database_wait_for_each_other(store: Store, store_url: str) -> None:
    other = open_store(store_url)

    async def fill(one: Store, name: str) -> None:
        for number in range(20):
            async with one.write() as connection:
                await add(connection, f"{name}{number}")

    try:
        await asyncio.gather(fill(store, "a"), fill(other, "b"))
        assert await counted(other) == 40
    finally:
        await other.close()


async def test_a_waiter_is_told_of_a_commit(store: Store) -> None:
    waiter = asyncio.create_task(store.wait_for_commit(timeout_s=100))
    async with store.write() as connection:
        await add(connection, "a")
    await waiter


async def test_a_waiter_is_told_of_a_commit_that_came_before(store: Store) -> None:
    async with store.write() as connection:
        await add(connection, "a")
    await store.wait_for_commit(timeout_s=100)


async def test_waiting_ends_without_a_commit_too(store: Store) -> None:
    await store.wait_for_commit(timeout_s=0.01)


async def test_an_absent_database_is_unavailable(absent_store_url: str) -> None:
    store = open_store(absent_store_url)
    try:
        with pytest.raises(StoreUnavailable):
            async with store.write():
                pass
        with pytest.raises(StoreUnavailable):
            async with store.read():
                pass
        with pytest.raises(StoreUnavailable):
            await store.try_lock("test")
        with pytest.raises(StoreUnavailable):
            await migrate(absent_store_url, MIGRATIONS)
    finally:
        await store.close()


async def test_what_was_committed_survives_a_kill(store: Store, store_url: str) -> None:
    async with writing_process("store", store_url) as process:
        acknowledged = await words_until_killed(process, 20)
    async with store.read() as connection:
        found = set(await connection.scalars(select(LEDGER.c.id)))
    assert all(acknowledged)
    assert set(acknowledged) <= found


async def test_a_lock_has_one_holder(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    try:
        lock = await store.try_lock("test")
        assert lock is not None
        assert await lock.held()
        assert await other.try_lock("test") is None
        assert await store.try_lock("test") is None
        unrelated = await other.try_lock("another")
        assert unrelated is not None
        await unrelated.release()
        await lock.release()
        await lock.release()
        assert not await lock.held()
        successor = await other.try_lock("test")
        assert successor is not None
        await successor.release()
    finally:
        await other.close()


async def test_a_lock_does_not_hinder_readers_and_writers(store: Store) -> None:
    lock = await store.try_lock("test")
    assert lock is not None
    async with store.write() as connection:
        await add(connection, "a")
    assert await counted(store) == 1
    await lock.release()


async def test_a_lock_is_free_once_its_holder_is_killed(store: Store, store_url: str) -> None:
    async with writing_process("lock", store_url) as process:
        assert process.stdout
        assert (await process.stdout.readline()).decode().strip() == "locked"
        assert await store.try_lock("test") is None

    async def free() -> bool:
        lock = await store.try_lock("test")
        if lock is not None:
            await lock.release()
        return lock is not None

    await until(free)


async def test_migrating_again_changes_nothing(store: Store, store_url: str) -> None:
    async with store.write() as connection:
        await add(connection, "a")
    await asyncio.gather(migrate(store_url, MIGRATIONS), migrate(store_url, MIGRATIONS))
    assert await counted(store) == 1


async def test_processes_that_migrate_together_do_not_collide(empty_store_url: str) -> None:
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(writing_process("migrate", empty_store_url)) for _ in range(3)]
        assert [await process.wait() for process in processes] == [0, 0, 0]
    store = open_store(empty_store_url)
    assert await counted(store) == 0
    await store.close()
