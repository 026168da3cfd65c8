"""What reads one person's documents."""

from services.kernel.errors import NotFound
from services.kernel.http.auth import Scope
from services.matcher import reach
from services.matcher.indexer.documents import Collection
from services.matcher.ranking import documents
from services.matcher.resources import Matching
from services.matcher.subjects.schemas import ErasedFromIndex, IndexedSubject


async def indexed(matching: Matching, scope: Scope, worker_id: str) -> IndexedSubject:
    """The document of a person in scope. Raises NotFound, IndexUnavailable."""
    hit = (await matching.get(Collection.WORKERS, [worker_id])).get(worker_id)
    if hit is None or not reach.serves(scope, documents.seeker(hit).profile):
        raise NotFound("检索里没有这个人")
    return IndexedSubject(worker_id=worker_id, version=hit.version, document=dict(hit.source))


async def erased(matching: Matching, scope: Scope, worker_id: str) -> ErasedFromIndex:
    """What is left of an erased person in every generation, past the ledger; of a person out of scope nothing is told. Raises
    IndexUnavailable."""
    index, held = matching.index, {}
    for generation in await index.generations(Collection.WORKERS):
        hit = (await index.get(Collection.WORKERS, [worker_id], generation)).get(worker_id)
        held[generation.name] = hit is not None and reach.serves(scope, documents.seeker(hit).profile)
    known = matching.erased.holds(worker_id)
    return ErasedFromIndex(ledger=known, generations=held, complete=known and not any(held.values()))
