"""What sort of opening it is, read from the words that name it. Pure."""

from dataclasses import replace
from datetime import date
from typing import Final

from services.contracts.postings import Cooperation
from services.contracts.vocabulary import occupations, partnerships
from services.jobs.opening import Opening

_WORDS: Final = (
    ("forest_ranger", ("护林员", "护草员", "护林（草）员")),
    ("workshop", ("帮扶车间", "扶贫车间", "就业车间")),
    ("work_relief", ("以工代赈",)),
    ("public_welfare", ("公益性岗位", "公益岗", "公益特岗", "公益性特岗")),
)
_INSTITUTION: Final = "K06"
_SUPPORT: Final = "工勤"


def kind_of(opening: Opening) -> str:
    """The posting_kind that title, employer or description name; ordinary when none does."""
    named = f"{opening.title} {opening.employer_name} {opening.employer_kind_text} {opening.words.description}"
    for kind, words in _WORDS:
        if any(word in named for word in words):
            return kind
    if opening.employer_kind == _INSTITUTION and _SUPPORT in named:
        return "institution"
    return "ordinary"


def completed(opening: Opening, day: date) -> Opening:
    """The opening with what its words tell where nobody filled it in: kind, occupation, partnership and whom it serves."""
    return replace(
        opening,
        kind=kind_of(opening) if opening.kind == "ordinary" else opening.kind,
        occupation_id=opening.occupation_id or occupations.find(opening.title),
        cooperation=_cooperation(opening, day),
    )


def _cooperation(opening: Opening, day: date) -> Cooperation | None:
    said = opening.cooperation
    scheme = said.scheme if said else next((one for one in partnerships.SCHEMES if one in opening.source_text), None)
    if scheme is None or (said and said.prefectures):
        return said
    return Cooperation(scheme=scheme, prefectures=partnerships.served(scheme, opening.division_code, day))
