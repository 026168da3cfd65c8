"""How much: what people ask for, what openings pay. CNY per month."""

from collections.abc import Iterator
from typing import Final

from services.kernel.index import AnyOf, Exists, Not, Range
from services.kernel.text.facts import amounts, cues
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Kind, Rung

_CLOSE: Final = 0.1
_ROUGH: Final = 0.3
_WORTH: Final = 0.85  # "8000" finds 7000–8500 as well, after those that reach it


def pay(asked: Asked) -> Iterator[Concept]:
    """The first sum that is a plausible pay."""
    for amount in list(amounts.amounts(asked.left.text)):
        clause = asked.left.clause_at(amount.start)
        said = clause.text
        most = cues.section("search_cues", "words")["amount_most"].search(said)
        least = cues.section("search_cues", "words")["amount_least"].search(said)
        said_at = [(clause.start + cue.start(), clause.start + cue.end()) for cue in (most, least) if cue]
        start = min([amount.start, *(first for first, _ in said_at)])
        end = max([amount.end, *(last for _, last in said_at)])
        asked.take(start, end)
        low, high = round(amount.low), round(amount.high)
        if asked.searches_workers:
            yield _asked_for(start, end, low, high, at_most=bool(most), at_least=bool(least))
        else:
            yield _offered(start, end, low, high, at_most=bool(most))


def _asked_for(start: int, end: int, low: int, high: int, *, at_most: bool, at_least: bool) -> Concept:
    if at_most:
        within = Range("pay_wish", at_most=high)
        return Concept(
            Kind.PAY,
            start,
            end,
            f"期望月薪不超过{high}元",
            must=AnyOf([within, Not(Exists("pay_wish"))]),
            rungs=[Rung(within, 4.0)],
        )
    if at_least:
        above = Range("pay_wish", at_least=low)
        return Concept(Kind.PAY, start, end, f"期望月薪{low}元以上", meets=above, rungs=[Rung(above, 4.0)])
    rough = Range("pay_wish", at_least=round(low * (1 - _ROUGH)), at_most=round(high * (1 + _ROUGH)))
    close = Range("pay_wish", at_least=round(low * (1 - _CLOSE)), at_most=round(high * (1 + _CLOSE)))
    affordable = Range("pay_wish", at_most=high)
    label = f"期望月薪{low}元左右" if low == high else f"期望月薪{low}–{high}元"
    return Concept(
        Kind.PAY,
        start,
        end,
        label,
        meets=AnyOf([rough, affordable]),
        rungs=[Rung(rough, 1.5), Rung(close, 1.0), Rung(affordable, 1.0)],
    )


def _offered(start: int, end: int, low: int, high: int, *, at_most: bool) -> Concept:
    if at_most:
        within = Range("pay_min", at_most=high)
        return Concept(Kind.PAY, start, end, f"月薪不超过{high}元", meets=within, rungs=[Rung(within, 4.0)])
    reaches, surely = Range("pay_max", at_least=low), Range("pay_min", at_least=low)
    nearly = Range("pay_max", at_least=round(low * _WORTH))
    return Concept(
        Kind.PAY,
        start,
        end,
        f"月薪{low}元以上",
        meets=reaches,
        rungs=[Rung(nearly, 1.0), Rung(reaches, 3.0), Rung(surely, 2.0)],
    )
