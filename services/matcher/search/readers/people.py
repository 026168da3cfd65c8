"""Who: age, schooling, Mandarin, status, household, willingness; and what the law keeps out of a search."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.contracts.vocabulary import codes
from services.kernel.index import All, AnyOf, Exists, Not, Query, Range, Term
from services.kernel.text.facts import cues, numerals, requirements
from services.matcher.ranking.retrieval import years_before
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Ignored, Kind, Rung

_YOUNG: Final = 35
_DECADE: Final = 9
_AROUND: Final = 3
_AGES: Final = range(14, 80)
_SOME: Final = "M3"
_POOR: Final = ("HS01", "HS02", "HS03")
_WATCHED: Final = ("HS04", "HS05", "HS06")


def unlawful(asked: Asked) -> Iterator[Ignored]:
    """Sex, ethnicity, marriage, births, belief and infections are no conditions (就业促进法 26-30)."""
    keep = cues.section("search_cues", "words")["unlawful_keep"]
    for start, end, _ in list(asked.find("unlawful")):
        if any(start >= kept.start() and end <= kept.end() for kept in keep.finditer(asked.whole.text)):
            continue
        span = asked.with_refusal(start, end)
        asked.take(*span)
        yield Ignored(asked.words(*span), "依法不作为检索条件")


def ages(asked: Asked) -> Iterator[Concept]:
    """Years of age of the people sought, or of whom an opening is sought for."""
    for name in ("age_between", "age_decade", "age_born", "age_most", "age_least", "age_about", "age_young"):
        for start, end, match in list(asked.find(name)):
            bounds = _bounds(name, match, asked)
            if bounds is None:
                continue
            asked.take(start, end)
            least, most = bounds
            yield _of_people(asked, start, end, least, most) if asked.searches_workers else _for_whom(start, end, least, most)


def _bounds(name: str, match: re.Match[str], asked: Asked) -> tuple[int | None, int | None] | None:
    """The least and the most years of age that the words mean; None where they are no age."""
    if name == "age_young":
        return None, _YOUNG
    years = [int(value) for group in match.groupdict().values() if group and (value := numerals.number(group)) is not None]
    if name == "age_born":
        oldest = asked.today.year - 1900 - years[0]
        return oldest - _DECADE - 1, oldest
    if not years or any(year not in _AGES for year in years):
        return None
    least, most = min(years), max(years)
    spans = {
        "age_between": (least, most),
        "age_decade": (least, least + _DECADE),
        "age_most": (None, most),
        "age_least": (least, None),
    }
    return spans.get(name, (least - _AROUND, least + _AROUND))


def _of_people(asked: Asked, start: int, end: int, least: int | None, most: int | None) -> Concept:
    born = Range(
        "birth_date",
        at_least=None if most is None else years_before(asked.today, most + 1) + timedelta(days=1),
        at_most=None if least is None else years_before(asked.today, least),
    )
    return Concept(Kind.AGE, start, end, f"年龄{_told(least, most)}", must=born)


def _told(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"{least}–{most}岁"
    return f"不超过{most}岁" if most is not None else f"{least}岁以上"


def _for_whom(start: int, end: int, least: int | None, most: int | None) -> Concept:
    """The employer's wish only orders (劳动法 3, 就业促进法 3); an age in words is that of who asks."""
    bounds = [bound for bound in (least, most) if bound is not None]
    age = sum(bounds) // len(bounds)
    fits = All([Not(Range("age_to", at_most=age - 1)), Not(Range("age_from", at_least=age + 1))])
    return Concept(
        Kind.AGE, start, end, f"{age}岁的人", meets=fits, rungs=[Rung(fits, 4.0), Rung(Range("age_to", at_least=age), 1.0)]
    )


def schooling(asked: Asked) -> Iterator[Concept]:
    """高中以上; 没文化 asks for openings that ask for none."""
    for start, end, _ in list(asked.find("schooling_none")):
        asked.take(start, end)
        low = codes.EDUCATION.rank("E1")
        if asked.searches_workers:
            met: Query = Range("education", at_most=low)
        else:
            met = Not(Range("education_min", at_least=low + 1))
        yield Concept(
            Kind.EDUCATION,
            start,
            end,
            "没有学历要求" if not asked.searches_workers else "小学及以下",
            meets=met,
            rungs=[Rung(met, 4.0)],
        )
    found = requirements.education(asked.left)
    if found.code is not None and found.span is not None:
        start, end = _widened(asked, found.span.start, found.span.end)
        yield _schooled(asked, start, end, found.code)


