"""The law of kernel/bus/port.py, on every sibling."""

import asyncio

import pytest

from services.contracts.topics import Topic
from services.kernel.bus import Bus, BusUnavailable, Message, open_bus
from services.kernel.ids import new_id
from tests.contract.streams import commit, drained, numbered, published, record, values, words_until_killed, writing_process


async def test_a_record_is_delivered_to_every_group_as_it_was_published(bus: Bus, topic: Topic) -> None:
    await published(bus, [record(topic, "甲", "云南", ce_type="x", 说明="中文")])
    for group in ("one", "two"):
        async with bus.subscribe([topic], group) as subscription:
            (message,) = await drained(subscription, 1)
        assert (message.key, message.value) == ("甲", "云南".encode())
        assert dict(message.headers) == {"ce_type": "x", "说明": "中文"}
        assert message.partition.topic == topic.name
        assert message.timestamp_ms > 0


async def test_a_tombstone_is_delivered(bus: Bus, topic: Topic) -> None:
    await published(bus, [record(topic, "a"), record(topic, "a", None)])
    async with bus.subscribe([topic], "group") as subscription:
        assert (await drained(subscription, 2))[1].value is None


async def test_records_of_a_key_keep_their_order(bus: Bus, topic: Topic) -> None:
    keys = [f"k{number}" for number in range(5)]
    streams = [numbered(topic, key, 20) for key in keys]
    await published(bus, [one for group in zip(*streams, strict=True) for one in group])
    async with bus.subscribe([topic], "group") as subscription:
        messages = await drained(subscription, 100)
    for key in keys:
        assert values(messages, key) == [str(number) for number in range(20)]


async def test_a_key_stays_in_its_partition(bus: Bus, bus_url: str, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 2))
    again = open_bus(bus_url)
    # The partitions that the topic was created with count, not those that a later caller has in mind.
    await published(again, [record(Topic(topic.name, partitions=1), "a"), record(topic, "a")])
    await again.close()
    async with bus.subscribe([topic], "group") as subscription:
        assert len({message.partition for message in await drained(subscription, 4)}) == 1


async def test_offsets_grow_within_a_partition(bus: Bus, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 5))
    async with bus.subscribe([topic], "group") as subscription:
        offsets = [message.offset for message in await drained(subscription, 5)]
    assert offsets == sorted(set(offsets))


async def test_what_was_not_committed_is_delivered_again(bus: Bus, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 5))
    async with bus.subscribe([topic], "group") as subscription:
        await commit(subscription, (await drained(subscription, 5))[:2])
    async with bus.subscribe([topic], "group") as subscription:
        assert values(await drained(subscription, 3), "a") == ["2", "3", "4"]


async def test_what_was_committed_is_not_delivered_again(bus: Bus, bus_url: str, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 5))
    async with bus.subscribe([topic], "group") as subscription:
        await commit(subscription, await drained(subscription, 5))
    again = open_bus(bus_url)
    await published(again, [record(topic, "a", "next")])
    async with again.subscribe([topic], "group") as subscription:
        assert values(await drained(subscription, 1), "a") == ["next"]
    await again.close()


async def test_a_new_group_replays_from_the_start(bus: Bus, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 3))
    async with bus.subscribe([topic], "old") as subscription:
        await commit(subscription, await drained(subscription, 3))
    async with bus.subscribe([topic], "new") as subscription:
        assert values(await drained(subscription, 3), "a") == ["0", "1", "2"]


async def test_rewinding_delivers_again(bus: Bus, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 4))
    async with bus.subscribe([topic], "group") as subscription:
        messages = await drained(subscription, 4)
        await subscription.rewind(messages[1].partition, messages[1].offset)
        assert values(await drained(subscription, 3), "a") == ["1", "2", "3"]


async def test_a_poll_brings_no_more_than_was_asked_for(bus: Bus, topic: Topic) -> None:
    await published(bus, [one for key in "abcdef" for one in numbered(topic, key, 4)])
    seen = 0
    async with bus.subscribe([topic], "group") as subscription:
        while seen < 24:
            polled = sum(len(batch) for batch in (await subscription.poll(5, 0.2)).values())
            assert polled <= 5
            seen += polled


async def test_a_poll_in_waiting_is_woken_by_a_record(bus: Bus, topic: Topic) -> None:
    async with bus.subscribe([topic], "group") as subscription:
        assert not await subscription.poll(10, 0.01)
        poll = asyncio.create_task(subscription.poll(10, 100))
        await asyncio.sleep(0.05)
        await published(bus, [record(topic, "a")])
        (messages,) = (await poll).values()
        assert len(messages) == 1


async def test_several_topics_are_read_together(bus: Bus, topic: Topic) -> None:
    other = Topic(new_id("test"), partitions=1)
    await bus.ensure([topic, other])
    async with bus.subscribe([topic, other], "group") as subscription:
        await published(bus, [record(topic, "a"), record(other, "b")])
        messages = await drained(subscription, 2)
    assert {message.partition.topic for message in messages} == {topic.name, other.name}


