"""A process that imports a file into a desk's folder, to be killed: `python -m tests.importing_process FOLDER FILE`."""

import asyncio
import sys
from pathlib import Path

from tests.builders import STAFF
from tests.registers import desk


async def main(folder: Path, content: bytes) -> None:
    """Submit the file and work through it as the running service does."""
    async with desk(folder) as workers:
        await workers.imports.submit(content, "台账.csv", STAFF)
        await workers.imports.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
