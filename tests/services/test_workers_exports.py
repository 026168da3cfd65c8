"""The register taken out in the headings of the import: all digits, no formulas, audited, and unchanged when it comes back."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import select

from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.store import open_store
from services.workers import app as workers_app
from services.workers import tables
from services.workers.exports.row import ROW
from tests.builders import CLOCK, serving, settings
from tests.registers import REGISTER, person, table, xlsx
from tests.services.test_workers_api import imported, new_worker

EXPORT = "/v1/workers/exports"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    part = workers_app.part(settings(tmp_path), CLOCK)
    application = create_application(title="人", parts=[part], authenticator=LocalCredential.ensure(tmp_path))
    async with serving(application, tmp_path) as serving_client:
        yield serving_client


async def exported(client: httpx.AsyncClient, **asked: str) -> bytes:
    answer = await client.post(EXPORT, json={"purpose": "employment_service", **asked})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def sheet_rows(content: bytes) -> Sequence[Sequence[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value or "" for cell in row] for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_what_was_exported_changes_nothing_when_it_comes_back(client: httpx.AsyncClient, form: str) -> None:
    first = await imported(client, REGISTER.read_bytes())
    coded: dict[str, Any] = {"education": "E3", "household_category": "HS02", "relocated": True, "words": {}}
    words = {"remark": "=1+1", "experience": "-3年保洁", "training": "@电工"}
    hostile: dict[str, Any] = {"words": words, "township": "'=壮族乡"}
    for sequence, changes in enumerate((coded, hostile), start=801):
        body = new_worker(identity_number=person(sequence)["身份证号"], sex=None, **changes)
        answer = await client.post("/v1/workers", json=body)
        assert answer.status_code == 201, answer.text
    again = await imported(client, await exported(client, format=form))
    assert (again["accepted"], again["rejected"]) == (first["accepted"] + 2, 0)
    assert (again["unchanged"], again["differences"]) == (again["accepted"], {})


async def test_every_cell_is_text_with_all_its_digits(client: httpx.AsyncClient) -> None:
    await imported(client, xlsx(table([person(1, 备注="=HYPERLINK(1)", 联系电话="08712345678")])))
    head, row = sheet_rows(await exported(client))
    assert tuple(head) == ROW
    told = dict(zip(head, row, strict=True))
    assert (told["身份证号"], told["联系电话"]) == (person(1)["身份证号"], "08712345678")
    assert all(isinstance(cell, str) for cell in row)
    text = (await exported(client, format="csv")).decode("utf-8-sig")
    cells = dict(zip(*csv.reader(io.StringIO(text)), strict=True))
    assert cells["身份证号"] == "'" + person(1)["身份证号"]
    assert cells["联系电话"] == "'08712345678"


async def test_a_county_alone_and_nobody_who_left(client: httpx.AsyncClient) -> None:
    await imported(client, xlsx(table([person(1), person(2), person(3, 州市="曲靖市", 县="会泽县")])))
    leaving = (await client.get("/v1/workers", params={"number": "A0001"})).json()["items"][0]
    assert (await client.post(f"/v1/workers/{leaving['id']}/withdrawal")).status_code == 200
    rows = sheet_rows(await exported(client, county_code="530627"))
    assert [row[0] for row in rows[1:]] == ["A0002"]


async def test_each_person_taken_out_is_audited_with_the_purpose(client: httpx.AsyncClient, tmp_path: Path) -> None:
    await imported(client, xlsx(table([person(1), person(2)])))
    await exported(client, purpose="dispatch")
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'workers.db'}")
    try:
        async with store.read() as connection:
            rows = tables.audit.rows
            taken = list(await connection.execute(select(rows).where(rows.c.deed == "worker.exported")))
    finally:
        await store.close()
    assert [row.purpose for row in taken] == ["dispatch", "dispatch"]
    assert len({row.subject for row in taken}) == 2


async def test_an_unknown_purpose_takes_nothing_out(client: httpx.AsyncClient) -> None:
    answer = await client.post(EXPORT, json={"purpose": "curiosity"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
