"""Every change and every look at a person's record leaves exactly one audit row; what was refused leaves none (I5)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.jobs import app as jobs_app
from services.jobs import tables as jobs_tables
from services.kernel.audit.chain import verify
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.store import open_store
from services.kernel.vault import open_vault
from services.workers import app as workers_app
from services.workers import tables as workers_tables
from tests.builders import CLOCK, new_posting, serving, settings
from tests.registers import desk, person, table, xlsx
from tests.services.test_workers_api import new_worker


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    config = settings(tmp_path)
    parts = [workers_app.part(config, CLOCK), jobs_app.part(config, CLOCK)]
    application = create_application(title="都", parts=parts, authenticator=LocalCredential.ensure(tmp_path))
    async with serving(application, tmp_path) as serving_client:
        yield serving_client


async def audited(folder: Path, service: str) -> list[Any]:
    """The rows, in order, after the chain was verified."""
    tables = {"workers": workers_tables.audit, "jobs": jobs_tables.audit}[service]
    store = open_store(f"sqlite+aiosqlite:///{folder / service}.db")
    try:
        async with store.read() as connection:
            await verify(connection, tables, open_vault(folder / "vault.key", create=False))
            return list(await connection.execute(select(tables.rows).order_by(tables.rows.c.position)))
    finally:
        await store.close()


async def test_a_workers_life_is_audited(client: httpx.AsyncClient, tmp_path: Path) -> None:
    made = (await client.post("/v1/workers", json=new_worker(), headers={"Idempotency-Key": "k1"})).json()
    path = f"/v1/workers/{made['id']}"
    await client.post("/v1/workers", json=new_worker(), headers={"Idempotency-Key": "k1"})
    assert (await client.post("/v1/workers", json=new_worker())).status_code == 409
    assert (await client.patch(path, json={"township": "乌峰街道"}, headers={"If-Match": '"1"'})).status_code == 200
    changes = {"phone": "15400006819", "words": {"health": "好"}}
    assert (await client.patch(path, json=changes, headers={"If-Match": '"1"'})).status_code == 200
    read = await client.get(path)
    assert (await client.get(path, headers={"If-None-Match": read.headers["ETag"]})).status_code == 304
    await client.post(f"{path}/withdrawal")
    await client.post(f"{path}/withdrawal")
    rows = await audited(tmp_path, "workers")
    assert [row.deed for row in rows] == ["worker.registered", "worker.amended", "worker.read", "worker.withdrawn"]
    assert rows[1].fields == ["phone", "words.health"]
    assert {"birth_date", "words.health"} <= set(rows[2].fields)
    assert len({row.subject for row in rows}) == 1
    assert {(row.actor_kind, row.scope) for row in rows} == {("staff", "everywhere")}
    assert rows[2].request_id == read.headers["X-Request-ID"]
    assert "15400006819" not in str(rows)


async def test_an_import_is_audited_for_who_asked_for_it(tmp_path: Path) -> None:
    people = [person(number) for number in range(1, 4)]
    async with desk(tmp_path) as workers:
        first = await workers.take(xlsx(table(people)))
        await workers.take(xlsx(table(people)))
        await workers.take(xlsx(table([people[0] | {"乡镇": "芒部镇"}, *people[1:]])))
    rows = await audited(tmp_path, "workers")
    done = [row.deed for row in rows]
    assert done == ["import.submitted", *["worker.registered"] * 3, "import.submitted", "import.submitted", "worker.amended"]
    assert rows[-1].fields == ["township"]
    assert {(row.actor, row.actor_kind, row.request_id) for row in rows[1:4]} == {("tester", "import", first.id)}


async def test_a_postings_life_is_audited(client: httpx.AsyncClient, tmp_path: Path) -> None:
    made = (await client.post("/v1/postings", json=new_posting())).json()
    path = f"/v1/postings/{made['id']}"
    changes = {"headcount": 4, "words": {"lodging": "包住"}}
    assert (await client.patch(path, json=changes, headers={"If-Match": '"1"'})).status_code == 200
    await client.post(f"{path}/withdrawal")
    rows = await audited(tmp_path, "jobs")
    assert [row.deed for row in rows] == ["posting.published", "posting.amended", "posting.withdrawn"]
    assert rows[1].fields == ["headcount", "words.lodging"]
