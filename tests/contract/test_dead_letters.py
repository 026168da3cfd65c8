"""Dead letters are kept once, shown with their origin, and replayed without hiding what is newer; on every bus."""

from collections.abc import Sequence

from services.contracts.topics import Topic
from services.kernel.bus import Bus, DeadLetters, Message
from services.kernel.bus.dead_letters import Letter, Replay
from services.kernel.ids import new_id
from tests.contract.streams import RefusingBus, published, record, values


async def put(bus: Bus, topic: Topic, key: str, value: str | None, **headers: str) -> Message:
    """A message that was published and put aside."""
    await published(bus, [record(topic, key, value, **headers)])
    message = [message async for message in bus.snapshot([topic]) if message.key == key][-1]
    assert await DeadLetters(bus).put(message, "group", "unreadable")
    return message


async def listed(bus: Bus, topic: Topic) -> Sequence[Letter]:
    return [letter for letter in await DeadLetters(bus).list() if letter.topic == topic.name]


async def test_a_letter_keeps_the_message_its_origin_and_the_reason(bus: Bus, topic: Topic) -> None:
    message = await put(bus, topic, "a", "\x00{坏", ce_type="t")
    (letter,) = await listed(bus, topic)
    assert letter.value == message.value
    assert letter.headers == {"ce_type": "t"}
    assert (letter.group, letter.key, letter.reason) == ("group", "a", "unreadable")
    assert (letter.partition, letter.offset) == (message.partition.number, message.offset)
    assert await DeadLetters(bus).show(letter.id) == letter
    assert await DeadLetters(bus).show("no such letter") is None


async def test_a_message_delivered_twice_is_kept_once_per_group(bus: Bus, topic: Topic) -> None:
    message = await put(bus, topic, "a", "x")
    assert await DeadLetters(bus).put(message, "group", "still unreadable")
    assert await DeadLetters(bus).put(message, "another group", "unreadable")
    assert [(letter.group, letter.reason) for letter in await listed(bus, topic)] == [
        ("group", "still unreadable"),
        ("another group", "unreadable"),
    ]


async def test_a_replayed_message_comes_again_and_its_letter_is_gone(bus: Bus, topic: Topic) -> None:
    await put(bus, topic, "a", "x", ce_id="1")
    (letter,) = await listed(bus, topic)
    assert await DeadLetters(bus).replay([letter.id, letter.id]) == {letter.id: Replay.REPLAYED}
    assert await listed(bus, topic) == []
    again = [message async for message in bus.snapshot([topic])][-1]
    assert (again.key, again.value, again.headers) == ("a", b"x", {"ce_id": "1"})


async def test_a_tombstone_is_replayed_as_a_tombstone(bus: Bus, topic: Topic) -> None:
    await put(bus, topic, "a", None)
    (letter,) = await listed(bus, topic)
    await DeadLetters(bus).replay([letter.id])
    assert [message.value async for message in bus.snapshot([topic])][-1] is None


async def test_a_superseded_message_is_not_put_over_the_newer_one(bus: Bus, topic: Topic) -> None:
    await put(bus, topic, "a", "old")
    await published(bus, [record(topic, "a", "new")])
    (letter,) = await listed(bus, topic)
    assert await DeadLetters(bus).replay([letter.id]) == {letter.id: Replay.SUPERSEDED}
    assert await listed(bus, topic) == []
    assert values([message async for message in bus.snapshot([topic])], "a")[-1] == "new"


async def test_an_unknown_letter_is_said_to_be_unknown(bus: Bus, topic: Topic) -> None:
    await bus.ensure([topic])
    unknown = new_id("letter")
    assert await DeadLetters(bus).replay([unknown]) == {unknown: Replay.UNKNOWN}


async def test_a_letter_stays_when_its_replay_is_not_acknowledged(bus: Bus, topic: Topic) -> None:
    await put(bus, topic, "a", "x")
    (letter,) = await listed(bus, topic)
    down = RefusingBus(bus, lambda _record: True)
    assert await DeadLetters(down).replay([letter.id]) == {letter.id: Replay.FAILED}
    assert await listed(bus, topic) == [letter]
