"""A notice: the words of an opening with the columns they stand in, whatever way it came."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from services.jobs.opening import Opening
from services.kernel.imports.headings import HeadingTable
from services.kernel.text.facts import posted_work
from services.kernel.text.facts.model import PostedWork, Role
from services.kernel.text.facts.passages import Passage, fold

_HEADINGS: Final = HeadingTable.load(Path(__file__).parents[1] / "headings.csv")
# A column's heading -> what it is called here. What has no heading is running text.
_COLUMNS: Final[Mapping[str, str]] = {
    "用人单位": "employer",
    "单位类型": "employer_kind",
    "工作省": "province",
    "工作市": "city",
    "工作区": "district",
    "工作地点": "address",
    "岗位名称": "title",
    "招聘人数": "headcount",
    "月薪下限": "pay_min",
    "月薪上限": "pay_max",
    "月薪": "pay",
    "食宿": "lodging",
    "工作时间": "hours",
    "年龄要求": "age",
    "学历要求": "education",
    "证书要求": "certificates",
    "有效期至": "valid_until",
    "岗位编号": "number",
    "来源": "source",
}
# The interface's own names for the same; the others are the columns' own.
_NAMES: Final[Mapping[str, str]] = {
    "employer_name": "employer",
    "employer_kind_text": "employer_kind",
    "place": "address",
    "wage_min": "pay_min",
    "wage_max": "pay_max",
    "work_pattern": "hours",
}
WORDED: Final = ("title", "pay", "hours", "lodging", "age", "education", "certificates", "text")
"""The columns in which employers write sentences."""
_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n。；;，,】\s]))[ \t]*(?:[一二三四五六七八九十\d]{1,2}[、.．])?[ \t]*【?([一-鿿()（）/]{2,12})】?[ \t]*[:：]"
)
# Labels that people put into messages and no sheet has; "" keeps the words as running text.
_SPOKEN_LABELS: Final[Mapping[str, str]] = {
    "招聘": "title",
    "招工": "title",
    "诚聘": "title",
    "急招": "title",
    "年龄性别": "age",
    "时间": "hours",
    "班制": "hours",
    "地址": "address",
    "联系电话": "",
    "联系人": "",
}
_FIGURES: Final = re.compile(r"[\d\s.,，~～—–-]*[千万kKwW]?[元块/每月天小时以上起左右+]*")
_HIDDEN: Final = "\n"
_BLANK: Final = re.compile(r"(?<=[\u4e00-\u9fff\d)]) +(?=[\u4e00-\u9fff])")
_SILENCE: Final = Passage("", "")


@dataclass(frozen=True)
class Words(Passage):
    """An employer's words: a blank between them parts as a comma does (招保安两名 有保安证优先)."""

    @cached_property
    def text(self) -> str:
        return _BLANK.sub(lambda match: "," * len(match.group()), fold(self.written))


