"""What a posting asks of people: certificates, experience, schooling, age, Mandarin, and where the work strains."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.contracts.vocabulary import codes
from services.kernel.text.facts import certificates, cues, numerals, tables
from services.kernel.text.facts.model import CertificateNeed, ExperienceNeed, Mark, PostedWork, Role, Span, Strength
from services.kernel.text.facts.passages import Passage

_AGES: Final = re.compile(r"(?P<least>\d{2})\s*(?:周?岁)?\s*(?:-|到|至|~|—)\s*(?P<most>\d{2})")
_MOST: Final = re.compile(
    r"(?P<most>\d{2})\s*(?:周?岁)?\s*(?:以下|以内|之内|内|封顶|及以下)|(?:不超过|放宽到|不大于|最大|可到)\s*(?P<most2>\d{2})"
)
_LEAST: Final = re.compile(r"(?P<least>\d{2})\s*(?:周?岁)?\s*(?:以上|起|及以上)")


class Asked(NamedTuple):
    """A code that is asked for at least, how firmly, and the words."""

    code: str | None
    strength: Strength
    span: Span | None


class Ages(NamedTuple):
    """The employer's wish, in full years."""

    least: int | None
    most: int | None
    span: Span | None


def certificates_needed(field: Passage, description: Passage, works: Sequence[PostedWork]) -> tuple[CertificateNeed, ...]:
    """One need per certificate, or per set of alternatives, by clause of the field; the description where it is silent."""
    strength = cues.section("posting_cues", "strength")
    needs = list(_asked(field)) or list(told(description))
    waived = strength["waived"].search(field.text) or strength["waived"].search(description.text)
    arranged = strength["after_hire"].search(field.text) or strength["after_hire"].search(description.text)
    softened = [_soften(need, waived=bool(waived), arranged=bool(arranged)) for need in needs]
    return tuple(softened) or tuple(_arranged(field, works))


def _asked(field: Passage) -> Iterator[CertificateNeed]:
    """The needs of the certificates' field; "…也可" adds an alternative to the one before."""
    also = cues.section("posting_cues", "strength")["also_accepted"]
    needs: list[CertificateNeed] = []
    named = list(certificates.named(field))
    for clause in field.clauses:
        found = [one for one in named if clause.start <= one.start < clause.end]
        if found and needs and also.search(clause.text.strip()):
            needs[-1] = needs[-1].model_copy(update={"names": (*needs[-1].names, *(one.name for one in found))})
        elif found:
            needs += _needs(field, clause.text, found)
    yield from needs


def told(description: Passage) -> Iterator[CertificateNeed]:
    """Certificates that running text asks for; without "须持" and the like they are only welcome."""
    insisted = cues.section("posting_cues", "strength")["insisted"]
    for one in certificates.named(description):
        clause = description.clause_at(one.start).text
        if "证" not in clause:
            continue
        need = _need(description, clause, [one])
        if need.strength is Strength.MUST and not insisted.search(clause):
            need = need.model_copy(update={"strength": Strength.NICE})
        yield need


def _needs(field: Passage, clause: str, found: Sequence[certificates.Named]) -> Iterator[CertificateNeed]:
    if cues.section("posting_cues", "strength")["alternative"].search(clause):
        yield _need(field, clause, found)
    else:
        for one in found:
            yield _need(field, one.item, [one])


def _need(field: Passage, words: str, found: Sequence[certificates.Named]) -> CertificateNeed:
    return CertificateNeed(
        names=tuple(dict.fromkeys(one.name for one in found)),
        strength=_strength(words),
        level=found[0].level,
        branch=found[0].branch,
        span=field.span(found[0].start, found[-1].end),
    )


def _strength(words: str) -> Strength:
    cue = cues.section("posting_cues", "strength")
    if cue["nice"].search(words):
        return Strength.NICE
    return Strength.AFTER_HIRE if cue["after_hire"].search(words) else Strength.MUST


