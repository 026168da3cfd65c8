"""A process that writes to the embedded index until it is killed, and says on its output what was acknowledged.

python -m tests.contract.index.writing_process URL
"""

import asyncio
import itertools
import sys

from services.kernel.index import Document, open_index
from tests.contract.index.people import SCHEMA, person


async def main(url: str) -> None:
    index = open_index(url)
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    for number in itertools.count():
        batch = [person(f"{number}-{i}", words="月嫂 保洁") for i in range(20)]
        gone = Document(f"{number - 1}-0", 2, tombstone=True)
        await index.write(generation, [*batch, gone])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
