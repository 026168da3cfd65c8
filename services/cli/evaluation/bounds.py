"""Violations of hard limits in any list, counted from the records as they came: nothing of the ranking is asked."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from services.cli.evaluation.collection import POSTING_NUMBER, WORKER_NUMBER, Collection, Record
from services.cli.evaluation.measures import Run
from services.kernel.imports import healing

_WORKING_AGE: Final = 16  # 劳动法 15
_GUARDS_AGE: Final = 18  # 保安服务管理条例 16
_GUARDS: Final = ("保安", "秩序维护", "安管员")


def violations(collection: Collection, candidates: Run, openings: Run) -> list[str]:
    """`P001 W002 reason` for every pair that stands in a list of either direction against the law or its own closing day."""
    postings = {record[POSTING_NUMBER]: record for record in collection.postings}
    workers = {record[WORKER_NUMBER]: record for record in collection.workers}
    found = {
        f"{posting} {worker} {reason}"
        for posting, worker in (*_pairs(candidates), *((posting, worker) for worker, posting in _pairs(openings)))
        for reason in _broken(postings[posting], workers[worker], collection.today)
    }
    return sorted(found)


def _pairs(run: Run) -> Iterator[tuple[str, str]]:
    for query, documents in run.items():
        yield from ((query, document) for document in documents)


def _broken(posting: Record, worker: Record, today: date) -> Iterator[str]:
    closes = healing.day(posting.get("有效期至", "")).value
    if closes is not None and closes < today:
        yield "岗位已截止"
    born = healing.day(worker.get("出生日期", "")).value
    if born is None:
        return
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < _WORKING_AGE or (age < _GUARDS_AGE and _is_guard(posting)):
        yield "未到法定年龄"


def _is_guard(posting: Mapping[str, str]) -> bool:
    return any(word in posting.get("岗位名称", "") for word in _GUARDS)