@dataclass(frozen=True)
class Notice:
    """The passages of an opening by column; `text` is everything that stands in no column of its own."""

    columns: Mapping[str, tuple[Passage, ...]]

    @classmethod
    def of_record(cls, record: Mapping[str, object]) -> Self:
        """A row under a bureau's headings, or any names; a passage's field is the heading as given."""
        columns: dict[str, list[Passage]] = {}
        for heading, value in record.items():
            text = "" if value is None else str(value).strip()
            if text:
                known = _column_of(heading)
                columns.setdefault(known, []).append(Words(heading, text))
                if known == "pay" and not _FIGURES.fullmatch(text):  # 待遇：5000元，包吃住，五险
                    columns.setdefault("text", []).append(Words(heading, text))
        return cls({name: tuple(passages) for name, passages in columns.items()})

    @classmethod
    def of_text(cls, text: str) -> Self:
        """A pasted message: all of it is text, and lines such as "工资：5000" stand in their column too."""
        columns: dict[str, list[Passage]] = {"text": [Words("text", text)]}
        for start, end, name in _labelled(text):
            # What belongs elsewhere is hidden, not cut off, so that spans stay those of the whole message.
            kept = _HIDDEN * start + text[start:end] + _HIDDEN * (len(text) - end)
            if name != "text" and kept.strip():
                columns.setdefault(name, []).append(Words("text", kept))
        return cls({name: tuple(passages) for name, passages in columns.items()})

    @classmethod
    def of_opening(cls, opening: Opening) -> Self:
        """An opening as the service holds it; a passage's field is the path of the opening's field."""
        said = {
            "employer": ("employer_name", opening.employer_name),
            "employer_kind": ("employer_kind", opening.employer_kind_text or opening.employer_kind or ""),
            "province": ("province_code", opening.province_code),
            "city": ("city_code", opening.city_code or ""),
            "district": ("district_code", opening.district_code or ""),
            "address": ("place", opening.place),
            "title": ("title", opening.title),
            "headcount": ("headcount", str(opening.headcount)),
            "pay_min": ("pay_min", _figure(opening.pay_min)),
            "pay_max": ("pay_max", _figure(opening.pay_max)),
            "valid_until": ("valid_until", opening.valid_until.isoformat() if opening.valid_until else ""),
        }
        words = {name: (f"words.{name}", text) for name, text in opening.words.model_dump().items()}
        said |= {"text" if name == "description" else name: path for name, path in words.items()}
        return cls({name: (Words(*path),) for name, path in said.items() if path[1].strip()})

    def column(self, name: str) -> str:
        """A column's words as written, "" when it is empty."""
        return "\n".join(passage.written.strip() for passage in self.columns.get(name, ()))

    def of(self, *names: str) -> Iterator[Passage]:
        """The passages of these columns, in this order."""
        for name in names:
            yield from self.columns.get(name, ())

    @cached_property
    def worded(self) -> tuple[Passage, ...]:
        """Everything the employer wrote in sentences, each passage once."""
        passages = list(self.of(*WORDED))
        # A message stands whole in its text: its columns are parts of it.
        return tuple(p for p in passages if p.field != "text" or p in self.columns["text"])

    @cached_property
    def works(self) -> tuple[PostedWork, ...]:
        """The main kinds of work, the surest first; a message tells them in its first line, or anywhere."""
        text = next(self.of("text"), _SILENCE)
        title = next(self.of("title"), None) or Passage(text.field, text.written.lstrip().split("\n", 1)[0])
        found = posted_work.works(title, text, self.words)
        return tuple(work for work in found if work.role is Role.MAIN)

    @cached_property
    def words(self) -> str:
        """All of it folded, one passage a line."""
        return "\n".join(passage.text.strip(_HIDDEN) for passage in self.worded)


def _column_of(heading: str) -> str:
    """The column that a heading names; text for any other."""
    known = _COLUMNS.get(_HEADINGS.find(heading) or "") or _NAMES.get(heading, heading)
    return known if known in _COLUMNS.values() else "text"


def _figure(amount: float | None) -> str:
    return "" if amount is None else f"{amount:g}"


def _labelled(text: str) -> Iterator[tuple[int, int, str]]:
    """[start, end) and column of the pieces of a message; a label's words end with the line or at the next label."""
    position, name = 0, "text"
    for match in _LABEL.finditer(text):
        label = match.group(1)
        column = _SPOKEN_LABELS.get(label, _COLUMNS.get(_HEADINGS.find(label) or "", "") or None)
        if column is None:
            continue
        yield from _lines(text, position, match.start(), name)
        position, name = match.end(), column or "text"
    yield from _lines(text, position, len(text), name)


def _lines(text: str, start: int, end: int, name: str) -> Iterator[tuple[int, int, str]]:
    """The first line is the label's; what follows on further lines is running text again."""
    stop = text.find("\n", start, end)
    if name == "text" or stop < 0 or not text[start:stop].strip():
        yield start, end, name
        return
    yield start, stop, name
    yield stop, end, "text"
