"""The search index. Siblings: tantivy in a directory (embedded.py) and Elasticsearch 8 (elastic.py).

Law that both keep, tested by tests/contract/index:

* A write carries the aggregate's version; an older version never overwrites a newer one, whatever the order of arrival.
  An equal or older version is STALE, which is success: the index already knows better.
* A tombstone is a document without fields at a version. It refuses older versions for ever; no search, get or count shows it.
* What a write reported DONE survives a kill -9 and is visible to every search that starts after the write returned
  (Elasticsearch: after the refresh interval, unless `refresh` is asked for).
* Text is tokens joined by blanks, split by white space and by nothing else: segmentation is done before, on both sides.
  Scores are BM25 (Lucene's, times k1 + 1) with k1 = 1.2 and b = 0.75 over all documents of the build. A field without tokens
  counts as one token long: Lucene would leave it out of the averages, tantivy would not. Documents that were replaced or
  withdrawn may weigh in the averages until the build merges them away.
* Hits are ordered by score, then by id: the same request on the same state gives the same answer. With `sort` they are ordered
  by that field, who has no value last, then by id. The page after a hit's position is what follows it in that order, also when
  documents came or went meanwhile: none that stayed is shown twice or left out (scores move when the collection does).
* Facets and sums are exact, over everything that the request finds, whatever the page.
* A document fits or is REFUSED by the rules of documents.py, the same for both.
* A collection is served from one generation at a time; `activate` swaps it atomically: a search sees the old or the new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol


class IndexUnavailable(Exception):
    """The index cannot be reached, is overloaded or did not answer in time; try again later."""


class IndexDamaged(IndexUnavailable):
    """What is on disk cannot be read. It holds nothing that the streams do not: build a new generation."""


class UnfitGeneration(IndexUnavailable):
    """The request names a field that the active build does not have: it serves an older schema until a rebuild is done."""


class FieldKind(StrEnum):
    """How a field is searched. A field of any kind may hold one value, several, or none."""

    TEXT = "text"  # tokens joined by blanks; searched by Match, scored by BM25
    KEYWORD = "keyword"  # a code; equal or not
    INTEGER = "integer"  # 64-bit signed; ranges
    DATE = "date"  # datetime.date; ranges
    BOOLEAN = "boolean"
    POINT = "point"  # a Point; distances


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in degrees (WGS 84), kept to six decimals (a tenth of a metre)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Schema:
    """A collection's name, and the searchable fields of its documents. Unknown fields are refused, never guessed.

    `nested`: fields that hold records of their own, each record searched by itself (Nested); a record's fields are of any kind
    but text and point. `version` changes with whatever makes old documents unfit (fields, lexicon): it names generations.
    """

    collection: str
    fields: Mapping[str, FieldKind]
    version: str
    nested: Mapping[str, Mapping[str, FieldKind]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One document: `fields` are searched, `source` (JSON-able) is what a hit gives back. `tombstone`: both are empty.

    A field's value is one value, a list of them, or None or "" for none; that of a nested field a list of mappings, at most
    MAX_NESTED. `version` is at least 1.
    """

    id: str
    version: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    tombstone: bool = False


class WriteOutcome(StrEnum):
    DONE = "done"
    STALE = "stale"  # the index holds this version or a newer one: success
    HOLD = "hold"  # overloaded or read-only for now: send this one again later
    REFUSED = "refused"  # this document will never fit (dead letter)


@dataclass(frozen=True, slots=True)
class WriteResult:
    id: str
    outcome: WriteOutcome
    reason: str = ""


# --- fixed query trees: nothing a user types is ever parsed as a query -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """The field holds any of `values` (keyword, boolean, integer)."""

    field: str
    values: Sequence[str | bool | int]


@dataclass(frozen=True, slots=True)
class Range:
    """The field holds a value within the bounds, both inclusive; None is open (both: any value). Integer or datetime.date."""

    field: str
    at_least: Any = None
    at_most: Any = None


@dataclass(frozen=True, slots=True)
class Exists:
    """The field holds any value."""

    field: str


@dataclass(frozen=True, slots=True)
class Holds:
    """The text field holds any of `tokens`. A token that no document can hold is held by none."""

    field: str
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Near:
    """The field holds a point within `km` of `point`, along the great circle of a sphere of EARTH_RADIUS_KM."""

    field: str
    point: Point
    km: float


