"""A process for tests to kill: `store|bus|lock|migrate URL [topic]`. It prints each thing once that was acknowledged."""

import asyncio
import itertools
import sys

from sqlalchemy import insert

from services.contracts.topics import Topic
from services.kernel.bus import Record, open_bus
from services.kernel.store import migrate, open_store
from tests.contract.ledger import LEDGER, MIGRATIONS


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def fill_store(url: str) -> None:
    store = open_store(url)
    for number in itertools.count():
        async with store.write() as connection:
            await connection.execute(insert(LEDGER).values(id=f"row{number}", note=f"row{number}"))
        say(f"row{number}")


async def fill_bus(url: str, topic: str) -> None:
    bus = open_bus(url)
    for number in itertools.count():
        records = [Record(Topic(topic, partitions=3), f"key{number}-{part}", b"{}") for part in range(3)]
        for record, arrived in zip(records, await bus.publish(records), strict=True):
            if arrived:
                say(record.key)


async def hold_lock(url: str) -> None:
    lock = await open_store(url).try_lock("test")
    say("locked" if lock else "taken")
    await asyncio.Event().wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["store", url]:
            asyncio.run(fill_store(url))
        case ["bus", url, topic]:
            asyncio.run(fill_bus(url, topic))
        case ["lock", url]:
            asyncio.run(hold_lock(url))
        case ["migrate", url]:
            asyncio.run(migrate(url, MIGRATIONS))
        case _:
            sys.exit(__doc__)
