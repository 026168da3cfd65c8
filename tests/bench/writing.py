"""A write with its outbox row beside the same write without; a register's import beside a bare loop."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine
from sqlalchemy import delete, insert, select

from services.contracts.topics import WORKER_PROFILES
from services.kernel.ids import new_id
from services.kernel.outbox import append
from services.kernel.store import migrate, open_store
from services.kernel.vault.vaults import SERVICE
from services.workers import events, tables
from services.workers.app import MIGRATIONS
from services.workers.profile import Worker
from tests.bench.measuring import Row, awaited, in_turns
from tests.bench.people import register
from tests.registers import Desk, desk, table, xlsx

WRITES, ROWS, BATCH = 200, 1_000, 500


async def rows() -> AsyncIterator[Row]:
    """Both on SQLite, flushed to the disk at each commit."""
    yield await _outbox()
    yield await _import()


async def _outbox() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        async with desk(Path(folder)) as office:
            people = list(register(WRITES))
            await office.take(xlsx(table(people, list(people[0]))))
            async with office.store.write() as connection:
                workers = await office.workers.locked_after(connection, "", WRITES)
            mine, bare = await in_turns(
                lambda: _written(office, workers, told=True), lambda: _written(office, workers, told=False)
            )
    return Row(
        "registrations with their outbox rows, a second",
        f"{len(workers) / mine:,.0f}",
        f"without {len(workers) / bare:,.0f}",
        bare / mine,
        "≥ 0.80",
        bare / mine >= 0.8,
    )


async def _written(office: Desk, workers: Sequence[Worker], *, told: bool) -> float:
    """Each worker in a transaction of its own, into empty tables."""
    async with office.store.write() as connection:
        for emptied in (tables.workers, tables.outbox):
            await connection.execute(delete(emptied))
        await connection.execute(delete(tables.data_keys).where(tables.data_keys.c.owner != SERVICE))

    async def write() -> None:
        for worker in workers:
            async with office.store.write() as connection:
                await office.workers.add(connection, [worker])
                if told:
                    await append(connection, tables.outbox, WORKER_PROFILES, events.envelope(worker, worker.changed_at))

    return await awaited(write())


async def _import() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        people = list(register(ROWS))
        sheet = xlsx(table(people, list(people[0])))
        copied: dict[str, Sequence[Mapping[str, Any]]] = {}
        mine, bare = await in_turns(
            lambda: _imported(Path(folder), sheet, copied), lambda: _looped(Path(folder), sheet, copied), rounds=3
        )
    return Row(
        "import of a register, rows a second",
        f"{ROWS / mine:,.0f}",
        f"a bare loop {ROWS / bare:,.0f}",
        bare / mine,
        "≥ 0.5",
        bare / mine >= 0.5,
    )


async def _imported(folder: Path, sheet: bytes, copied: dict[str, Sequence[Mapping[str, Any]]]) -> float:
    home = folder / new_id("import")
    home.mkdir()
    async with desk(home) as workers:
        taken = await awaited(workers.take(sheet))
        for name in ("workers", "outbox"):
            copied[name] = [dict(row._mapping) for row in await workers.rows(name)]
        assert len(copied["workers"]) > ROWS * 0.95
    return taken


async def _looped(folder: Path, sheet: bytes, copied: Mapping[str, Sequence[Mapping[str, Any]]]) -> float:
    """Reads the same file and inserts the same rows."""
    url = f"sqlite+aiosqlite:///{folder / new_id('loop')}.db"
    await migrate(url, MIGRATIONS)
    store = open_store(url)

    async def loop() -> None:
        await asyncio.to_thread(lambda: python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python())
        for start in range(0, ROWS, BATCH):
            async with store.write() as connection:
                await connection.execute(insert(tables.workers), list(copied["workers"][start : start + BATCH]))
                await connection.execute(insert(tables.outbox), list(copied["outbox"][start : start + BATCH]))

    taken = await awaited(loop())
    async with store.read() as connection:
        assert len((await connection.execute(select(tables.workers.c.id))).all()) == len(copied["workers"])
    await store.close()
    return taken
