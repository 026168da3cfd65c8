"""The measuring is right: collections are read, numbers are lent, figures agree with figures worked out by hand."""

import json
import math
from datetime import date
from pathlib import Path

import pytest

from services.cli.evaluation import lending, measures
from services.cli.evaluation.collection import BadCollection, read_collection
from services.workers import identity_number


def _write(folder: Path, **files: str) -> Path:
    whole = {
        "workers.jsonl": '{"序号": "W1", "姓名": "甲"}\n{"序号": "W2", "期望月薪": 4000}\n',
        "postings.jsonl": '{"岗位编号": "P1"}\n',
        "qrels.txt": "P1 0 W1 3\nP1 0 W2 1\n",
        "collection.json": json.dumps({"today": "2026-11-01"}),
    }
    for name, text in (whole | files).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_collection_is_read(tmp_path: Path) -> None:
    collection = read_collection(_write(tmp_path))
    assert collection.today == date(2026, 11, 1)
    assert [worker["序号"] for worker in collection.workers] == ["W1", "W2"]
    assert collection.workers[1]["期望月薪"] == "4000"
    assert collection.grades_by_worker == {"W1": {"P1": 3}, "W2": {"P1": 1}}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("workers.jsonl", "{", "第 1 行"),
        ("workers.jsonl", '{"姓名": "甲"}', "序号"),
        ("postings.jsonl", '{"岗位编号": "P1"}\n{"岗位编号": "P1"}', "第 2 行"),
        ("qrels.txt", "P1 0 W1 4", "qrels.txt 第 1 行"),
        ("qrels.txt", "P1 W1 2", "qrels.txt 第 1 行"),
        ("collection.json", "{}", "today"),
    ],
)
def test_a_broken_collection_names_file_and_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    folder = _write(tmp_path, **{name: text})
    with pytest.raises(BadCollection, match=said):
        read_collection(folder)


def test_searches_are_read_file_by_file(tmp_path: Path) -> None:
    folder = _write(tmp_path)
    assert read_collection(folder).searches == {}
    (folder / "searches.jsonl").write_text('{"q": "保安", "over": "workers", "3": ["W1"], "1": ["W2"]}\n', "utf-8")
    (folder / "searches_blind.jsonl").write_text('{"q": "保洁", "over": "postings", "2": ["P1"]}\n', "utf-8")
    found = read_collection(folder).searches
    assert {name: [(one.text, one.over, one.grades) for one in searches] for name, searches in found.items()} == {
        "searches": [("保安", "workers", {"W1": 3, "W2": 1})],
        "searches_blind": [("保洁", "postings", {"P1": 2})],
    }


@pytest.mark.parametrize("line", ["{", '{"q": "保安"}', '{"q": "保安", "over": "people"}', '"保安"'])
def test_a_broken_search_names_file_and_line(tmp_path: Path, line: str) -> None:
    folder = _write(tmp_path)
    (folder / "searches.jsonl").write_text(line, "utf-8")
    with pytest.raises(BadCollection, match=r"searches\.jsonl 第 1 行"):
        read_collection(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCollection, match=r"postings\.jsonl"):
        read_collection(tmp_path)
    (_write(tmp_path) / "workers.jsonl").unlink()
    with pytest.raises(BadCollection, match=r"workers\.jsonl"):
        read_collection(tmp_path)


def test_a_collection_may_be_judged_on_readings_alone(tmp_path: Path) -> None:
    folder = _write(tmp_path)
    for name in ("workers.jsonl", "qrels.txt"):
        (folder / name).unlink()
    collection = read_collection(folder)
    assert (len(collection.postings), collection.grades) == (1, {})


def test_advertisements_alone_may_be_judged(tmp_path: Path) -> None:
    for name in ("collection.json", "gold_compliance.jsonl"):
        (tmp_path / name).write_text('{"today": "2026-11-01"}' if name.startswith("coll") else "", "utf-8")
    assert read_collection(tmp_path).postings == ()


def test_lent_numbers_are_right_and_nobodys() -> None:
    workers = [
        {"序号": "W1", "性别": "男", "出生日期": "1977-07-23"},
        {"序号": "W2", "性别": "女", "年龄": "35岁"},
        {"序号": "W3"},
    ]
    lent = list(lending.with_identities(workers, date(2026, 11, 1)))
    facts = [identity_number.parse(worker["身份证号"]) for worker in lent]
    assert [fact.birth_date for fact in facts] == [date(1977, 7, 23), date(1991, 1, 1), date(1986, 1, 1)]
    assert all(worker["身份证号"].startswith("5399") and worker["姓名"] for worker in lent)
    numbers = {lending.identity_number(index, date(1980, 1, 1), male=bool(index % 2)) for index in range(3000)}
    assert len(numbers) == 3000


def test_own_numbers_are_kept() -> None:
    [worker] = lending.with_identities([{"序号": "W1", "姓名": "甲", "身份证号": "x"}], date(2026, 11, 1))
    assert worker["身份证号"] == "x"


def test_csv_has_every_heading_and_survives_commas_and_lines() -> None:
    text = lending.as_csv([{"序号": "1", "备注": '他说,"好"\n就去'}, {"序号": "2", "意向": "上海"}]).decode()
    assert text.splitlines()[0] == "序号,备注,意向"
    assert '"他说,""好""\n就去"' in text


def test_ndcg_has_exponential_gains() -> None:
    grades = {"P1": {"a": 3, "b": 1, "c": 2}}
    run = {"P1": {"b": 3.0, "a": 2.0, "d": 1.0, "c": 0.5}}
    gained = sum(gain / math.log2(rank + 2) for rank, gain in enumerate([1, 7, 0, 3]))
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate([7, 3, 1]))
    found = measures.figures(grades, run)
    assert found["ndcg@10"] == pytest.approx(gained / ideal, abs=1e-4)
    assert found["p@5"] == pytest.approx(2 / 5)
    assert found["recall@50"] == pytest.approx(1.0)
    assert measures.possible_precision(grades) == pytest.approx(2 / 5)


def test_a_query_without_a_list_counts_nothing_and_one_without_answers_is_left_out() -> None:
    grades = {"P1": {"a": 3}, "P2": {"a": 2}, "P3": {"a": 0}}
    run = {"P1": {"a": 1.0}, "P3": {"a": 1.0}}
    assert measures.figures(grades, run)["ndcg@10"] == pytest.approx(0.5)
    assert set(measures.by_query(grades, run)) == {"P1", "P2"}