def _soften(need: CertificateNeed, *, waived: bool, arranged: bool) -> CertificateNeed:
    if need.strength is not Strength.MUST:
        return need
    if arranged:
        return need.model_copy(update={"strength": Strength.AFTER_HIRE})
    return need.model_copy(update={"strength": Strength.NICE}) if waived else need


def _arranged(field: Passage, works: Sequence[PostedWork]) -> Iterator[CertificateNeed]:
    """ "没有的公司帮办": the certificate of the work itself, after starting."""
    span = field.search(cues.section("posting_cues", "strength")["after_hire"])
    main = [work.id for work in works if work.role is Role.MAIN]
    if span:
        names = [name for name, ids in certificates.works_of().items() if set(ids) & set(main)]
        if names:
            yield CertificateNeed(names=tuple(names), strength=Strength.AFTER_HIRE, span=span)


def experience(*passages: Passage) -> ExperienceNeed | None:
    """None: nothing is said, or none is needed."""
    cue = cues.section("posting_cues", "experience")
    for passage in passages:
        if span := passage.search(cue["must"]):
            return ExperienceNeed(strength=Strength.MUST, years=_years(span.text), span=span)
    if any(passage.search(cue["none"]) for passage in passages):
        return None
    span = next((s for passage in passages if (s := passage.search(cue["nice"]))), None)
    return ExperienceNeed(strength=Strength.NICE, years=_years(span.text), span=span) if span else None


def _years(words: str) -> float | None:
    match = cues.section("posting_cues", "experience")["years"].search(words)
    return numerals.number(match.group("n")) if match else None


def education(field: Passage) -> Asked:
    """The lowest schooling that is named; NICE where it may be less."""
    if not field.text.strip() or "不限" in field.text:
        return Asked(None, Strength.NICE, None)
    named = [
        (codes.EDUCATION.rank(code), code, match.span())
        for code, entry in codes.EDUCATION.entries.items()
        for word in (entry.name, *entry.aliases)
        for match in re.finditer(re.escape(word), field.text)
    ]
    if not named:
        return Asked(None, Strength.NICE, None)
    _, code, span = min(named)
    soft = re.search(r"优先|可放宽|条件好|可$|最好|经验可", field.text) is not None
    return Asked(code, Strength.NICE if soft else Strength.MUST, field.span(*span))


def ages(field: Passage) -> Ages:
    """The widest of the wishes that the field names (men, women, "可放宽")."""
    least = [int(match.group("least")) for pattern in (_AGES, _LEAST) for match in pattern.finditer(field.text)]
    most = [int(match.group("most")) for match in _AGES.finditer(field.text)]
    most += [int(match.group("most") or match.group("most2")) for match in _MOST.finditer(field.text)]
    span = field.span(0, len(field.written)) if least or most else None
    return Ages(min(least, default=None), max(most, default=None), span)


def mandarin(description: Passage) -> Asked:
    """How much Mandarin is asked for; lenient words beat strict ones."""
    for code in ("M2", "M5", "M3"):
        if span := description.search(cues.section("posting_cues", "mandarin")[code]):
            return Asked(code, Strength.NICE if code == "M2" else Strength.MUST, span)
    return Asked(None, Strength.NICE, None)


def strains(passages: Sequence[Passage], works: Sequence[PostedWork]) -> tuple[Mark, ...]:
    """The work limits that this work conflicts with, by its words or by its kind."""
    main = {work.id: work.span for work in works if work.role is Role.MAIN}
    found = []
    for limit, row in tables.load("posting_cues")["strains"].items():
        pattern = cues.section("posting_cues", "strains", limit)["words"]
        span = next((s for passage in passages if (s := passage.search(pattern))), None)
        span = span or next((main[work] for work in row["works"] if work in main), None)
        if span:
            found.append(Mark(id=limit, span=span))
    return tuple(found)
