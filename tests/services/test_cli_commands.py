"""The command line against the whole system: imports, candidates, openings, status; for people and for scripts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from services.cli.client import Client, find
from services.cli.main import app
from services.cli.sample import FILES
from tests.embedded_server import embedded_server
from tests.registers import csv_file, person, table, xlsx


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs `yungong` with one data directory."""

    data: Path

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        result = CliRunner().invoke(app, [*arguments, "--data", str(self.data)], env={"COLUMNS": "200", "YUNGONG_URL": None})
        return result.exit_code, result.stdout, result.stderr

    def json(self, *arguments: str) -> Any:
        """What a command that succeeds prints with --json."""
        code, out, err = self.run(*arguments, "--json")
        assert code == 0, out + err
        return json.loads(out)

    def api(self, path: str, **parameters: str | int) -> Any:
        """What the interface answers."""
        client = Client(find(None, self.data))
        try:
            return client.get(path, **parameters)
        finally:
            client.close()


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell beside a server that holds the sample."""
    data = tmp_path_factory.mktemp("var")
    with embedded_server(data):
        shell = Shell(data)
        assert shell.json("import", "workers", str(FILES["workers"]))["accepted"] == 60
        assert shell.json("import", "postings", str(FILES["postings"]))["accepted"] == 14
        yield shell


def sheet(folder: Path, *people: dict[str, Any]) -> str:
    """A register in a file."""
    path = folder / "台账.xlsx"
    path.write_bytes(xlsx(table(people)))
    return str(path)


def test_the_sample_is_clean(shell: Shell) -> None:
    for kind, file in FILES.items():
        done = shell.json("import", kind, str(file))
        assert (done["warned"], done["rejected"]) == (0, 0)


def test_an_import_tells_scripts_four_things(shell: Shell, tmp_path: Path) -> None:
    good, bad = person(801), person(802, 身份证号="12345")
    done = shell.json("import", "workers", sheet(tmp_path, good, person(803, 户类型="不知道的类型"), bad))
    assert set(done) == {"accepted", "warned", "rejected", "report"}
    assert (done["accepted"], done["warned"], done["rejected"]) == (2, 1, 1)
    assert "/v1/workers/imports/imp_" in done["report"]


def test_an_import_tells_people_what_was_sent_back(shell: Shell, tmp_path: Path) -> None:
    report = tmp_path / "退回.xlsx"
    code, out, _ = shell.run("import", "workers", sheet(tmp_path, person(811, 姓名="")), "--report", str(report))
    assert code == 0
    assert "退回 1 行" in out
    assert "没有姓名" in out
    assert report.read_bytes().startswith(b"PK")


def test_sheets_that_were_not_read_are_told(shell: Shell, tmp_path: Path) -> None:
    path = Path(sheet(tmp_path, person(821)))
    book = openpyxl.load_workbook(path)
    book.create_sheet("B乡").append(["姓名"])
    book.save(path)
    code, out, _ = shell.run("import", "workers", str(path))
    assert code == 0
    assert "没有读：B乡" in out


def test_a_sheet_that_cannot_be_imported_says_why(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "清单.csv"
    file.write_text("品名,数量\n铅笔,3\n", encoding="utf-8")
    code, _, err = shell.run("import", "workers", str(file))
    assert code == 1
    assert "无法导入" in err
    code, out, _ = shell.run("import", "workers", str(file), "--json")
    assert code == 1
    assert json.loads(out)["code"]


def test_candidates_by_number_are_what_the_interface_answers(shell: Shell) -> None:
    answer = shell.json("candidates", "G001")
    posting_id = answer["posting"]["posting_id"]
    assert answer == shell.api(f"/v1/postings/{posting_id}/candidates", limit=10)
    assert answer == shell.json("candidates", posting_id)
    assert answer["items"]
    for item in answer["items"]:
        assert item["score"] == pytest.approx(sum(part["value"] * part["weight"] for part in item["parts"]))
        assert item["reasons"]


def test_people_see_reasons(shell: Shell) -> None:
    code, out, _ = shell.run("candidates", "G001", "--limit", "3")
    assert code == 0
    assert "住家月嫂" in out
    assert out.count("理由") == 3


def test_openings_by_number_are_what_the_interface_answers(shell: Shell) -> None:
    answer = shell.json("openings", "Y001")
    worker_id = answer["worker"]["worker_id"]
    assert answer == shell.api(f"/v1/workers/{worker_id}/openings", limit=10)
    assert answer["items"][0]["summary"]["title"] == "住家月嫂"
    assert "杨玉琼" not in json.dumps(answer, ensure_ascii=False)


def test_one_candidate_is_explained_also_who_is_not_listed(shell: Shell) -> None:
    items = shell.json("candidates", "G001", "--limit", "100")["items"]
    told = shell.json("candidates", "G001", "--explain", items[0]["worker_id"])
    assert (told["rank"], told["reasons"]) == (1, items[0]["reasons"])
    code, out, _ = shell.run("candidates", "G001", "--explain", items[0]["worker_id"])
    assert code == 0
    assert "第 1 名" in out
    assert "想做的工种" in out
    listed = {item["worker_id"] for item in items}
    absent = next(one["id"] for one in shell.api("/v1/workers", limit=100)["items"] if one["id"] not in listed)
    code, out, _ = shell.run("candidates", "G001", "--explain", absent)
    assert code == 0
    assert "不在名单里" in out or "没有检索到" in out


def test_one_opening_is_explained_to_the_worker(shell: Shell) -> None:
    best = shell.json("openings", "Y020")["items"][0]
    told = shell.json("openings", "Y020", "--explain", best["posting_id"])
    assert told["rank"] == 1
    assert any("你" in words for words in told["reasons"])


def test_candidates_right_after_an_import_miss_nobody(shell: Shell, tmp_path: Path) -> None:
    new = person(822, 姓名="余新来", 意向工种="月嫂", 序号="NEW822")
    assert shell.json("import", "workers", sheet(tmp_path, new))["accepted"] == 1
    found = shell.json("candidates", "G001", "--limit", "100")["items"]
    assert "NEW822" in [item["number"] for item in found]


def test_a_number_that_nobody_has(shell: Shell) -> None:
    code, _, err = shell.run("candidates", "G999")
    assert code == 1
    assert "没有编号为 G999" in err


def test_a_number_that_several_have_lists_them(shell: Shell, tmp_path: Path) -> None:
    twins = [person(831, 序号="TWIN", 姓名="甲"), person(832, 序号="TWIN", 姓名="乙")]
    shell.json("import", "workers", sheet(tmp_path, *twins))
    code, _, err = shell.run("openings", "TWIN")
    assert code == 1
    assert err.count("w_") >= 2


def test_an_unknown_id_is_the_interfaces_problem_with_its_code(shell: Shell) -> None:
    code, _, err = shell.run("candidates", "p_01JD3ZABCDEFGHJKMNPQRSTVWX")
    assert code == 1
    assert "not_found" in err
    code, out, _ = shell.run("candidates", "p_01JD3ZABCDEFGHJKMNPQRSTVWX", "--json")
    assert code == 1
    assert json.loads(out)["status"] == 404


def test_status_for_scripts(shell: Shell) -> None:
    shell.json("candidates", "G001")  # waits until everything is searchable
    status = shell.json("status")
    assert {"workers", "postings", "indexed", "lag"} <= set(status)
    assert status["workers"] >= 60
    assert status["indexed"] == {"workers": status["workers"], "postings": 14}
    assert set(status["lag"]) == {"workers_outbox", "postings_outbox", "workers_index", "postings_index"}
    assert not any(status["lag"].values())


def test_status_for_people(shell: Shell) -> None:
    code, out, _ = shell.run("status")
    assert code == 0
    assert "劳动力" in out


def test_the_doctor_finds_a_server_that_is_well(shell: Shell) -> None:
    subjects = {finding["subject"]: finding for finding in shell.json("doctor")}
    assert subjects["服务器"]["state"] == "ok"
    assert subjects["检索进度"]["state"] in {"ok", "warning"}


def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir(mode=0o755)
    (data / "vault.key").write_text("key", "ascii")
    (data / "vault.key").chmod(0o644)
    code, out, _ = Shell(data).run("doctor", "--url", "http://127.0.0.1:9")
    assert code == 1
    assert f"chmod 700 {data}" in out
    assert f"chmod 600 {data / 'vault.key'}" in out
    assert "yungong up" in out


@pytest.mark.parametrize(
    "arguments",
    [("candidates",), ("import", "workers", "/nowhere.xlsx"), ("candidates", "G001", "--limit", "0"), ("status", "--what")],
)
def test_wrong_usage_is_exit_code_2(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.run(*arguments)[0] == 2


def test_without_a_server_it_says_how_to_start_one(tmp_path: Path) -> None:
    code, _, err = Shell(tmp_path).run("status", "--url", "http://127.0.0.1:9")
    assert code == 1
    assert "yungong up" in err


def test_a_trial_is_confirmed_and_differences_are_decided(shell: Shell, tmp_path: Path) -> None:
    one = person(701)
    shell.json("import", "workers", sheet(tmp_path, one))
    changed = sheet(tmp_path, one | {"意向工种": "保安"}, person(702))
    code, out, _ = shell.run("import", "workers", changed, "--dry-run", "--policy", "ask")
    assert code == 0
    assert "没有改动任何记录" in out
    found = re.search(r"yungong import confirm workers (imp_\w+)", out)
    assert found
    assert len(shell.api("/v1/workers", number="A0702")["items"]) == 0
    assert shell.json("import", "confirm", "workers", found[1])["accepted"] == 2
    assert len(shell.api("/v1/workers", number="A0702")["items"]) == 1
    (difference,) = shell.json("import", "differences", found[1])["items"]
    assert (difference["held"], difference["offered"], difference["decision"]) == ("保洁", "保安", "open")
    assert shell.json("import", "decide", found[1], "--take", str(difference["id"]))["counts"] == {"taken": 1}
    code, out, _ = shell.run("import", "differences", found[1])
    assert "已采用表格" in out


def test_a_countys_headings_are_kept_and_used(shell: Shell, tmp_path: Path) -> None:
    own = ("--heading", "身份识别码=身份证号", "--heading", "当事人=姓名")
    assert len(shell.json("import", "template", "530627", *own)["headings"]) == 2
    path = tmp_path / "台账.csv"
    path.write_bytes(csv_file([["当事人", "身份识别码", "县"], ["测试人", person(703)["身份证号"], "镇雄县"]], "utf-8"))
    assert shell.json("import", "workers", str(path), "--template", "530627")["accepted"] == 1
    code, out, _ = shell.run("import", "template", "530627", "--heading", "甲=没有的列", "--json")
    assert (code, json.loads(out)["code"]) == (1, "invalid_input")


def test_the_register_is_saved_whole_for_its_owner_alone(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "导出.csv"
    told = shell.json("export", "workers", str(file), "--purpose", "employment_service")
    assert told["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0
    code, _, err = shell.run("export", "workers", str(file), "--purpose", "employment_service", "--county", "999999")
    assert code == 1
    assert "unknown_code" in err
    assert file.stat().st_size == told["bytes"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["导出.csv"]


def test_what_clerks_do_daily(shell: Shell, tmp_path: Path) -> None:
    assert shell.json("followups", "due", "--on", "2027-12-01", "--limit", "300")["items"][0]["reasons"]
    code, out, _ = shell.run("followups", "due", "--on", "2027-12-01", "--limit", "3")
    assert code == 0
    assert "登记后还没有联系过" in out
    stale = shell.json("followups", "stale", "--on", "2027-12-01", "--days", "90")
    registered = shell.api("/v1/workers/counts")["workers"]  # the sample's, and those of other tests
    assert registered >= 60
    assert stale["total"] == registered
    code, out, _ = shell.run("followups", "stale", "--on", "2027-12-01")
    assert (code, f"共 {registered} 人" in out) == (0, True)
    assert shell.json("followups", "overdue")["total"] == 0
    code, _, err = shell.run("followups", "stale", "--county", "000000")
    assert (code, "unknown_code" in err) == (1, True)
    for arguments in (("due", "--on", "2027-12-01"), ("stale",), ("overdue",)):
        file = tmp_path / f"{arguments[0]}.xlsx"
        assert shell.json("followups", *arguments, "--xlsx", str(file))["bytes"] == file.stat().st_size
        assert openpyxl.load_workbook(file).worksheets[0].max_column > 5


def test_figures_for_people_and_in_sheets(shell: Shell, tmp_path: Path) -> None:
    registered = shell.api("/v1/workers/counts")["workers"]
    answer = shell.json("statistics", "--by", "county,status")
    assert (answer["by"], answer["total"]) == (["county", "status"], registered)
    assert shell.json("statistics", "--by", "age", "--as-of", "2020-01-01")["total"] == 0
    code, out, _ = shell.run("statistics")
    assert (code, f"共 {registered} 人" in out) == (0, True)
    file = tmp_path / "统计.xlsx"
    assert shell.json("statistics", "--xlsx", str(file))["file"] == str(file)
    assert "县×户类型" in openpyxl.load_workbook(file).sheetnames
    places = shell.json("quality")["items"]
    assert sum(place["workers"] for place in places) == registered
    assert [place["score"] for place in places] == sorted(place["score"] for place in places)
    code, out, _ = shell.run("quality", "--county", places[0]["county_code"])
    assert (code, "平均分" in out) == (0, True)


def test_a_search_says_what_was_understood(shell: Shell) -> None:
    answer = shell.json("search", "workers", "五十岁以下 想去上海的月嫂", "--facet", "county")
    assert [one["label"] for one in answer["understood"]["concepts"]] == ["年龄不超过50岁", "想去上海市", "做月嫂"]
    assert "月嫂" in answer["items"][0]["summary"]["intention_occupations"]
    assert answer["facets"]["county"]
    code, out, _ = shell.run("search", "workers", "五十岁以下 女 月嫂")
    assert code == 0
    assert "理解为" in out
    assert "依法不作为检索条件" in out


def test_a_search_over_openings_adds_up_vacancies(shell: Shell) -> None:
    answer = shell.json("search", "postings", "住家月嫂")
    assert answer["items"][0]["summary"]["title"] == "住家月嫂"
    assert answer["vacancies"] >= answer["items"][0]["summary"]["headcount"]
    code, out, _ = shell.run("search", "postings", "住家月嫂")
    assert code == 0
    assert "共招" in out
