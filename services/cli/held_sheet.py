"""What is held about a person as an .xlsx: a sheet a service, a line a value, text only."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.kernel.text_sheets import TextWorkbook

_HEADINGS = ("项目", "内容")


def workbook(held: Mapping[str, Any]) -> bytes:
    """The file; a service that holds nothing has an empty sheet."""
    book = TextWorkbook()
    for service, document in held.items():
        book.add(service, _HEADINGS, (((path, text), frozenset[int]()) for path, text in _lines(document)), wide=(0, 1))
    return book.content()


def _lines(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a document with its path: `record.profile.name`, `consents[0].what`."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _lines(inner, f"{path}.{name}" if path else str(name))
        case list():
            for place, inner in enumerate(value):
                yield from _lines(inner, f"{path}[{place}]")
        case None | "":
            return
        case bool():
            yield path, "是" if value else "否"
        case _:
            yield path, str(value)