@dataclass(frozen=True, slots=True)
class Nested:
    """One of the records that the nested field holds fits `query` by itself. `query` names the record's own fields."""

    field: str
    query: "Query"


@dataclass(frozen=True, slots=True)
class Not:
    query: "Query"


@dataclass(frozen=True, slots=True)
class All:
    queries: "Sequence[Query]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    queries: "Sequence[Query]"


Query = Term | Range | Exists | Holds | Near | Nested | Not | All | AnyOf


EARTH_RADIUS_KM: Final = 6371.0087714  # Lucene's: the mean of the ellipsoid's
MAX_CLAUSES: Final = 4_096
MAX_NESTED: Final = 100
MAX_HITS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Match:
    """Scored text: Σ over fields and tokens of field boost × token boost × BM25. `tokens` maps a token to its boost.

    Boosts are positive, and fields × tokens at most MAX_CLAUSES: a longer request is a ValueError.
    """

    fields: Mapping[str, float]
    tokens: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Boost:
    """Adds `weight` (positive) to the score of what fits `query`; what does not fit may be a hit all the same."""

    query: Query
    weight: float


@dataclass(frozen=True, slots=True)
class Sort:
    """By an integer or date field that holds at most one value a document."""

    field: str
    descending: bool = False


Key = float | int | date | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a hit stands in its order: `key` is its score, or with `sort` its value (None: it has none)."""

    key: Key
    id: str


@dataclass(frozen=True, slots=True)
class Values:
    """A facet: how many hits hold each value of a keyword field; the `most` frequent, equal ones in order of the value."""

    field: str
    most: int = 100


@dataclass(frozen=True, slots=True)
class Bands:
    """A facet: how many hits fit each of the named queries."""

    queries: Mapping[str, Query]


Facet = Values | Bands


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`filter` decides what may be a hit (never scored), `match` and `boosts` order. Without them, every score is 0.

    `require_match` False keeps documents that fit the filter but share no token, after those that do. `sort` orders instead of
    the score. `after` begins behind a hit of an earlier page of the same request. `size` is at most MAX_HITS. `facets` are
    counted and integer fields named in `sums` are added up over all hits. Raises ValueError for a value that its field's kind
    cannot hold.
    """

    filter: Query | None = None
    match: Match | None = None
    require_match: bool = True
    size: int = 100
    boosts: Sequence[Boost] = ()
    sort: Sort | None = None
    after: Position | None = None
    facets: Mapping[str, Facet] = field(default_factory=dict)
    sums: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`position` is None where no order was asked for (get)."""

    id: str
    version: int
    score: float
    source: Mapping[str, Any]
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """`total` is exact up to 10,000 and then at least that. `facets`: name → value or band → hits; `sums`: field → sum."""

    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generation:
    """One physical build of a collection. `name` is unique for ever; `schema_version` is what it was built for, "" when that
    can no longer be read."""

    name: str
    collection: str
    schema_version: str
    active: bool


class Index(Protocol):
    """Where matching looks. See the module's law. Every method raises IndexUnavailable when the index cannot be reached."""

    async def generations(self, collection: str) -> Sequence[Generation]:
        """All builds of a collection, oldest first."""
        ...

    async def create(self, schema: Schema) -> Generation:
        """A new, empty, inactive build. Collection and fields are named in lower case letters, digits and `_`, a letter first:
        anything else is a ValueError."""
        ...

    async def activate(self, generation: Generation) -> None:
        """Serve the collection from this build, atomically."""
        ...

    async def drop(self, generation: Generation) -> None:
        """Forget an inactive build. Raises ValueError for the active one."""
        ...

    async def write(
        self, generation: Generation, documents: Sequence[Document], *, refresh: bool = False
    ) -> Sequence[WriteResult]:
        """Upsert by (id, version), one result a document in the same order. A bad document does not harm the others."""
        ...

    async def search(self, collection: str, request: SearchRequest) -> Hits:
        """Hits from the active build; a collection without one is empty. Raises UnfitGeneration."""
        ...

    async def get(self, collection: str, ids: Sequence[str], generation: Generation | None = None) -> Mapping[str, Hit]:
        """The live documents among `ids`, from the active build, or from `generation`. Scores are 0."""
        ...

    async def count(self, collection: str, generation: Generation | None = None) -> int:
        """Live documents (no tombstones) in the active build, or in `generation`."""
        ...

    async def close(self) -> None:
        """Finish the write under way and let go. Everything after it raises IndexUnavailable, but another close."""
        ...