async def test_members_share_the_partitions_and_a_leaver_leaves_its_share(bus: Bus, topic: Topic) -> None:
    keys = [f"k{number}" for number in range(30)]
    async with bus.subscribe([topic], "group") as staying:
        await staying.poll(1, 0.01)
        async with bus.subscribe([topic], "group") as leaving:
            shares: tuple[set[int], set[int]] = (set(), set())
            while not all(shares):
                await published(bus, [record(topic, key) for key in keys])
                for share, member in zip(shares, (staying, leaving), strict=True):
                    share |= {partition.number for partition in await member.poll(100, 0.3)}
        seen: set[str] = set()
        await published(bus, [record(topic, key, "after") for key in keys])
        while len(seen) < len(keys):
            for batch in (await staying.poll(100, 0.2)).values():
                seen |= {message.key for message in batch if message.value == b"after"}


async def test_committing_a_partition_that_was_lost_is_passed_over(bus: Bus, topic: Topic) -> None:
    keys = [f"k{number}" for number in range(30)]
    await published(bus, [record(topic, key) for key in keys])
    async with bus.subscribe([topic], "group") as first:
        messages = await drained(first, len(keys))
        async with bus.subscribe([topic], "group") as second:
            gained: set[str] = set()
            while not gained:
                await first.poll(1, 0.2)
                gained = {message.key for batch in (await second.poll(100, 0.2)).values() for message in batch}
            await commit(first, messages)
            for message in messages:
                await first.rewind(message.partition, message.offset)
    # What the second one was given and did not commit comes again.
    async with bus.subscribe([topic], "group") as third:
        again = {message.key for message in await drained(third, len(gained))}
    assert gained <= again


async def test_positions_are_told_without_joining(bus: Bus, topic: Topic) -> None:
    assert set((await bus.positions([topic], "group")).values()) == {0}
    await published(bus, numbered(topic, "a", 5))
    async with bus.subscribe([topic], "group") as subscription:
        messages = await drained(subscription, 5)
        await commit(subscription, messages[:3])
    positions = await bus.positions([topic], "group")
    assert len(positions) == topic.partitions
    assert {partition: offset for partition, offset in positions.items() if offset} == {messages[0].partition: 3}


async def test_lag_counts_what_follows_the_committed_position(bus: Bus, topic: Topic) -> None:
    assert await bus.lag([topic], "group") == {topic.name: 0}
    await published(bus, numbered(topic, "a", 5))
    assert await bus.lag([topic], "group") == {topic.name: 5}
    async with bus.subscribe([topic], "group") as subscription:
        messages = await drained(subscription, 5)
        assert sum((await subscription.lag()).values()) == 5
        await commit(subscription, messages[:3])
        assert sum((await subscription.lag()).values()) == 2
    assert await bus.lag([topic], "group") == {topic.name: 2}


async def test_a_snapshot_is_everything_up_to_now(bus: Bus, topic: Topic) -> None:
    assert [message async for message in bus.snapshot([topic])] == []
    await published(bus, numbered(topic, "a", 5) + numbered(topic, "b", 5) + [record(topic, "c", None)])
    seen: list[Message] = []
    async for message in bus.snapshot([topic]):
        if not seen:
            await published(bus, [record(topic, "a", "later")])
        seen.append(message)
    assert values(seen, "a") == values(seen, "b") == ["0", "1", "2", "3", "4"]
    assert len(seen) == 11


async def test_a_snapshot_moves_no_group(bus: Bus, topic: Topic) -> None:
    await published(bus, numbered(topic, "a", 3))
    assert len([message async for message in bus.snapshot([topic])]) == 3
    async with bus.subscribe([topic], "group") as subscription:
        assert values(await drained(subscription, 3), "a") == ["0", "1", "2"]


async def test_what_was_acknowledged_survives_a_kill(bus: Bus, bus_url: str, topic: Topic) -> None:
    async with writing_process("bus", bus_url, topic.name) as process:
        acknowledged = await words_until_killed(process, 30)
    found = {message.key async for message in bus.snapshot([topic])}
    assert all(acknowledged)
    assert set(acknowledged) <= found


async def test_an_absent_bus_acknowledges_nothing_and_says_so(absent_bus_url: str, topic: Topic) -> None:
    bus = open_bus(absent_bus_url)
    try:
        assert await bus.publish([record(topic, "a"), record(topic, "b")]) == [False, False]
        with pytest.raises(BusUnavailable):
            await bus.ensure([topic])
        with pytest.raises(BusUnavailable):
            await bus.lag([topic], "group")
        with pytest.raises(BusUnavailable):
            async with bus.subscribe([topic], "group"):
                pass
        with pytest.raises(BusUnavailable):
            _ = [message async for message in bus.snapshot([topic])]
    finally:
        await bus.close()


async def test_publishing_nothing_is_no_trouble(bus: Bus) -> None:
    assert list(await bus.publish([])) == []
