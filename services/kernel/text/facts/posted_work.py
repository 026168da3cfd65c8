"""The work that a posting offers: its title first, then duties, other ways in, and what it is not."""

from collections.abc import Iterable
from typing import Final

from services.kernel.text.facts import cues
from services.kernel.text.facts.model import PostedWork, Role
from services.kernel.text.facts.passages import Passage
from services.kernel.text.facts.works import Mention, mentions

_DUTY: Final = 0.6
_ORDER: Final = {Role.MAIN: 0, Role.DUTY: 1, Role.ENTRY: 2, Role.EXCLUDED: 3}


def works(title: Passage, description: Passage, record: str) -> tuple[PostedWork, ...]:
    """One entry per work and role, the surest; without a title that says anything, the description's first work is the main."""
    found = [posted for mention in mentions(title, record) for posted in _posted(title, mention, Role.MAIN, 1.0)]
    for mention in mentions(description, record):
        if mention.setting:
            continue
        role = _role(mention)
        if role is Role.DUTY and not found:
            role = Role.MAIN
        if role is not None:
            found += _posted(description, mention, role, 1.0 if role is not Role.DUTY else _DUTY)
    return _best(found)


def _posted(passage: Passage, mention: Mention, role: Role, share: float) -> list[PostedWork]:
    span = passage.span(mention.start, mention.end)
    return [
        PostedWork(id=work, role=role, degree=round(degree * share, 3), span=span) for work, degree in mention.means.items()
    ]


def _role(mention: Mention) -> Role | None:
    """None: only welcome experience, no part of this work."""
    patterns = cues.section("posting_cues", "work")
    start, end = mention.within
    head, tail = mention.clause.text[:start], mention.clause.text[end:]
    if patterns["excluded"].search(head) or patterns["excluded_after"].search(tail):
        return Role.EXCLUDED
    if patterns["entry"].search(head):
        return Role.ENTRY
    if patterns["welcome"].search(head) or patterns["welcome_after"].search(tail):
        return None
    return Role.DUTY


def _best(found: Iterable[PostedWork]) -> tuple[PostedWork, ...]:
    best: dict[str, PostedWork] = {}
    for posted in found:
        known = best.get(posted.id)
        if known is None or (_ORDER[known.role], -known.degree) > (_ORDER[posted.role], -posted.degree):
            best[posted.id] = posted
    return tuple(sorted(best.values(), key=lambda posted: (_ORDER[posted.role], -posted.degree)))
