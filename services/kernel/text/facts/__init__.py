"""Facts from people's words: rules and lexicon as data, no network, no model.

    worker_facts(WorkerChanged) -> WorkerFacts      posting_facts(PostingChanged) -> PostingFacts
    work_limits("腰不好，重活做不了") -> ("no_heavy_lifting",)

Pure and independent of the day. `FACTS_REVISION` changes when the code's reading changes; the tables under
kernel/text/data are part of the lexicon's version.
"""

from services.kernel.text.facts.health import work_limits
from services.kernel.text.facts.model import PostingFacts, WorkerFacts
from services.kernel.text.facts.posting import posting_facts
from services.kernel.text.facts.worker import worker_facts

__all__ = ["FACTS_REVISION", "PostingFacts", "WorkerFacts", "posting_facts", "work_limits", "worker_facts"]

FACTS_REVISION = "4"
