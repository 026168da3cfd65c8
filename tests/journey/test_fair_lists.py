"""Who is put before whom does not change when sex and ethnicity do, from a sheet all the way to the lists (就业促进法 26)."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from services.cli.evaluation.collection import Collection, Record, read_collection
from services.cli.evaluation.run import run

FOLDER: Final = Path(__file__).parents[1] / "data" / "second_collection"
FLIPPED: Final = {"男": "女", "女": "男"}


def _flipped(worker: Record) -> Record:
    other = "白族" if worker.get("民族") == "汉族" else "汉族"
    return {**worker, "性别": FLIPPED.get(worker.get("性别", ""), "女"), "民族": other}


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


async def test_sex_and_ethnicity_change_no_list() -> None:
    whole = read_collection(FOLDER)
    some: Collection = replace(whole, workers=whole.workers[:25], postings=whole.postings[:8])
    as_registered = await run(some, _quiet)
    flipped = await run(replace(some, workers=[_flipped(worker) for worker in some.workers]), _quiet)
    assert sum(map(len, as_registered.runs["candidates", "parts"].values())) > 20
    assert flipped.runs == as_registered.runs
