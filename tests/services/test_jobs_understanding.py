"""POST /v1/postings/understand, `yungong understand`, `yungong check` and the reports of `yungong evaluate`."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.jobs.app import part
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from tests.builders import CLOCK, serving, settings

UNSEEN = Path(__file__).parents[1] / "data" / "unseen_postings"
MESSAGE = "诚招保安3名，18-50岁，限男性，包吃住，月薪5500-6000，月休四天"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    application = create_application(
        title="jobs", parts=[part(settings(tmp_path), CLOCK)], authenticator=LocalCredential.ensure(tmp_path)
    )
    async with serving(application, tmp_path) as client:
        yield client


async def test_a_pasted_message_is_understood(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/postings/understand", json={"text": MESSAGE})
    assert answer.status_code == 200
    said = answer.json()
    assert said["facts"]["pay_min"]["value"] == 5500
    span = said["facts"]["rest"]["span"]
    assert MESSAGE[span["start"] : span["end"]] == "月休四天"
    assert 0 < said["facts"]["rest"]["confidence"] <= 1
    assert [work["id"] for work in said["occupations"]] == ["P01"]
    assert [(finding["category"], finding["severity"]) for finding in said["findings"]] == [("sex", "blocks")]
    assert said["publishable"] is False


async def test_columns_are_understood_with_their_contradictions(client: httpx.AsyncClient) -> None:
    columns = {"岗位名称": "保洁9人、园丁3人", "招聘人数": "11"}
    said = (await client.post("/v1/postings/understand", json={"columns": columns})).json()
    assert said["facts"]["headcount"]["value"] == 11
    assert [conflict["key"] for conflict in said["conflicts"]] == ["headcount"]
    assert said["publishable"] is True


@pytest.mark.parametrize(
    "body", [{}, {"text": "", "columns": {}}, {"text": "招人", "columns": {"岗位名称": "保安"}}, {"text": 5}]
)
async def test_what_cannot_be_read_is_refused(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    answer = await client.post("/v1/postings/understand", json=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"


async def test_a_stranger_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/postings/understand", json={"text": MESSAGE}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401


def test_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "message.txt"
    file.write_text(MESSAGE, "utf-8")
    said = CliRunner().invoke(app, ["understand", str(file), "--json"])
    assert said.exit_code == 0
    assert json.loads(said.stdout)["facts"]["headcount"]["value"] == 3
    checked = CliRunner().invoke(app, ["check", "-"], input=MESSAGE, env={"COLUMNS": "200"})
    assert checked.exit_code == 3
    assert "就业促进法27" in checked.stdout
    clean = CliRunner().invoke(app, ["check", "-"], input="招保安3名，包吃住")
    assert (clean.exit_code, clean.stdout.strip()) == (0, "没有发现问题")
    absent = CliRunner().invoke(app, ["check", str(tmp_path / "none.txt"), "--json"])
    assert absent.exit_code == 1
    assert json.loads(absent.stdout)["code"] == "cannot_continue"


def test_a_collection_without_rankings_is_evaluated_on_its_readings() -> None:
    result = CliRunner().invoke(app, ["evaluate", str(UNSEEN), "--json"])
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert set(report) == {"facts", "compliance"}
    assert report["facts"]["postings"] == report["compliance"]["postings"] == 10
    assert set(report["facts"]["micro"]) == {"precision", "recall", "f1", "right", "wrong", "missed"}
