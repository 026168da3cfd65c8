"""Certificates that must be held, and those that are welcome or may be had after starting."""

import re
from collections.abc import Iterator
from typing import Final

from services.jobs.understanding.fact import Fact
from services.jobs.understanding.notice import Notice
from services.kernel.text.facts import certificates, cues, requirements
from services.kernel.text.facts.model import CertificateNeed, Strength
from services.kernel.text.facts.passages import Passage

_NOT_NEEDED: Final = re.compile(r"(?:不(?:需要?|用|要求?|看|必)|无需|免)[^,;.]{0,6}$")
_WELCOME: Final = re.compile(r"优先|更佳|更好|最好|加分|另加|加\d|的?加(?:\d|[一二三四五六]百)")
_INSISTED: Final = re.compile(r"须|需|必须|要求|必备|持|一定")
_CODED: Final = re.compile(r"[ABC][123]|N\d|普通话[一二三]级")
# What the table of certificates knows and no employer asks people to hold as a certificate.
_NO_PAPER: Final = frozenset({"退役军人证", "残疾人证"})


def papers(notice: Notice) -> Iterator[Fact]:
    """Two lists of canonical names: certificates_must and certificates_nice."""
    needs = list(_needs(notice))
    for key, firm in (("certificates_must", True), ("certificates_nice", False)):
        chosen = [need for need in needs if (need.strength is Strength.MUST) is firm]
        names = tuple(dict.fromkeys(name for need in chosen for name in need.names if name not in _NO_PAPER))
        if names:
            yield Fact(key, names, chosen[0].span)  # type: ignore[arg-type]  # one of the two keys above


def _needs(notice: Notice) -> Iterator[CertificateNeed]:
    """The column's needs; beside them what running text asks for and the column does not name."""
    text = next(notice.of("text"), Passage("", ""))
    named: set[str] = set()
    for field in notice.of("certificates"):
        for need in requirements.certificates_needed(field, text, notice.works):
            # "没有的公司帮办" names none: the certificate of the work itself is meant.
            names = need.names if any(certificates.named(Passage("", need.span.text))) else need.names[:1]
            named |= {*names}
            yield need.model_copy(update={"names": names})
    for passage in notice.of("text", "title", "education"):
        for one in certificates.named(passage):
            asked = None if one.name in named else _told(passage, one, beside_column=bool(named))
            if asked is not None:
                yield asked


def _told(passage: Passage, one: certificates.Named, *, beside_column: bool) -> CertificateNeed | None:
    """What running text asks for. Beside a column of certificates only what is insisted on, or said to be welcome."""
    clause = passage.clause_at(one.start)
    sentence = passage.sentence_at(one.start)
    head, tail = passage.text[clause.start : one.start], passage.text[one.end : clause.end]
    paper = "证" in passage.text[one.start : one.end] or "证" in tail[:4] or _CODED.search(passage.text[one.start : one.end])
    listed = "证" in clause.text and "、" in clause.text
    # "持健康证、催乳师证优先": only the item that says so is welcome, once the clause insists.
    item = tail.split("、", 1)[0]
    welcome = _WELCOME.search(item if _INSISTED.search(head) else clause.text) is not None
    if _NOT_NEEDED.search(head) or not (paper or listed or (welcome and "证" in sentence.text)):
        return None
    waived = cues.section("posting_cues", "strength")
    later = waived["after_hire"].search(passage.sentence_at(one.start).text) or waived["waived"].search(clause.text)
    if beside_column and not (welcome or _INSISTED.search(clause.text)):
        return None
    strength = Strength.NICE if welcome else Strength.AFTER_HIRE if later else Strength.MUST
    return CertificateNeed(names=(one.name,), strength=strength, span=passage.span(one.start, one.end))
