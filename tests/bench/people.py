"""Whom to measure with: as many people as wanted, who say what those of the judged collection say. None of them exists."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from services.kernel.bus import Message, Partition, Record
from tests.registers import Row, identity_number
from tests.services.stream_events import posting_changed, worker_changed

COLLECTION: Final = Path(__file__).parents[1] / "data" / "judged_collection"
COUNTIES: Final = ("530627", "530621", "530326", "530602", "532524", "530424", "533301", "532601")
SEED: Final = 20_261_124
_WORDS: Final = {
    "certificates": "技能证书",
    "training": "培训经历",
    "experience": "务工经历",
    "intention_places": "意向地区",
    "intention_occupations": "意向工种",
    "intention_pay": "期望月薪",
    "lodging": "食宿要求",
    "start": "可上岗时间",
    "remark": "备注",
}
_POSTED: Final = {
    "lodging": "食宿",
    "hours": "工作时间",
    "age": "年龄要求",
    "certificates": "证书要求",
    "description": "岗位描述",
}


@cache
def read(name: str) -> Sequence[Row]:
    """The records of workers.jsonl or postings.jsonl."""
    return [json.loads(line) for line in (COLLECTION / f"{name}.jsonl").read_text("utf-8").splitlines()]


def workers(count: int, version: int = 1) -> list[Record]:
    """Events of people who each say something of several others."""
    dice = random.Random(SEED)  # noqa: S311 - no secret
    said = read("workers")
    made = []
    for number in range(count):
        words = {field: str(dice.choice(said).get(column) or "") for field, column in _WORDS.items()}
        birth_date = date(1966 + dice.randrange(38), 1 + dice.randrange(12), 1 + dice.randrange(28)).isoformat()
        facts: dict[str, object] = {"birth_date": birth_date, "county_code": dice.choice(COUNTIES), "stated": {}}
        made.append(worker_changed(f"w_{number:06}", version, words=words, **facts))
    return made


def postings() -> list[Record]:
    """Events of the collection's openings."""
    made = []
    for number, row in enumerate(read("postings")):
        words = {field: str(row.get(column) or "") for field, column in _POSTED.items()}
        made.append(posting_changed(f"p_{number:03}", title=row["岗位名称"], words=words))
    return made


def messages(records: Sequence[Record]) -> list[Message]:
    """As a subscription delivers them."""
    return [
        Message(Partition(record.topic.name, 0), place, record.key, record.value, record.headers, 0)
        for place, record in enumerate(records)
    ]


def register(count: int) -> Iterator[Row]:
    """The rows of a register of so many people."""
    dice = random.Random(SEED)  # noqa: S311 - no secret
    said = read("workers")
    for number in range(count):
        row = dict(dice.choice(said))
        row.pop("出生日期", None)
        born = date(1960 + number % 40, 1 + number % 12, 1 + number // 480 % 28)
        sequence = 1 + number % 400 * 2 + (row["性别"] == "女")
        yield row | {"序号": f"B{number:06}", "身份证号": identity_number(born, sequence), "联系电话": f"154{number:08d}"}
