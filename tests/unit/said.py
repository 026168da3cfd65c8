"""A worker or posting that says just these words, for tests of what is read from them."""

from datetime import date
from typing import Any

from services.contracts.events import PostingChanged, PostingWords, WorkerChanged, WorkerWords
from services.kernel.text.facts import PostingFacts, WorkerFacts, posting_facts, worker_facts

TODAY = date(2026, 11, 1)
_PROFILE = {"birth_date", "county_code", "household_category", "education", "mandarin", "willingness", "work_limits", "basis"}
_POSTING = set(PostingChanged.model_fields) - {"posting_id", "version", "words"}


def profile(**said: Any) -> WorkerChanged:
    """A worker of 镇雄; names of profile fields set those, all others are words."""
    fields: dict[str, Any] = {"birth_date": date(1985, 1, 1), "county_code": "530627", "basis": "statutory_register"}
    fields |= {name: value for name, value in said.items() if name in _PROFILE}
    words = {name: value for name, value in said.items() if name not in _PROFILE}
    return WorkerChanged(worker_id="w_1", version=1, masked_name="张**", words=WorkerWords(**words), **fields)


def posting(title: str = "小区保安", **said: Any) -> PostingChanged:
    """A posting in 广州; names of posting fields set those, all others are words."""
    fields: dict[str, Any] = {"province_code": "440000", "city_code": "440100", "employer_kind": "K02"}
    fields |= {name: value for name, value in said.items() if name in _POSTING}
    words = {name: value for name, value in said.items() if name not in _POSTING}
    return PostingChanged(
        posting_id="p_1",
        version=1,
        title=title,
        employer_name="某某公司",
        headcount=1,
        words=PostingWords(**words),
        **fields,
    )


def facts(**said: Any) -> WorkerFacts:
    return worker_facts(profile(**said))


def posted(title: str = "小区保安", **said: Any) -> PostingFacts:
    return posting_facts(posting(title, **said))
