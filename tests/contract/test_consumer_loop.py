"""The consumer loop obeys its handler's verdicts and loses nothing, on every bus."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from services.contracts.topics import DEAD_LETTERS, Topic
from services.kernel.bus import (
    Bus,
    ConsumerLoop,
    DeadLetter,
    DeadLetters,
    Done,
    Hold,
    Message,
    Stop,
    Verdict,
)
from services.kernel.bus.consumer_loop import ConsumerStopped
from services.kernel.ids import new_id
from services.kernel.pauses import Backoff
from tests.contract.streams import RefusingBus, numbered, published, record, running, until, values


class Reader:
    """A handler that keeps what it was given, and judges each message by a rule."""

    def __init__(self, rule: Callable[[Message], Verdict] = lambda _message: Done()) -> None:
        self.rule = rule
        self.given: list[Message] = []
        self.done: list[Message] = []

    async def __call__(self, messages: Sequence[Message]) -> Sequence[Verdict]:
        assert len({message.partition for message in messages}) == 1
        verdicts = [self.rule(message) for message in messages]
        self.given += messages
        self.done += [message for message, verdict in zip(messages, verdicts, strict=True) if isinstance(verdict, Done)]
        return verdicts


@pytest.fixture
def group() -> str:
    return new_id("group")


Opened = Callable[..., ConsumerLoop]


@pytest.fixture
def opened(bus: Bus, topic: Topic, group: str) -> Opened:
    def loop(handler: Reader, over: Bus = bus, **settings: float) -> ConsumerLoop:
        given = {"poll_s": 0.1, **settings}
        return ConsumerLoop(over, [topic], group, handler, DeadLetters(over), backoff=Backoff(0.01, 0.05), **given)  # type: ignore[arg-type]

    return loop


async def caught_up(bus: Bus, topic: Topic, group: str) -> None:
    async def without_lag() -> bool:
        return (await bus.lag([topic], group))[topic.name] == 0

    await until(without_lag)


async def letters(bus: Bus, topic: Topic) -> list[tuple[str, str]]:
    return [(letter.key, letter.reason) for letter in await DeadLetters(bus).list() if letter.topic == topic.name]


async def test_what_is_done_is_committed(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    await published(bus, numbered(topic, "a", 5) + numbered(topic, "b", 5))
    first, second = Reader(), Reader()
    async with running(opened(first).run):
        await caught_up(bus, topic, group)
    assert values(first.done, "a") == values(first.done, "b") == ["0", "1", "2", "3", "4"]
    await published(bus, [record(topic, "a", "next")])
    async with running(opened(second).run):
        await caught_up(bus, topic, group)
    assert values(second.given, "a") == ["next"]


async def test_only_what_was_on_hold_is_handled_again(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    overloaded = 3

    def rule(message: Message) -> Verdict:
        nonlocal overloaded
        if message.value in {b"1", b"3"} and overloaded:
            overloaded -= 1
            return Hold("429")
        return Done()

    reader = Reader(rule)
    await published(bus, numbered(topic, "a", 6))
    async with running(opened(reader).run):
        await caught_up(bus, topic, group)
    assert sorted(values(reader.done, "a")) == ["0", "1", "2", "3", "4", "5"]
    assert len(values(reader.given, "a")) == 6 + 3


async def test_a_hold_names_the_trouble_until_it_is_over(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    away = True
    reader = Reader(lambda _message: Hold("index is away") if away else Done())
    loop = opened(reader)
    await published(bus, numbered(topic, "a", 3))
    async with running(loop.run):
        await until(lambda: len(reader.given) >= 9)
        await until(lambda: "index is away" in loop.trouble)
        assert await bus.lag([topic], group) == {topic.name: 3}
        away = False
        await caught_up(bus, topic, group)
        await until(lambda: not loop.trouble)
    assert values(reader.done, "a") == ["0", "1", "2"]
    assert await letters(bus, topic) == []


async def test_a_poison_record_is_put_aside_and_the_rest_flows(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    reader = Reader(lambda message: DeadLetter("not JSON: \ud800") if message.value == b"{" else Done())
    await published(bus, [record(topic, "a", "0"), record(topic, "a", "{", ce_id="e1"), record(topic, "a", "2")])
    async with running(opened(reader).run):
        await caught_up(bus, topic, group)
    assert values(reader.done, "a") == ["0", "2"]
    (letter,) = [letter for letter in await DeadLetters(bus).list() if letter.topic == topic.name]
    poison = next(message for message in reader.given if message.value == b"{")
    assert (letter.topic, letter.partition, letter.offset) == (topic.name, poison.partition.number, poison.offset)
    assert (letter.group, letter.key, letter.value) == (group, "a", b"{")
    assert letter.headers == {"ce_id": "e1"}
    assert letter.reason == "not JSON: \\ud800"


async def test_too_many_dead_letters_in_a_row_stop_it_loudly(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    await published(bus, numbered(topic, "a", 10))
    broken = Reader(lambda _message: DeadLetter("my schema is wrong"))
    with pytest.raises(ConsumerStopped, match="my schema is wrong"):
        await opened(broken, dead_letters_in_a_row=3).run(asyncio.Event())
    assert len(await letters(bus, topic)) == 3
    mended = Reader()
    async with running(opened(mended).run):
        await caught_up(bus, topic, group)
    assert values(mended.done, "a") == [str(number) for number in range(3, 10)]


async def test_dead_letters_now_and_then_do_not_stop_it(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    await published(bus, numbered(topic, "a", 10))
    reader = Reader(lambda message: DeadLetter("odd") if int(message.value or b"0") % 2 else Done())
    async with running(opened(reader, dead_letters_in_a_row=1).run):
        await caught_up(bus, topic, group)
    assert len(await letters(bus, topic)) == 5


async def test_stop_keeps_what_came_before_and_loses_nothing(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    await published(bus, numbered(topic, "a", 4))
    unfit = Reader(lambda message: Stop("wrong lexicon") if message.value == b"2" else Done())
    with pytest.raises(ConsumerStopped, match="wrong lexicon"):
        await opened(unfit).run(asyncio.Event())
    fit = Reader()
    async with running(opened(fit).run):
        await caught_up(bus, topic, group)
    assert values(fit.given, "a") == ["2", "3"]


async def test_a_handler_that_crashes_loses_nothing(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    def crash(message: Message) -> Verdict:
        raise ZeroDivisionError(message.key)

    await published(bus, numbered(topic, "a", 2))
    with pytest.raises(ZeroDivisionError):
        await opened(Reader(crash)).run(asyncio.Event())
    mended = Reader()
    async with running(opened(mended).run):
        await caught_up(bus, topic, group)
    assert values(mended.done, "a") == ["0", "1"]


async def test_a_turn_that_hangs_stops_it_loudly(bus: Bus, topic: Topic, group: str) -> None:
    async def hang(_messages: Sequence[Message]) -> Sequence[Verdict]:
        await asyncio.Event().wait()
        return []

    await published(bus, [record(topic, "a")])
    loop = ConsumerLoop(bus, [topic], group, hang, DeadLetters(bus), poll_s=0.1, watchdog_s=10)
    loop._watchdog_s = 0.5
    with pytest.raises(ConsumerStopped, match="no progress"):
        await loop.run(asyncio.Event())
    assert await bus.lag([topic], group) == {topic.name: 1}


async def test_a_dead_letter_that_is_not_acknowledged_holds_its_message(
    bus: Bus, topic: Topic, group: str, opened: Opened
) -> None:
    refusing = RefusingBus(bus, lambda record: record.topic == DEAD_LETTERS and refusing.refused < 2)
    reader = Reader(lambda message: DeadLetter("poison") if message.value == b"1" else Done())
    await published(bus, numbered(topic, "a", 3))
    async with running(opened(reader, refusing).run):
        await caught_up(bus, topic, group)
    assert refusing.refused == 2
    assert await letters(bus, topic) == [("a", "poison")]
    assert values(reader.done, "a") == ["0", "2"]


async def test_two_loops_of_a_group_handle_everything_between_them(bus: Bus, topic: Topic, group: str, opened: Opened) -> None:
    first, second = Reader(), Reader()
    keys = [f"k{number}" for number in range(40)]
    async with running(opened(first).run):
        await published(bus, [record(topic, key, "0") for key in keys])
        async with running(opened(second).run):
            await published(bus, [record(topic, key, "1") for key in keys])
            await caught_up(bus, topic, group)
        await published(bus, [record(topic, key, "2") for key in keys])
        await caught_up(bus, topic, group)
    handled = {(message.key, message.value) for message in first.done + second.done}
    assert handled == {(key, value) for key in keys for value in (b"0", b"1", b"2")}
