"""A collection as sheets: what the import asks for and a collection leaves out is lent for the run.

Collections hold no identity numbers, so each worker is lent one from the unassigned area 5399xx (nobody's), which agrees with
birth date and sex and has a right check character (GB 11643). Nothing that is lent takes part in ranking but the birth date.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from services.cli.evaluation.collection import Record
from services.kernel.imports import healing
from services.workers.identity_number import check_character

_AREA: Final = "5399"
_PER_AREA: Final = 499
_AREAS: Final = 100
_USUAL_AGE: Final = 40
NUMBER: Final = "身份证号"


def with_identities(workers: Sequence[Record], today: date) -> Iterator[Record]:
    """The workers with a name and an identity number each; those that have their own keep it."""
    for index, worker in enumerate(workers):
        lent = {"姓名": worker.get("姓名") or f"无名{index + 1}"}
        if not worker.get(NUMBER):
            lent[NUMBER] = identity_number(index, _birth_date(worker, today), male=worker.get("性别") == "男")
        yield {**worker, **lent}


def identity_number(index: int, born: date, *, male: bool) -> str:
    """The lent number of the `index`-th worker of a run; different for each index below 49,900."""
    area, sequence = divmod(index, _PER_AREA)
    odd_for_men = sequence * 2 + 1 if male else sequence * 2 + 2
    first17 = f"{_AREA}{area % _AREAS:02d}{born:%Y%m%d}{odd_for_men:03d}"
    return first17 + check_character(first17)


def _birth_date(worker: Record, today: date) -> date:
    stated = healing.day(worker.get("出生日期", "")).value
    if stated is not None:
        return stated
    age = healing.amount(worker.get("年龄", "").removesuffix("周岁").removesuffix("岁")).value
    return date(today.year - int(age or _USUAL_AGE), 1, 1)


def as_csv(records: Sequence[Record]) -> bytes:
    """The records as a CSV file (UTF-8) under the headings that any of them has."""
    headings = list(dict.fromkeys(heading for record in records for heading in record))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, restval="")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()