def _schooled(asked: Asked, start: int, end: int, code: str) -> Concept:
    """People with at least this education; openings that ask for no more, or (不要大专) for less."""
    negated = asked.is_refused(start, end)
    span = asked.with_refusal(start, end) if negated else (start, end)
    asked.take(*span)
    rank, name = codes.EDUCATION.rank(code), codes.EDUCATION.label(code)
    if asked.searches_workers:
        above = Range("education", at_least=rank)
        return Concept(
            Kind.EDUCATION,
            *span,
            f"不到{name}" if negated else f"{name}以上",
            must=Not(above) if negated else above,
            negated=negated,
        )
    asks = Not(Range("education_min", at_least=rank if negated else rank + 1))
    return Concept(Kind.EDUCATION, *span, f"不要求{name}" if negated else f"{name}可以做", must=asks, negated=negated)


def _widened(asked: Asked, start: int, end: int) -> tuple[int, int]:
    tail = re.match(r"(?:文化|学历|毕业|文凭)?(?:及)?(?:以上|起)?(?:文化|学历)?", asked.whole.text[end:])
    return start, end + (tail.end() if tail else 0)


def mandarin(asked: Asked) -> Iterator[Concept]:
    """How well Mandarin is spoken; among openings it says nothing that could be sought."""
    for name, code in (("mandarin_good", "M4"), ("mandarin_some", _SOME)):
        for start, end, _ in list(asked.find(name)):
            span = asked.with_refusal(start, end)
            negated = span != (start, end)
            asked.take(*span)
            if asked.searches_workers and negated:
                poor = Range("mandarin", at_most=codes.MANDARIN.rank(_SOME) - 1)
                yield Concept(Kind.MANDARIN, *span, "普通话不会说", must=poor, negated=True)
            elif asked.searches_workers:
                spoken = Range("mandarin", at_least=codes.MANDARIN.rank(code))
                fluent = Range("mandarin", at_least=codes.MANDARIN.rank("M4"))
                known = AnyOf([spoken, Not(Exists("mandarin"))])
                yield Concept(
                    Kind.MANDARIN,
                    start,
                    end,
                    "普通话" + ("流利" if code == "M4" else "一般以上"),
                    must=known,
                    rungs=[Rung(spoken, 1.0), Rung(fluent, 0.5)],
                )


def standing(asked: Asked) -> Iterator[Concept]:
    """Employment status, household, relocation, willingness: filters, as registered."""
    if not asked.searches_workers:
        return
    table: tuple[tuple[str, Kind, str, Query], ...] = (
        ("relocated", Kind.HOUSEHOLD, "易地搬迁", Term("relocated", [True])),
        ("household_watched", Kind.HOUSEHOLD, "监测对象", Term("household", _WATCHED)),
        ("household_poor", Kind.HOUSEHOLD, "脱贫户", Term("household", _POOR)),
        ("status_home", Kind.STATUS, "在家待业", Term("status", ["S1"])),
        ("status_farming", Kind.STATUS, "务农", Term("status", ["S2"])),
        ("status_away", Kind.STATUS, "省外务工", Term("status", ["S5"])),
        ("willing", Kind.STATUS, "就业意愿强烈", Term("willingness", ["W3"])),
    )
    for name, kind, label, query in table:
        for start, end, _ in list(asked.find(name)):
            negated = asked.is_refused(start, end)
            span = asked.with_refusal(start, end) if negated else (start, end)
            asked.take(*span)
            yield Concept(
                kind, *span, ("不是" if negated else "") + label, must=Not(query) if negated else query, negated=negated
            )


def training(asked: Asked) -> Iterator[Concept]:
    """Who would learn; openings that teach."""
    if not asked.searches_workers:
        return
    for start, end, _ in list(asked.find("training")):
        negated = asked.is_refused(start, end)
        asked.take(*(asked.with_refusal(start, end) if negated else (start, end)))
        met = Term("training_wish", [not negated])
        yield Concept(
            Kind.TRAINING,
            start,
            end,
            "不愿意培训" if negated else "愿意培训",
            meets=met,
            rungs=[Rung(met, 4.0)],
            negated=negated,
        )
