"""With whom somebody would travel, and whether they can be parted."""

from collections.abc import Sequence

from services.kernel.text.facts import cues
from services.kernel.text.facts.model import Companion
from services.kernel.text.facts.passages import Passage


def companions(field: Passage, others: Sequence[Passage]) -> tuple[Companion, ...]:
    """Those of the companions field, in the table's order; `must` may be said anywhere."""
    plain, kinds = cues.section("companions"), cues.section("companions", "kinds")
    text = field.text.strip()
    if not text or plain["alone"].search(text):
        return ()
    everything = "。".join([text, *(passage.text for passage in others)])
    must = plain["must"].search(everything) is not None and not plain["optional"].search(everything)
    found = [(kind, span) for kind, pattern in kinds.items() if (span := field.search(pattern))]
    if not found:
        found = [("kin", field.span(0, len(field.written)))]
    return tuple(Companion(kind=kind, must=must, span=span) for kind, span in found)
