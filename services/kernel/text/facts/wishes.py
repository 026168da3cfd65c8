"""Work wanted and refused: the field of wishes first, then what other words say in passing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.kernel.text.facts.model import Span, Work
from services.kernel.text.facts.passages import Passage
from services.kernel.text.facts.refusals import cue, refused
from services.kernel.text.facts.works import Mention, mentions

_SECOND = 0.75  # "也行", "也可以"
_PASSING = 0.6  # wished in a remark
_LEARNING = 0.5  # would like to be trained for it
_TORN = 0.4  # refused, and yet wished for
_REFUSED = -1.0
_CORRECTED = -2.0  # "她讲的带娃是带自己的娃, 不是帮人带": the wish was something else


class Wishes(NamedTuple):
    wanted: tuple[Work, ...]
    refused: tuple[Work, ...]
    open_to_any: Span | None
    only_wanted: Span | None
    trained: tuple[Work, ...]


def wishes(field: Passage, words: Mapping[str, Passage], record: str) -> Wishes:
    """Reads wishes, refusals, openness and courses."""
    wanted: list[Work] = []
    unwanted: list[Work] = []
    for mention in mentions(field, record):
        if cue("past").search(mention.clause.text.strip()) and not field.search(cue("same_again")):
            continue
        if _refused(field, mention):
            unwanted += _works(field, mention, 1.0)
        else:
            wanted += _works(field, mention, _SECOND if _hedged(mention) else 1.0)
    passing: list[Work] = []
    for name in ("remark", "experience", "training_wish"):
        for mention in mentions(words[name], record):
            degree = _in_passing(words[name], mention, name)
            passing += _works(words[name], mention, degree) if degree > 0 else ()
            unwanted += _works(words[name], mention, 1.0) if degree < 0 else ()
            if degree == _CORRECTED:
                wanted = [work for work in wanted if work.id not in mention.means]
    wanted += [*passing, *_same_again(field, words["experience"], record)]
    only = next((s for p in (field, words["remark"]) if (s := p.search(cue("only")))), None)
    return Wishes(
        *_weighed(wanted, passing, unwanted),
        next((s for p in (field, words["remark"]) if (s := p.search(cue("open")))), None),
        only,
        _trained(words["training"], record),
    )


def _weighed(
    wanted: Sequence[Work], passing: Sequence[Work], unwanted: Sequence[Work]
) -> tuple[tuple[Work, ...], tuple[Work, ...]]:
    """Wanted and refused; what is refused and yet wished for in passing is neither for sure ("又有点舍不得")."""
    refused_ids = {work.id for work in unwanted if work.degree >= _SECOND}
    torn = refused_ids & {work.id for work in passing}
    named = {work.id for work in wanted if work.id not in refused_ids or work.id in torn}
    kept = [work.model_copy(update={"degree": _TORN}) if work.id in torn else work for work in wanted if work.id in named]
    held = [work.model_copy(update={"degree": _TORN}) if work.id in torn else work for work in unwanted]
    return _best(kept), _best(held)


def _trained(passage: Passage, record: str) -> tuple[Work, ...]:
    return _best(work for mention in mentions(passage, record) if not mention.setting for work in _works(passage, mention, 1.0))


def _works(passage: Passage, mention: Mention, degree: float) -> list[Work]:
    span = passage.span(mention.start, mention.end)
    return [Work(id=work, degree=round(degree * share, 3), span=span) for work, share in mention.means.items()]


def _refused(passage: Passage, mention: Mention) -> bool:
    start, end = mention.within
    before = passage.text[mention.start - 1 : mention.start]
    return before in {"不", "莫", "别"} or refused(mention.clause.text, start, end)


def _hedged(mention: Mention) -> bool:
    start, end = mention.within
    head, tail = mention.clause.text[:start], mention.clause.text[end:]
    item = tail.split("、")[0]
    return cue("hedge").search(item) is not None or cue("hedge").match(head) is not None


def _in_passing(passage: Passage, mention: Mention, name: str) -> float:
    """The degree of a wish in other words; below 0 for a refusal, 0 for neither."""
    start, end = mention.within
    if mention.setting:
        return 0.0
    if name == "experience":
        return _REFUSED if refused(mention.clause.text, start, end, before="firm", after="") else 0.0
    if cue("corrected").search(mention.clause.text):
        return _CORRECTED
    if _refused(passage, mention):
        return _REFUSED
    if name == "training_wish":
        return _LEARNING if cue("seeks_training").search(mention.clause.text) else 0.0
    return _PASSING if cue("wish").search(mention.clause.text) else 0.0


def _same_again(field: Passage, account: Passage, record: str) -> Iterator[Work]:
    """老本行: what was done before is what is wanted."""
    again = field.search(cue("same_again"))
    if again:
        for mention in mentions(account, record):
            yield from (Work(id=work, degree=share, span=again) for work, share in mention.means.items())


def _best(works: "Sequence[Work] | Iterator[Work]") -> tuple[Work, ...]:
    """One entry per work id, the surest mention, in order of degree."""
    best: dict[str, Work] = {}
    for work in works:
        if work.id not in best or work.degree > best[work.id].degree:
            best[work.id] = work
    return tuple(sorted(best.values(), key=lambda work: -work.degree))
