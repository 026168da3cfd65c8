"""How many people are wanted."""

import re
from collections.abc import Iterator
from typing import Final

from services.jobs.understanding.fact import IMPLIED, SAID, STATED, Fact, whole
from services.jobs.understanding.notice import Notice
from services.kernel.imports import healing
from services.kernel.text.facts import numerals
from services.kernel.text.facts.passages import Passage

_N: Final = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,4})"
_PEOPLE: Final = r"(?:名|位|个人|人|个(?!月|小时|娃|孩|宝|房|岗|点))"
_WANTED: Final = r"(?:招聘|招收|招用|招募|招|聘|诚聘|急聘|急招|急需|需要|需|缺|找|要)"
_TOTAL: Final = re.compile(rf"(?:共|合计|总共|一共)(?:招聘?|需|计)?(?P<n>{_N})\s*{_PEOPLE}")
_TOLD: Final = re.compile(
    rf"(?:{_WANTED}[^,.;:\d]{{0,14}}?|(?:人数|名额|需求)[^,.;\d]{{0,4}})(?P<n>{_N})\s*(?:-|~|到|至)?\s*(?P<most>{_N})?\s*{_PEOPLE}(?!间|一间|宿舍|餐|班|/)"
)
# 洗碗工2名、服务员3名; 保洁9人、园丁3人
_LISTED: Final = re.compile(
    rf"[\u4e00-\u9fff]{{1,8}}(?:员|工|师|嫂|姨|丁|洁|安|厨|岗|手|长|管|服|姆|理|台|机|亭|部|组|位|保)(?:[(][^()]{{0,8}}[)])?\s*(?P<n>{_N})\s*(?:名|位|人|个(?=$|[,;.、(\s]))(?!间|宿舍|餐|班)"
)
_COLUMN: Final = re.compile(rf"(?P<n>{_N})\s*(?:(?:-|~|到|至)\s*(?P<most>{_N}))?\s*(?:名|人|位|个)?(?:左右|以上)?$")
_SHARE: Final = re.compile(r"(?:每|一|带|管|包|照顾|负责|住|分)[^,.;]{0,4}$|(?:宿舍|男性|女性|其中)$")


def headcount(notice: Notice) -> Iterator[Fact]:
    """The column; the sum of a list of trades with figures, else the figure beside a word of hiring. Of a range the most."""
    for passage in notice.of("headcount"):
        amount = healing.amount(passage.written.strip()).value
        match = _COLUMN.search(passage.text.strip())
        if amount is not None:
            yield Fact("headcount", int(amount), whole(passage), STATED)
        elif match and (number := _number(match)):
            yield Fact("headcount", number, whole(passage), IMPLIED if match.group("most") else SAID)
    for passage in notice.of("title", "text"):
        if fact := _in(passage, one_will_do=not notice.column("headcount")):
            yield fact
            return


def _number(match: "re.Match[str]") -> int:
    words = match.groupdict()
    return int(numerals.number(words.get("most") or words["n"]) or 0)


def _in(passage: Passage, *, one_will_do: bool) -> Fact | None:
    for pattern in (_TOTAL,):
        if match := pattern.search(passage.text):
            return Fact("headcount", _number(match), passage.span(match.start(), match.end()))
    listed = [match for match in _LISTED.finditer(passage.text) if not _SHARE.search(passage.text[: match.start("n")])]
    if len(listed) > 1:
        total = sum(_number(match) for match in listed)
        return Fact("headcount", total, passage.span(listed[0].start(), listed[-1].end()))
    match = _TOLD.search(passage.text) or (listed[0] if listed and one_will_do else None)
    if match is None or _number(match) == 0:
        return None
    return Fact("headcount", _number(match), passage.span(match.start(), match.end()))
