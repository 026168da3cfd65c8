"""Imports outlive the process: what was accepted for import is imported, once, whatever kills the server meanwhile."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.contracts.events import WorkerChanged
from services.kernel.imports.ledger import ImportTaken
from services.kernel.imports.outcomes import Origin
from services.kernel.imports.reading import RawRow, Sheet
from services.kernel.imports.taking import Progress, RowTaker
from tests.builders import STAFF
from tests.registers import HEADINGS, Desk, csv_file, desk, person, table, xlsx

PEOPLE = 6_000
BATCH = 500


@asynccontextmanager
async def _importing(folder: Path, file: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.importing_process", str(folder), str(file))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _rows_done(workers: Desk) -> int:
    return sum(row.rows_done for row in await workers.rows("imports"))


async def _until_done(workers: Desk, rows: int) -> None:
    """Wait until that many rows are done by somebody else (the test's own time-out ends a wait in vain)."""
    while await _rows_done(workers) < rows:  # noqa: ASYNC110 - another process cannot set our event
        await asyncio.sleep(0.01)


async def test_an_import_goes_on_where_kill_9_left_it(tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    people = [person(number) for number in range(1, PEOPLE + 1)]
    people[10]["身份证号"] = "5"
    people[PEOPLE - 1] = people[20]  # a duplicate whose first row is before the kill
    file.write_bytes(csv_file(table(people), "gb18030"))
    folder = tmp_path / "data"
    folder.mkdir()
    async with desk(folder) as workers:
        async with _importing(folder, file) as process:
            await _until_done(workers, BATCH)
            assert process.returncode is None
            process.kill()
            await process.wait()
        stood_at = await _rows_done(workers)
        assert stood_at < PEOPLE
        assert await workers.count("workers") == stood_at - 1  # a batch is counted in the transaction that writes it
        assert await workers.count("import_files") == 1
        assert await workers.imports.step(asyncio.Event())
        view = await workers.imports.view((await workers.rows("imports"))[0].id, STAFF)
        assert (view.state, view.rows_done, view.created, view.rejected) == ("done", PEOPLE, PEOPLE - 2, 2)
        codes = [(finding.row, finding.code) for finding in view.report.findings]
        assert codes == [(12, "identity_length"), (PEOPLE + 1, "duplicate_in_file")]
        outbox = [WorkerChanged.model_validate_json(row.value) for row in await workers.rows("outbox")]
        assert len({event.worker_id for event in outbox}) == len(outbox) == PEOPLE - 2
        assert await workers.count("import_files") == 0


async def test_the_uploaded_bytes_lie_sealed_until_they_are_imported(tmp_path: Path) -> None:
    content = csv_file(table([person(1)]), "utf-8")
    async with desk(tmp_path) as workers:
        await workers.imports.submit(content, "台账.csv", STAFF)
        assert await workers.count("import_files") == 1
        stored = b"".join([path.read_bytes() for path in tmp_path.iterdir()])  # noqa: ASYNC240 - a test's own small folder
        assert person(1)["身份证号"].encode() not in stored


async def test_a_stop_ends_after_the_batch_under_way_and_the_next_start_goes_on(tmp_path: Path) -> None:
    rows = table([person(number) for number in range(1, 2 * BATCH + 2)])
    stop = asyncio.Event()
    stop.set()
    async with desk(tmp_path) as workers:
        view = await workers.imports.submit(xlsx(rows), "台账.xlsx", STAFF)
        await workers.imports.step(stop)
        assert (await workers.imports.view(view.id, STAFF)).rows_done == BATCH
        await workers.imports.step(asyncio.Event())
        after = await workers.imports.view(view.id, STAFF)
        assert (after.state, after.rows_done, after.created) == ("done", 2 * BATCH + 1, 2 * BATCH + 1)


async def test_imports_queue_and_the_runner_takes_them_in_order(tmp_path: Path) -> None:
    stop = asyncio.Event()
    async with desk(tmp_path) as workers:
        running = asyncio.create_task(workers.imports.run(stop))
        first = await workers.imports.submit(xlsx(table([person(1)])), "一.xlsx", STAFF)
        second = await workers.imports.submit(xlsx(table([person(1, 备注="新的")])), "二.xlsx", STAFF)
        await _until_done(workers, 2)
        stop.set()
        await running
        assert (await workers.imports.view(first.id, STAFF)).created == 1
        assert (await workers.imports.view(second.id, STAFF)).changed == 1
        assert not await workers.imports.step(asyncio.Event())


async def test_two_processes_on_one_import_count_no_row_twice(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        done = await workers.take(xlsx(table([person(1)])))
        inside = workers.imports._desk
        other = person(2)
        cells = tuple(other)
        row = inside.register.headings.recognise(cells)
        sheet = Sheet("", 0, row.columns, cells, row.unknown, row.repeated, expected=1)
        late = RowTaker(inside, sheet, Origin(done.id, "台账.xlsx", STAFF.scope))
        with pytest.raises(ImportTaken):
            await late.take([RawRow(1, list(other.values()))], Progress())
        assert await workers.count("workers") == 1


async def test_an_import_that_breaks_again_and_again_is_given_up(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.imports.submit(xlsx(table([person(1)])), "台账.xlsx", STAFF)
        for _ in range(5):
            async with workers.store.write() as connection:
                await workers.imports._desk.ledger.attempt(connection, view.id)
        await workers.imports.step(asyncio.Event())
        after = await workers.imports.view(view.id, STAFF)
        assert after.refusal is not None
        assert (after.state, after.refusal.code) == ("refused", "rows_failed")


def test_the_people_of_these_tests_are_different_people() -> None:
    column = HEADINGS.index("身份证号")
    assert len({row[column] for row in table([person(number) for number in range(1, PEOPLE + 1)])[1:]}) == PEOPLE
