"""Certificates: held by people, asked for by openings, or done without."""

import re
from collections.abc import Iterator
from typing import Final

from services.kernel.index import All, AnyOf, Exists, Nested, Not, Query, Term
from services.kernel.text.facts import certificates
from services.kernel.text.facts.certificates import Named
from services.kernel.text.facts.works import mentions
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Kind, Rung

_HEALTH: Final = "健康证"
_LEVELS: Final = {1: "一级", 2: "二级", 3: "三级", 4: "四级", 5: "五级"}
_PAPER: Final = ("证", "执照", "驾照", "资格")
_REACH: Final = 3
_TAIL: Final = re.compile(r"(?:驾照|驾驶证)?(?:作业)?(?:资格)?(?:证书|证)?(?:[一二三四五]级|[初中高]级)?(?:以上)?的?")


def papers(asked: Asked) -> Iterator[Concept]:
    """Certificates by name, "有证" for that of the work named, "没证"."""
    yield from _without(asked)
    named = [one for one in certificates.named(asked.left) if _is_paper(asked, one)]
    for one in named:
        start, end = one.start, _end(asked, one)
        negated = asked.is_refused(start, end)
        if negated:
            start, end = asked.with_refusal(start, end)
        asked.take(start, end)
        label = one.name.removesuffix("职业技能等级证书") + (
            f"（{_LEVELS[one.level]}）" if one.level else one.branch and f"（{one.branch}）"
        )
        yield (
            _held(start, end, label, one, negated=negated)
            if asked.searches_workers
            else _needed(start, end, label, [one.name], negated=negated)
        )
    yield from _with(asked) if not named else ()


def _is_paper(asked: Asked, one: Named) -> bool:
    """月嫂 alone is work; 月嫂证 is a paper: the word itself or what follows at once must say so."""
    said = asked.left.text[one.start : one.end + _REACH]
    return any(word in said.split(",")[0] for word in _PAPER)


def _end(asked: Asked, one: Named) -> int:
    tail = _TAIL.match(asked.left.text, one.end)
    return tail.end() if tail else one.end


def _held(start: int, end: int, label: str, one: Named, *, negated: bool) -> Concept:
    held = Term("certificates", [one.name])
    if negated:
        return Concept(Kind.CERTIFICATE, start, end, f"没有{label}", must=Not(held), negated=True)
    some = Nested("papers", Term("name", [one.name]))
    rungs = [Rung(some, 2.0), Rung(held, 3.0)]
    if one.branch or one.level:
        wanted: list[Query] = [Term("name", [one.name])]
        wanted += [Term("branch", [one.branch])] if one.branch else []
        wanted += [Term("level", list(range(1, one.level + 1)))] if one.level else []
        rungs.append(Rung(Nested("papers", All(wanted)), 2.0))
    return Concept(Kind.CERTIFICATE, start, end, f"有{label}", meets=some, rungs=rungs)


def _needed(start: int, end: int, label: str, names: list[str], *, negated: bool) -> Concept:
    """What somebody with this paper can do; or openings that do not ask for it."""
    asked_for = Term("required_certificates", names)
    if negated:
        return Concept(Kind.CERTIFICATE, start, end, f"不要{label}", must=Not(asked_for), negated=True)
    welcome = Term("welcome_certificates", names)
    works = [work for name in names for work in certificates.works_of().get(name, ())]
    fits = Term("main_works", works)
    return Concept(
        Kind.CERTIFICATE,
        start,
        end,
        f"用得上{label}",
        meets=AnyOf([asked_for, welcome, fits]),
        rungs=[Rung(asked_for, 4.0), Rung(welcome, 3.0), Rung(fits, 1.0)],
    )


def _of_named_work(asked: Asked) -> list[str]:
    """The papers of the work that the text names."""
    works = {work for mention in mentions(asked.left, asked.whole.text) for work in mention.means}
    return sorted(name for name, ids in certificates.works_of().items() if works & set(ids))


def _without(asked: Asked) -> Iterator[Concept]:
    for start, end, _ in list(asked.find("certificate_none")):
        if any(one.start < end and one.end > start - 1 for one in certificates.named(asked.left)):
            continue
        asked.take(start, end)
        if asked.searches_workers:
            names = _of_named_work(asked)
            lacks = Not(Nested("papers", Term("name", names))) if names else Not(Exists("papers"))
            yield Concept(Kind.CERTIFICATE, start, end, "没有证书", must=lacks, negated=True)
        else:
            free = Not(Exists("required_certificates"))
            none = All([free, Not(Exists("welcome_certificates"))])
            yield Concept(
                Kind.CERTIFICATE, start, end, "不要求证书", meets=free, rungs=[Rung(free, 3.0), Rung(none, 1.5)], negated=True
            )


def _with(asked: Asked) -> Iterator[Concept]:
    for start, end, _ in list(asked.find("certificate_any")):
        if asked.is_refused(start, end):
            continue
        asked.take(start, end)
        names = [name for name in _of_named_work(asked) if name != _HEALTH]
        if asked.searches_workers:
            held: Query = Term("certificates", names) if names else Exists("certificates")
            some: Query = Nested("papers", Term("name", names)) if names else Nested("papers", Exists("name"))
            yield Concept(Kind.CERTIFICATE, start, end, "有相应证书", meets=some, rungs=[Rung(some, 2.0), Rung(held, 3.0)])
        elif names:
            yield _needed(start, end, "、".join(names), names, negated=False)
