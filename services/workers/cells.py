"""What a row's cells say of a person who is registered already: compared with the record, held back, or taken one by one.

Pure. A cell is more than one field: its words, and what was tidied from them; they are taken or left together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.kernel.imports.outcomes import Decision, Difference, Policy
from services.workers.profile import TIDIED, OwnWords, Profile
from services.workers.sheet import COLUMNS
from services.workers.stated import INTENTION_WORDS


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column: the profile's fields and the own words that come from it."""

    column: str
    facts: tuple[str, ...]
    words: tuple[str, ...] = ()


_PLACE: Final = ("city", "county")
_CELLS: Final[Sequence[_Cell]] = (
    _Cell("姓名", ("name",)),
    _Cell("联系电话", ("phone",)),
    _Cell("序号", ("number",)),
    _Cell("乡镇", ("township",)),
    _Cell("县", ("county_code",), _PLACE),
    *(
        _Cell(column, (TIDIED[word],) if word in TIDIED else (), (word,))
        for word, column in COLUMNS.items()
        if word not in _PLACE
    ),
)
_BY_COLUMN: Final[Mapping[str, _Cell]] = {cell.column: cell for cell in _CELLS}


def laid_over(offered: Profile, held: Profile, policy: Policy) -> tuple[Profile, Sequence[Difference]]:
    """The held profile once a row has been laid over it by the policy, and where the two disagreed."""
    offered = _saying_more(offered, held)
    differences = [_difference(cell, offered, held, policy) for cell in _CELLS if _disagree(cell, offered, held)]
    withheld = {one.column for one in differences if one.decision != "taken"}
    return without(offered, withheld).laid_over(held), differences


def _saying_more(offered: Profile, held: Profile) -> Profile:
    """The offered profile without words that only name a code which the record holds already, as our own export writes it."""
    coded = {**TIDIED, **dict.fromkeys(_PLACE, "county_code")}
    idle = {
        word: ""
        for word, code in coded.items()
        if not getattr(held.words, word) and getattr(offered, code) == getattr(held, code)
    }
    return replace(offered, words=replace(offered.words, **idle))


def without(offered: Profile, columns: Iterable[str]) -> Profile:
    """The offered profile as if these cells were blank; a day on which the person was asked goes with what was answered."""
    cells = [_BY_COLUMN[column] for column in columns]
    blank: dict[str, Any] = {name: None if name in TIDIED.values() else "" for cell in cells for name in cell.facts}
    words = {word: "" for cell in cells for word in cell.words}
    if not INTENTION_WORDS.isdisjoint(words):
        blank["asking"] = None
    return replace(offered, **blank, words=replace(offered.words, **words))


def take(offer: Mapping[str, Any], held: Profile) -> Profile:
    """The held profile once a cell that was held back is taken after all: `offer` as in a Difference."""
    facts: dict[str, Any] = {"name": "", "county_code": "", **offer["facts"]}
    offered = Profile(identity_number=held.identity_number, words=OwnWords(**offer["words"]), **facts)
    return offered.laid_over(held)


def _disagree(cell: _Cell, offered: Profile, held: Profile) -> bool:
    facts = [(getattr(offered, name), getattr(held, name)) for name in cell.facts]
    words = [(getattr(offered.words, name), getattr(held.words, name)) for name in cell.words]
    pairs = [*facts, *words]
    return (
        any(_says(one) for one, _ in pairs)
        and any(_says(other) for _, other in pairs)
        and any(_says(one) and one != other for one, other in pairs)
    )


def _says(value: object) -> bool:
    return value is not None and value != ""


def _difference(cell: _Cell, offered: Profile, held: Profile, policy: Policy) -> Difference:
    decision: Decision = "taken" if policy is Policy.NEWER_WINS else "kept" if policy is Policy.FILL_EMPTY else "open"
    offer = {
        "facts": {name: getattr(offered, name) for name in cell.facts if _says(getattr(offered, name))},
        "words": {name: getattr(offered.words, name) for name in cell.words if getattr(offered.words, name)},
    }
    return Difference(cell.column, _shown(cell, held), _shown(cell, offered), offer, decision)


def _shown(cell: _Cell, profile: Profile) -> str:
    told = [getattr(profile.words, name) for name in cell.words] or [getattr(profile, name) for name in cell.facts]
    return "".join(str(value) for value in told if _says(value)) or "".join(
        str(value) for name in cell.facts if _says(value := getattr(profile, name))
    )
