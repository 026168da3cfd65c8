"""From a transaction to the bus: the outbox's table, writer and relay, on every pair of store and bus."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from services.contracts.topics import Topic
from services.kernel.bus import Bus, Record
from services.kernel.clock import Clock
from services.kernel.outbox import Relay, append, unpublished
from services.kernel.outbox.queue import waiting
from services.kernel.store import Store, open_store
from tests.contract.ledger import LEDGER, OUTBOX, event
from tests.contract.streams import RefusingBus, drained, running, until, values


async def change(store: Store, topic: Topic, subject: str, *versions: int) -> None:
    """One transaction: the row, and an event for each version, whose data is the version."""
    async with store.write() as connection:
        await connection.execute(insert(LEDGER).values(id=f"{subject}.{versions[0]}", note=f"{subject}.{versions[0]}"))
        await append(connection, OUTBOX, topic, *(event(subject, v, str(v).encode()) for v in versions))


async def waiting_count(store: Store) -> int:
    async with store.read() as connection:
        return await unpublished(connection, OUTBOX)


async def emptied(store: Store) -> None:
    async def empty() -> bool:
        return await waiting_count(store) == 0

    await until(empty)


async def test_a_rollback_drops_the_row_and_its_event(store: Store, bus: Bus, topic: Topic) -> None:
    async def change_my_mind() -> None:
        async with store.write() as connection:
            await connection.execute(insert(LEDGER).values(id="a", note="a"))
            await append(connection, OUTBOX, topic, event("a"))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    async with store.read() as connection:
        assert (await connection.execute(select(LEDGER))).all() == []
    assert await waiting_count(store) == 0
    assert await Relay(store, OUTBOX, bus).step() == 0


async def test_a_committed_event_is_published_as_it_was_written(store: Store, bus: Bus, topic: Topic) -> None:
    envelope = event("w_1", 7, '{"名": "张**"}'.encode(), traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    async with store.write() as connection:
        await append(connection, OUTBOX, topic, envelope)
    assert await Relay(store, OUTBOX, bus).step() == 1
    assert await waiting_count(store) == 0
    async with bus.subscribe([topic], "readers") as subscription:
        (message,) = await drained(subscription, 1)
    assert message.key == "w_1"
    assert message.value == envelope.data
    assert message.headers == envelope.headers()
    assert message.headers["traceparent"] == envelope.traceparent


async def test_a_tombstone_is_published_as_a_tombstone(store: Store, bus: Bus, topic: Topic) -> None:
    async with store.write() as connection:
        await append(connection, OUTBOX, topic, event("w_1", 2, data=None))
    await Relay(store, OUTBOX, bus).step()
    async with bus.subscribe([topic], "readers") as subscription:
        (message,) = await drained(subscription, 1)
    assert message.value is None


async def test_transactions_that_commit_in_reverse_order_of_their_ids_are_not_skipped(
    store: Store, bus: Bus, topic: Topic
) -> None:
    relay = Relay(store, OUTBOX, bus)
    async with store.write() as early:
        await append(early, OUTBOX, topic, event("early"))
        # PostgreSQL commits this one first, with the higher id; SQLite makes it wait for the block's end.
        late = asyncio.create_task(change(store, topic, "late", 1))
        await asyncio.wait([late], timeout=0.5)
        await relay.step()
    await late
    await relay.step()
    assert await waiting_count(store) == 0
    async with bus.subscribe([topic], "readers") as subscription:
        assert {message.key for message in await drained(subscription, 2)} == {"early", "late"}


async def test_a_crash_between_publishing_and_marking_makes_a_duplicate_not_a_loss(
    store: Store, bus: Bus, topic: Topic
) -> None:
    await change(store, topic, "a", 1, 2)
    async with store.read() as connection:
        rows = await waiting(connection, OUTBOX, 10)
    assert all(await bus.publish([row.record for row in rows]))
    # Here the process died: nothing was marked. Its successor begins again.
    assert await Relay(store, OUTBOX, bus).step() == 2
    async with bus.subscribe([topic], "readers") as subscription:
        assert values(await drained(subscription, 4), "a") == ["1", "2", "1", "2"]


async def test_what_follows_a_failed_event_of_its_key_is_sent_again(store: Store, bus: Bus, topic: Topic) -> None:
    await change(store, topic, "a", 1, 2, 3)
    await change(store, topic, "b", 1, 2)
    refusing = RefusingBus(bus, lambda record: record.key == "a" and record.value == b"2" and refusing.refused < 1)
    relay = Relay(store, OUTBOX, refusing)
    assert await relay.step() == 3
    assert await relay.step() == 2
    assert await waiting_count(store) == 0
    async with bus.subscribe([topic], "readers") as subscription:
        messages = await drained(subscription, 6)
    assert values(messages, "a") == ["1", "3", "2", "3"]
    assert values(messages, "b") == ["1", "2"]


async def test_a_running_relay_publishes_what_is_committed(store: Store, bus: Bus, topic: Topic) -> None:
    async with running(Relay(store, OUTBOX, bus, batch=4).run):
        for number in range(10):
            await change(store, topic, f"k{number}", 1, 2)
        await emptied(store)
    async with bus.subscribe([topic], "readers") as subscription:
        messages = await drained(subscription, 20)
    assert all(values(messages, f"k{number}") == ["1", "2"] for number in range(10))


async def test_a_running_relay_notices_what_another_process_commits(
    store: Store, store_url: str, bus: Bus, topic: Topic
) -> None:
    other = open_store(store_url)
    async with running(Relay(store, OUTBOX, bus).run):
        await change(other, topic, "a", 1)
        await emptied(store)
    await other.close()


async def test_a_running_relay_waits_for_a_bus_that_is_down(store: Store, bus: Bus, topic: Topic) -> None:
    up = asyncio.Event()
    refusing = RefusingBus(bus, lambda _record: not up.is_set())
    relay = Relay(store, OUTBOX, refusing)
    await change(store, topic, "a", 1, 2)
    async with running(relay.run):
        await until(lambda: refusing.refused >= 4)
        assert relay.trouble
        assert await waiting_count(store) == 2
        up.set()
        await emptied(store)
        await until(lambda: not relay.trouble)


async def test_one_relay_is_active_per_database_and_another_takes_over(
    store: Store, store_url: str, bus: Bus, topic: Topic
) -> None:
    published: list[tuple[str, Record]] = []

    def seen(name: str) -> RefusingBus:
        def note(record: Record) -> bool:
            published.append((name, record))
            return False

        return RefusingBus(bus, note)

    other = open_store(store_url)
    try:
        async with running(Relay(other, OUTBOX, seen("second"), poll_s=0.01).run):
            async with running(Relay(store, OUTBOX, seen("first"), poll_s=0.01).run):
                for number in range(20):
                    await change(store, topic, f"k{number}", 1)
                await emptied(store)
            assert len({name for name, _record in published}) == 1
            assert len(published) == 20
            await change(store, topic, "after", 1)
            await emptied(store)
        assert published[-1][1].key == "after"
    finally:
        await other.close()


class SettableClock(Clock):
    """A clock that tests put forward and back."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()


async def test_published_events_are_forgotten_after_a_while_and_waiting_ones_never(
    store: Store, bus: Bus, topic: Topic
) -> None:
    clock = SettableClock(datetime(2026, 3, 1, tzinfo=UTC))
    refusing = RefusingBus(bus, lambda record: record.key == "stuck")

    async def kept() -> set[str]:
        async with store.read() as connection:
            return set(await connection.scalars(select(OUTBOX.c.key)))

    async def only_new() -> bool:
        return await kept() == {"new"}

    relay = Relay(store, OUTBOX, refusing, clock=clock, keep=timedelta(hours=1))
    await change(store, topic, "old", 1)
    await relay.step()
    clock.moment += timedelta(hours=2)
    await change(store, topic, "new", 1)
    await relay.step()
    async with running(relay.run):
        await until(only_new)
        await change(store, topic, "stuck", 1)
        clock.moment += timedelta(days=9)
        await until(lambda: refusing.refused > 1)
    assert "stuck" in await kept()
