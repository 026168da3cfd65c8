"""A pasted message as the fields of a posting: what its words say, each value from words that can be shown. Pure.

Nothing is guessed: what the message does not say is not there, and what somebody states beside the message stands before it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, get_args

from services.contracts.postings import PayUnit, Provision, Rest, Shift
from services.contracts.vocabulary import certificates, codes, divisions, occupations
from services.jobs.understanding.fact import Key, Value
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.understand import Understanding, understand
from services.kernel.text.facts.model import PostedWork
from services.kernel.text.facts.work_lexicon import labels
from services.kernel.vault.masking import blot

_LONGEST_TITLE: Final = 200
_LONGEST_WORDS: Final = 4000
_EMPLOYER: Final = re.compile(
    r"(?:(?<=^)|(?<=[\n\s】\]:：,，。;；]))"
    r"([\u4e00-\u9fff()（）]{2,30}?(?:有限(?:责任)?公司|公司|物业|家政|养老院|护理院|医院|酒店|服务中心|车间))(?=[\n\s,，。;；招聘诚急]|$)"
)
_INSURANCE_PARTED: Final = re.compile("[、,，和及]")


def read(text: str, today: date) -> tuple[Notice, Understanding]:
    """The message and what is understood of it."""
    notice = Notice.of_text(text)
    return notice, understand(notice, today)


def fields_of(notice: Notice, understood: Understanding, text: str) -> dict[str, Any]:
    """The fields of a NewPosting that the message fills."""
    said: Mapping[Key, Value] = {key: fact.value for key, fact in understood.by_key.items()}
    found: dict[str, Any] = {
        "employer_name": _employer(notice, text),
        "title": _title(notice, understood.works, text),
        "division_code": _division(said),
        "headcount": said.get("headcount"),
        "place": notice.column("address")[:_LONGEST_TITLE] or None,
        "valid_until": said.get("valid_until"),
        **_monthly(said),
        "terms": _terms(said),
        "words": {"description": blot(text[:_LONGEST_WORDS])},
    }
    return {name: value for name, value in found.items() if value not in (None, "", {})}


def _employer(notice: Notice, text: str) -> str | None:
    match = _EMPLOYER.search(text)
    return notice.column("employer").strip() or (match.group(1) if match else None)


def _title(notice: Notice, works: Sequence[PostedWork], text: str) -> str | None:
    """The title that stands there, else the longest name of the surest work that the words use."""
    written = notice.column("title").strip()
    if written:
        return written[:_LONGEST_TITLE]
    sure = [work.id for work in works if work.degree == works[0].degree]
    known = occupations.load()
    names = [name for id_ in sure if id_ in known for name in (known[id_].name, *known[id_].synonyms) if name in text]
    return max(names, key=len, default=None) or next((labels().get(id_) for id_ in sure), None)


def _division(said: Mapping[Key, Value]) -> str | None:
    levels = [str(said.get(key, "")) for key in ("place_province", "place_city", "place_district")]
    place = divisions.load().resolve(*levels) if any(levels) else None
    return place.code if place is not None else None


def _monthly(said: Mapping[Key, Value]) -> dict[str, Any]:
    if said.get("pay_unit", "month") != "month":
        return {}
    return {"pay_min": _number(said.get("pay_min")), "pay_max": _number(said.get("pay_max"))}


def _number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _terms(said: Mapping[Key, Value]) -> dict[str, Any]:
    unit = said.get("pay_unit")
    found: dict[str, Any] = {
        "hours_start": said.get("hours_start"),
        "hours_end": said.get("hours_end"),
        "rest": _one_of(said.get("rest"), get_args(Rest)),
        "shifts": [shift for shift in _listed(said.get("shifts")) if shift in get_args(Shift)],
        "live_in": said.get("live_in"),
        "lodging": _one_of(said.get("lodging"), get_args(Provision)),
        "board": _one_of(said.get("board"), get_args(Provision)),
        "contract_form": codes.CONTRACT_FORMS.find(str(said.get("contract_form", ""))),
        "insurance": _insurances(str(said.get("insurance", ""))),
        "start": said.get("start_date"),
        "must": _must(said),
        "nice": _filled({"certificates": _papers(said.get("certificates_nice"))}),
    }
    if unit in get_args(PayUnit) and unit != "month":
        found |= {"pay_unit": unit, "rate_min": _number(said.get("pay_min")), "rate_max": _number(said.get("pay_max"))}
    return _filled(found)


def _must(said: Mapping[Key, Value]) -> dict[str, Any]:
    language = said.get("language_must")
    return _filled(
        {
            "certificates": _papers(said.get("certificates_must")),
            "experience_years": _number(said.get("experience_years_min")),
            "education": codes.EDUCATION.find(str(said.get("education_min", ""))),
            "languages": [str(language)] if language else [],
        }
    )


def _papers(value: Value | None) -> list[str]:
    return [name for name in _listed(value) if certificates.named(name)]


def _insurances(named: str) -> list[str]:
    found = (codes.INSURANCES.find(one) for one in _INSURANCE_PARTED.split(named) if one)
    return sorted({code for code in found if code})


def _listed(value: Value | None) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, tuple) else [str(value)]


def _one_of(value: Value | None, allowed: Sequence[str]) -> str | None:
    return str(value) if value in allowed else None


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
