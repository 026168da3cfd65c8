"""The judge. Pure: a history and the layers in, what is wrong out; each sentence begins with the layer that is to blame.

I1 convergence: for every live row the index holds exactly its version and its projection, and nothing of what is gone.
I6 no loss by layer: what clients were told is in the database; the database's versions were told to the outbox; what the outbox
told is in the topic or waits; what the topic holds is indexed, superseded, a dead letter or still to be read.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from services.kernel.index import Document, Hit
from tests.history.layers import Layers
from tests.history.operations import Operation, Outcome

_TIME_OF_THE_EVENT = "updated"


def violations(operations: Sequence[Operation], layers: Layers) -> list[str]:
    """What is wrong, in words; none is what a test wants. `operations` on other kinds of records must be left out before."""
    return [
        *_database(operations, layers),
        *_outbox(layers),
        *_topic(layers),
        *_index(layers),
    ]


def _database(operations: Sequence[Operation], layers: Layers) -> Iterator[str]:
    done: dict[str, list[Operation]] = defaultdict(list)
    doubtful: dict[str | None, int] = defaultdict(int)
    for operation in operations:
        if operation.outcome is Outcome.OK and operation.subject:
            done[operation.subject].append(operation)
        elif operation.outcome in {Outcome.UNKNOWN, Outcome.INVOKED}:
            doubtful[operation.subject] += 1
    for subject, known in done.items():
        last = max(known, key=lambda operation: operation.version or 0)
        acknowledged, row = last.version or 0, layers.rows.get(subject)
        if row is None:
            yield f"database: {subject} was acknowledged at version {acknowledged} and is not there"
        elif row.version < acknowledged:
            yield f"database: {subject} was acknowledged at version {acknowledged} and is at {row.version}"
        elif row.version > acknowledged + doubtful[subject]:
            yield f"database: {subject} is at version {row.version}, and nobody asked for more than {acknowledged}"
        elif row.version == acknowledged and row.tombstone != last.gone:
            yield f"database: {subject} at version {acknowledged} is {'gone' if row.tombstone else 'there'}"
    nobodys = layers.rows.keys() - done.keys()
    if len(nobodys) > doubtful[None]:
        yield f"database: {len(nobodys)} records that nobody asked for, {min(nobodys)} among them"


def _outbox(layers: Layers) -> Iterator[str]:
    told = layers.outbox | frozenset(layers.topic)
    for subject, row in layers.rows.items():
        if (subject, row.version) not in told:
            yield f"outbox: {subject} is at version {row.version}, which was never told"


def _topic(layers: Layers) -> Iterator[str]:
    newest: dict[str, int] = {}
    last: dict[str, int] = {}
    for subject, version in layers.topic:
        newest[subject] = max(version, newest.get(subject, 0))
        last[subject] = version
    for subject, version in sorted(layers.outbox - layers.unpublished):
        if newest.get(subject, 0) < version:
            yield f"topic: {subject} at version {version} is marked as published and is not there"
    for subject, version in newest.items():
        if last[subject] != version:
            yield f"topic: the last record of {subject} is version {last[subject]}: compaction would lose {version}"


def _index(layers: Layers) -> Iterator[str]:
    if layers.unpublished or layers.lag:
        yield f"index: {len(layers.unpublished)} changes wait to be published and {layers.lag} to be indexed"
        return
    for subject, row in layers.rows.items():
        yield from _indexed(subject, row, layers.index.get(subject), (subject, row.version) in layers.dead)


def _indexed(subject: str, row: Document, hit: Hit | None, dead: bool) -> Iterator[str]:
    if dead:
        yield f"dead letters: {subject} at version {row.version}"
    elif row.tombstone and hit is not None:
        yield f"index: {subject} is gone at version {row.version} and still found at {hit.version}"
    elif not row.tombstone and hit is None:
        yield f"index: {subject} at version {row.version} is not found"
    elif hit is not None and hit.version != row.version:
        yield f"index: {subject} is at version {row.version} and found at {hit.version}"
    elif hit is not None and (different := _different(row, hit)):
        yield f"index: {subject} at version {row.version} is found otherwise than its row: {', '.join(different)}"


def _different(row: Document, hit: Hit) -> list[str]:
    names = set(chain(row.source, hit.source)) - {_TIME_OF_THE_EVENT}
    return sorted(name for name in names if row.source.get(name) != hit.source.get(name))
