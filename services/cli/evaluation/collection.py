"""Reading a judged collection: workers, openings, judgments and the day on which they were judged.

A folder holds `postings.jsonl` (unless gold_compliance.jsonl brings its own) and, for the ranking, `workers.jsonl` (one record
a line, keys are the Chinese headings of a bureau's sheets) and `qrels.txt` (TREC: `posting 0 worker grade`, pairs not listed
are 0); `collection.json` tells the day (`{"today": "2026-11-01"}`).
`searches*.jsonl`, where there are any: `{"q": …, "over": "workers"|"postings", "3": [numbers], "2": […], "1": […]}`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

WORKER_NUMBER: Final = "序号"
POSTING_NUMBER: Final = "岗位编号"
GRADES: Final = {"0": 0, "1": 1, "2": 2, "3": 3}

Record = Mapping[str, str]
Judgments = Mapping[str, Mapping[str, int]]
"""Query -> document -> grade (0–3)."""


class BadCollection(Exception):
    """The folder is no collection; the message says in Chinese which file and line."""


@dataclass(frozen=True, slots=True)
class Search:
    """A text as staff type it, over which records, with the grades of what should be found (by number)."""

    text: str
    over: Literal["workers", "postings"]
    grades: Mapping[str, int]

    @property
    def key(self) -> str:
        """What tells it from the others of a file."""
        return f"{self.over} {self.text}"


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged collection. `grades`: posting -> worker -> grade; empty, as `workers`, where no ranking was judged."""

    today: date
    workers: Sequence[Record]
    postings: Sequence[Record]
    grades: Judgments
    searches: Mapping[str, Sequence["Search"]]
    """By the name of the file (`searches`, and others that begin so), in the file's order."""

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
    postings = () if _only_advertisements(folder) else _records(folder / "postings.jsonl", POSTING_NUMBER)
    today, searches = _today(folder / "collection.json"), _all_searches(folder)
    if not (folder / "qrels.txt").exists() and not (folder / "workers.jsonl").exists():
        return Collection(today, (), postings, {}, searches)
    workers = _records(folder / "workers.jsonl", WORKER_NUMBER)
    only_searched = bool(searches) and not (folder / "qrels.txt").exists()
    return Collection(today, workers, postings, {} if only_searched else _grades(folder / "qrels.txt"), searches)


def _only_advertisements(folder: Path) -> bool:
    """Whether the folder judges nothing but advertisements that stand in gold_compliance.jsonl themselves."""
    return (folder / "gold_compliance.jsonl").exists() and not (folder / "postings.jsonl").exists()


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


def _all_searches(folder: Path) -> Mapping[str, Sequence[Search]]:
    return {path.stem: _searches(path) for path in sorted(folder.glob("searches*.jsonl"))}


def _searches(path: Path) -> Sequence[Search]:
    found: list[Search] = []
    for line_number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            grades = {number: GRADES[grade] for grade in GRADES for number in raw.get(grade, ())}
            search = Search(raw["q"], raw["over"], grades)
        except (ValueError, KeyError, TypeError, AttributeError) as malformed:
            raise BadCollection(f'{path.name} 第 {line_number} 行应为 {{"q", "over", "3", "2", "1"}}') from malformed
        if search.over not in {"workers", "postings"} or search.key in {one.key for one in found}:
            raise BadCollection(f"{path.name} 第 {line_number} 行：over 应为 workers 或 postings，同一检索只写一次")
        found.append(search)
    return found


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
