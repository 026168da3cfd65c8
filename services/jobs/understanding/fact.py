"""A fact: what a notice says under one key, with the words that say so and how sure the reading is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from services.kernel.text.facts.model import Span
from services.kernel.text.facts.passages import Passage

Key = Literal[
    "pay_min",
    "pay_max",
    "pay_unit",
    "pay_order_days",
    "trial_pay",
    "headcount",
    "hours_start",
    "hours_end",
    "rest",
    "shifts",
    "live_in",
    "lodging",
    "board",
    "certificates_must",
    "certificates_nice",
    "experience_years_min",
    "experience_must",
    "experience_nice",
    "education_min",
    "age_min",
    "age_max",
    "sex_wish",
    "language_must",
    "health_check",
    "contract_form",
    "insurance",
    "place_province",
    "place_city",
    "place_district",
    "start_date",
    "start_text",
    "valid_until",
    "couples_welcome",
    "fee_or_deposit",
]
"""What can be known of a notice; codes as in docs/api and tests/data/judged_collection/README.md."""
KEYS: Final[tuple[Key, ...]] = get_args(Key)
Value = bool | int | float | str | tuple[str, ...]

STATED: Final = 0.99
"""A column says just this."""
SAID: Final = 0.9
"""The words say it outright."""
IMPLIED: Final = 0.7
"""The words make it likely; somebody should confirm."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` as stated (pay per pay_unit, hours as HH:MM, places by name); `span` the words; confidence in (0, 1]."""

    key: Key
    value: Value
    span: Span
    confidence: float = SAID


def whole(passage: Passage) -> Span:
    """The passage's words without the blanks around them."""
    written = passage.written
    start = len(written) - len(written.lstrip())
    return passage.span(start, len(written.rstrip()))


def around(passage: Passage, start: int, end: int) -> Span:
    """The clauses that hold [start, end), for who reads it."""
    first, last = passage.clause_at(start), passage.clause_at(max(start, end - 1))
    stop = last.start + len(last.text.rstrip())
    return passage.span(first.start + len(first.text) - len(first.text.lstrip()), max(stop, end))


def best(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The surest fact of each key, the first of equals."""
    for key in KEYS:
        found = [fact for fact in facts if fact.key == key]
        if found:
            yield max(found, key=lambda fact: fact.confidence)
