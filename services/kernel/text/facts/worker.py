"""A worker's words read as facts."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.contracts.events import WorkerChanged, WorkerWords
from services.kernel.text.facts import certificates, companions, cues, experience, health, living, marks, pay, places, starts
from services.kernel.text.facts.model import Span, WorkerFacts
from services.kernel.text.facts.passages import Passage
from services.kernel.text.facts.stated import corrected
from services.kernel.text.facts.wishes import wishes

_BY_EAR: Final = frozenset({"intention_occupations", "certificates"})


def worker_facts(profile: WorkerChanged) -> WorkerFacts:
    """The facts of a profile: what it states in structure, else what its words say. Pure; what is not said stays unknown."""
    return corrected(_read(profile), profile.stated)


def _read(profile: WorkerChanged) -> WorkerFacts:
    """The facts in a profile's words."""
    words = {
        name: Passage(f"words.{name}", getattr(profile.words, name), by_ear=name in _BY_EAR)
        for name in WorkerWords.model_fields
    }
    record = "\n".join(passage.text for passage in words.values())
    asides = [words["remark"], words["experience"]]
    whither = places.whither(words["intention_places"], list(_asides(words)))
    wish = wishes(words["intention_occupations"], words, record)
    lodging = living.worker_lodging(words["lodging"])
    live_in = living.worker_live_in([words["lodging"], words["intention_occupations"]], words["remark"])
    nights = living.worker_nights([words["intention_occupations"], words["lodging"], words["start"], words["remark"]])
    return WorkerFacts(
        wanted=wish.wanted,
        refused=wish.refused,
        open_to_any=wish.open_to_any,
        only_wanted=wish.only_wanted,
        experience=experience.account(words["experience"]),
        trained=wish.trained,
        certificates=certificates.held(words["certificates"]),
        places=whither.wished,
        places_refused=whither.refused,
        places_only=whither.only,
        reach=whither.reach,
        reach_span=whither.span,
        pay=pay.pay_wish(words["intention_pay"]),
        lodging=lodging.lodging,
        lodging_span=lodging.span,
        live_in=live_in.stance,
        live_in_span=live_in.span,
        nights=nights.stance,
        nights_span=nights.span,
        start=starts.start(words["start"]),
        blocked_months=starts.blocked([words["start"], words["remark"], words["care_duties"]]),
        companions=companions.companions(words["companions"], [words["remark"]]),
        tied_home=_tied(words),
        not_seeking=_first(words, "not_seeking"),
        training_wish=_training_wish(words["training_wish"]),
        limits=health.own_limits([*asides, words["intention_occupations"]]),
        marks=marks.worker_marks(list(words.values())),
    )


def _asides(words: Mapping[str, Passage]) -> Iterator[Passage]:
    """The fields in which staying at home is told in passing."""
    yield from (words[name] for name in ("remark", "care_duties", "start", "intention_occupations"))


def _first(words: Mapping[str, Passage], name: str) -> Span | None:
    pattern = cues.section("seeking")[name]
    return next((span for passage in words.values() if (span := passage.search(pattern))), None)


def _tied(words: Mapping[str, Passage]) -> Span | None:
    """Care that keeps at home, unless somebody else sees to it in the same sentence."""
    pattern, seen_to = cues.section("seeking")["tied"], cues.section("seeking")["seen_to"]
    for name in ("care_duties", "remark"):
        passage = words[name]
        for match in pattern.finditer(passage.text):
            if not seen_to.search(passage.sentence_at(match.start()).text):
                return passage.span(*match.span())
    return None


def _training_wish(passage: Passage) -> bool | None:
    text = passage.text.strip()
    if not text:
        return None
    return not any(text.startswith(no) for no in ("不愿", "不学", "不想", "不用", "没空", "否", "不去", "字认得少"))
