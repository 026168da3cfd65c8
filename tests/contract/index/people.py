"""A small collection with a field of every kind."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from services.kernel.index import (
    Document,
    FieldKind,
    Generation,
    Index,
    Point,
    Query,
    Schema,
    SearchRequest,
    WriteOutcome,
)

SCHEMA: Final = Schema(
    "people",
    {
        "words": FieldKind.TEXT,
        "wish": FieldKind.TEXT,
        "places": FieldKind.KEYWORD,
        "pay": FieldKind.INTEGER,
        "born": FieldKind.DATE,
        "visible": FieldKind.BOOLEAN,
        "home": FieldKind.POINT,
    },
    version="1",
    nested={
        "papers": {
            "name": FieldKind.KEYWORD,
            "level": FieldKind.INTEGER,
            "expires": FieldKind.DATE,
            "examined": FieldKind.BOOLEAN,
        }
    },
)

SHANGHAI, KUNMING, ZHENXIONG = Point(31.230372, 121.473662), Point(25.049153, 102.714601), Point(27.441529, 104.873557)


def person(id_: str, version: int = 1, **fields: Any) -> Document:
    """A document whose source tells its fields' names and its version."""
    return Document(id_, version, fields, {"version": version, "fields": sorted(fields)})


PEOPLE: Final = (
    person("a", words="月嫂 带 宝宝", places=["310115", "310000"], pay=8000, born=date(1980, 1, 14), visible=True),
    person("b", words="保洁 擦 玻璃", places=["440100"], pay=4500, born=date(1970, 10, 10), visible=True),
    person("c", words="保安 夜班", places=[], pay=[4000, 6000], visible=False),
    person("d", words="", wish="月嫂", places=None, pay=None, born=date(1601, 2, 3)),
)


async def write_all(index: Index, generation: Generation, documents: Sequence[Document]) -> None:
    """Write what must be taken, and see it."""
    results = await index.write(generation, documents, refresh=True)
    assert [(result.outcome, result.reason) for result in results] == [(WriteOutcome.DONE, "")] * len(documents)


async def found(index: Index, query: Query | None) -> set[str]:
    """The ids of all documents that fit a filter."""
    hits = await index.search("people", SearchRequest(filter=query, size=10_000))
    assert hits.total == len(hits.hits)
    return {hit.id for hit in hits.hits}
