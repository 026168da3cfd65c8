"""Reading a judged collection: workers, openings, judgments and the day on which they were judged.

A folder holds `postings.jsonl` and, for the ranking, `workers.jsonl` (one record a line, keys are the Chinese headings of a
bureau's sheets) and `qrels.txt` (TREC: `posting 0 worker grade`, pairs not listed are 0); `collection.json` tells the day
(`{"today": "2026-11-01"}`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

WORKER_NUMBER: Final = "序号"
POSTING_NUMBER: Final = "岗位编号"
GRADES: Final = {"0": 0, "1": 1, "2": 2, "3": 3}

Record = Mapping[str, str]
Judgments = Mapping[str, Mapping[str, int]]
"""Query -> document -> grade (0–3)."""


class BadCollection(Exception):
    """The folder is no collection; the message says in Chinese which file and line."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged collection. `grades`: posting -> worker -> grade; empty, as `workers`, where no ranking was judged."""

    today: date
    workers: Sequence[Record]
    postings: Sequence[Record]
    grades: Judgments

    @property
    def grades_by_worker(self) -> Judgments:
        """The same judgments seen from the worker's side: worker -> posting -> grade."""
        turned: dict[str, dict[str, int]] = {}
        for posting, workers in self.grades.items():
            for worker, grade in workers.items():
                turned.setdefault(worker, {})[posting] = grade
        return turned


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`. Raises BadCollection naming the file and line that cannot be read."""
    postings = _records(folder / "postings.jsonl", POSTING_NUMBER)
    today = _today(folder / "collection.json")
    if not (folder / "qrels.txt").exists() and not (folder / "workers.jsonl").exists():
        return Collection(today, (), postings, {})
    return Collection(today, _records(folder / "workers.jsonl", WORKER_NUMBER), postings, _grades(folder / "qrels.txt"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as missing:
        raise BadCollection(f"缺少文件 {path.name}") from missing
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadCollection(f"读不了 {path.name}：{unreadable}") from unreadable


def _today(path: Path) -> date:
    try:
        return date.fromisoformat(json.loads(_text(path))["today"])
    except (ValueError, KeyError, TypeError) as malformed:
        raise BadCollection(f'{path.name} 应写明 {{"today": "年-月-日"}}') from malformed


def _records(path: Path, number: str) -> Sequence[Record]:
    records: list[Record] = []
    seen: set[str] = set()
    for line_number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            record = {str(key): text_of(value) for key, value in raw.items()}
        except (ValueError, AttributeError) as malformed:
            raise BadCollection(f"{path.name} 第 {line_number} 行不是 JSON 对象") from malformed
        if not record.get(number) or record[number] in seen:
            raise BadCollection(f"{path.name} 第 {line_number} 行缺少{number}，或{number}重复")
        seen.add(record[number])
        records.append(record)
    return records


def text_of(value: object) -> str:
    """A JSON value as a sheet's cell would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(text_of(part) for part in value)
    return str(value).strip()


def _grades(path: Path) -> Judgments:
    grades: dict[str, dict[str, int]] = {}
    for line_number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            posting, _, worker, grade = line.split()
            grades.setdefault(posting, {})[worker] = GRADES[grade]
        except (ValueError, KeyError) as malformed:
            raise BadCollection(f"{path.name} 第 {line_number} 行应为 “岗位 0 劳动者 0–3”") from malformed
    return grades
