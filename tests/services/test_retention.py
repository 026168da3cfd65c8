"""What is kept no longer than it must be: imports' rows, and people who left the register long ago."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from services.kernel.audit import Actor, acting
from services.kernel.clock import FixedClock
from services.kernel.http.auth import Scope
from services.workers import commands, tables
from services.workers.app import open_migrated
from services.workers.erasures import traces
from services.workers.retention import Retention
from services.workers.schemas import NewWorker, Withdrawal
from tests.builders import settings
from tests.registers import identity_number
from tests.services.test_workers_api import new_worker

START = date(2026, 1, 5)
EVERYWHERE = Scope.everywhere()
KEPT = Retention(imported=timedelta(days=90), withdrawn=timedelta(days=1095))


async def test_who_left_long_ago_is_erased_and_nobody_else(tmp_path: Path) -> None:
    config = settings(tmp_path)
    ids = []
    async with open_migrated(config, FixedClock(START)) as service:
        with acting(Actor("tester", "staff")):
            for sequence in (2, 4):
                body = NewWorker(**new_worker(identity_number=identity_number(sequence=sequence), name="余德珍"))
                made = await commands.register(service, EVERYWHERE, body, None)
                ids.append(made.headers["Location"].rpartition("/")[2])
            await commands.withdraw(service, EVERYWHERE, ids[0], Withdrawal(), None)
    async with open_migrated(config, FixedClock(START + timedelta(days=1094))) as service:
        assert await KEPT.step(service) == (0, 0)
    async with open_migrated(config, FixedClock(START + timedelta(days=1096))) as service:
        await KEPT.step(service)  # or the service's own work was faster
        async with service.store.read() as connection:
            assert set((await traces.count(connection, ids[0])).values()) == {0}
            assert (await traces.count(connection, ids[1]))["workers"] == 1
            reasons = (await connection.execute(select(tables.erasures.c.reason, tables.erasures.c.erased_by))).all()
            actors = await connection.scalar(select(func.count()).where(tables.audit.rows.c.actor == "retention"))
    assert [tuple(row) for row in reasons] == [("retention_over", "retention")]
    assert actors == 1
