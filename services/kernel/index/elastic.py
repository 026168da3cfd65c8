"""The index in Elasticsearch 8 (the law is in port.py). Core features only; health is told by the answers themselves.

A generation is an index of one shard (scores are those of the whole collection) named `<prefix>-<collection>-<ULID>`; the alias
`<prefix>-<collection>` says which one serves. Writes go through an alias of the generation's own, so that a write to a
generation that was dropped meanwhile is refused instead of creating an index by accident.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError, NotFoundError, TransportError
from elasticsearch.serializer import DEFAULT_SERIALIZERS, OrjsonSerializer
from ulid import ULID

from services.kernel.index import elastic_bulk
from services.kernel.index.description import described_schema
from services.kernel.index.documents import Unfit, check_schema, encodable
from services.kernel.index.elastic_address import ElasticAddress
from services.kernel.index.elastic_bulk import GenerationMissing, Item
from services.kernel.index.elastic_mapping import FORMAT, PAYLOAD, body, mapping
from services.kernel.index.elastic_query import LIVE, facets, ids_body, position, search_body, sums
from services.kernel.index.port import (
    MAX_HITS,
    Document,
    Generation,
    Hit,
    Hits,
    IndexDamaged,
    IndexUnavailable,
    Position,
    Schema,
    SearchRequest,
    UnfitGeneration,
    WriteOutcome,
    WriteResult,
)

LOOK_AGAIN_S: Final = 1.0
"""How long another process's swap may stay unseen (as long as the refresh interval)."""

_TOO_LARGE: Final = 413
_COMPATIBLE_JSON: Final = "application/vnd.elasticsearch+json"


_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Build:
    """A generation and the schema it was built for."""

    name: str
    schema: Schema


class ElasticIndex:
    """The Index port on the indices whose names begin with the address's prefix."""

    def __init__(self, address: ElasticAddress) -> None:
        """Connects at the first use."""
        self._address = address
        self._client = _client(address)
        self._schemas: dict[str, Schema] = {}
        self._active: dict[str, tuple[_Build | None, float]] = {}
        self._closed = False

    async def generations(self, collection: str) -> Sequence[Generation]:
        with self._trouble():
            found = await self._client.indices.get(
                index=f"{self._alias(collection)}-*", features=["aliases", "mappings"], expand_wildcards="open"
            )
        listed = [self._generation(collection, name, described) for name, described in sorted(found.body.items())]
        return [generation for generation in listed if generation is not None]

    def _generation(self, collection: str, name: str, described: Mapping[str, Any]) -> Generation | None:
        try:
            schema = _schema_in(name, described["mappings"])
        except IndexDamaged:
            schema = Schema(collection, {}, "")
        if schema.collection != collection:
            return None  # of a collection whose name only begins alike
        return Generation(name, collection, schema.version, self._alias(collection) in described["aliases"])

    async def create(self, schema: Schema) -> Generation:
        check_schema(schema)
        name = f"{self._alias(schema.collection)}-{str(ULID()).lower()}"
        with self._trouble():
            await self._client.indices.create(
                index=name,
                mappings=mapping(schema),
                # The interval is spelt out: left to itself, Elasticsearch stops refreshing what is not searched.
                settings={"number_of_shards": 1, "number_of_replicas": self._address.replicas, "refresh_interval": "1s"},
                aliases={_feed(name): {}},
            )
        return Generation(name, schema.collection, schema.version, active=False)

    async def activate(self, generation: Generation) -> None:
        alias = self._alias(generation.collection)
        with self._trouble():
            await self._client.indices.refresh(index=generation.name)
            await self._client.indices.update_aliases(
                actions=[
                    {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
                    {"add": {"index": generation.name, "alias": alias}},
                ]
            )
        self._active.pop(generation.collection, None)

    async def drop(self, generation: Generation) -> None:
        known = await self.generations(generation.collection)
        if any(one.active and one.name == generation.name for one in known):
            raise ValueError(f"{generation.name} is active")
        with self._trouble():
            await self._client.indices.delete(index=generation.name, ignore_unavailable=True)

    async def write(
        self, generation: Generation, documents: Sequence[Document], *, refresh: bool = False
    ) -> Sequence[WriteResult]:
        schema = await self._schema(generation.name)
        results, items = await asyncio.to_thread(_encoded, schema, documents)
        for batch in elastic_bulk.chunks(items):
            for item, result in zip(batch, await self._bulk(generation.name, batch), strict=True):
                results[item.place] = result
        if refresh:
            with self._trouble():
                await self._client.indices.refresh(index=generation.name)
        return [results[place] for place in range(len(documents))]

    async def _bulk(self, name: str, batch: Sequence[Item]) -> list[WriteResult]:
        try:
            with self._trouble():
                lines: Any = [item.lines for item in batch]  # ready-made bytes, which the client's types do not foresee
                answer = await self._client.bulk(index=_feed(name), operations=lines, require_alias=True)
            return [elastic_bulk.result(item.id, said["index"]) for item, said in zip(batch, answer["items"], strict=True)]
        except GenerationMissing as error:
            raise IndexUnavailable(f"{name} does not exist any more: {error}") from error
        except _TooLarge:
            if len(batch) == 1:
                return [WriteResult(batch[0].id, WriteOutcome.REFUSED, "413: the document is too large")]
            middle = len(batch) // 2
            return [*await self._bulk(name, batch[:middle]), *await self._bulk(name, batch[middle:])]

    async def search(self, collection: str, request: SearchRequest) -> Hits:
        async def ask(build: _Build) -> Hits:
            answer = await self._answer(build.name, search_body(build.schema, request))
            hits = [_hit(hit, position(build.schema, request, hit)) for hit in answer["hits"]["hits"]]
            counted = answer.get("aggregations", {})
            return Hits(hits, answer["hits"]["total"]["value"], facets(request, counted), sums(request, counted))

        return await self._on_serving(collection, ask, Hits([], 0))

    async def get(self, collection: str, ids: Sequence[str], generation: Generation | None = None) -> Mapping[str, Hit]:
        wanted = encodable(ids)

        async def ask(name: str) -> dict[str, Hit]:
            found: dict[str, Hit] = {}
            for start in range(0, len(wanted), MAX_HITS):
                answer = await self._answer(name, ids_body(wanted[start : start + MAX_HITS]))
                found |= {hit["_id"]: _hit(hit, None) for hit in answer["hits"]["hits"]}
            return found

        if generation is not None:
            return await ask(generation.name)
        return await self._on_serving(collection, lambda build: ask(build.name), {})

    async def _answer(self, name: str, query: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._trouble():
            answer: Mapping[str, Any] = (await self._client.search(index=name, **query)).body
        return answer

    async def count(self, collection: str, generation: Generation | None = None) -> int:
        async def ask(name: str) -> int:
            with self._trouble():
                return int((await self._client.count(index=name, query=LIVE))["count"])

        if generation is None:
            return await self._on_serving(collection, lambda build: ask(build.name), 0)
        with self._trouble():  # what was written a moment ago counts when two builds are compared
            await self._client.indices.refresh(index=generation.name)
        return await ask(generation.name)

    async def _on_serving(self, collection: str, ask: Callable[[_Build], Awaitable[_Found]], nothing: _Found) -> _Found:
        """What `ask` gets from the generation that serves; `nothing` when none does.

        One that was replaced and is being dropped answers 404 or, for a moment, 503: then the new one is asked.
        """
        build = await self._serving(collection)
        while build is not None:
            try:
                return await ask(build)
            except (_Answered, UnfitGeneration):
                now = await self._serving(collection, again=True)
                if now == build:
                    raise
                build = now
        return nothing

    async def close(self) -> None:
        self._closed = True
        await self._client.close()

    def _alias(self, collection: str) -> str:
        return f"{self._address.prefix}-{collection}"

    async def _serving(self, collection: str, *, again: bool = False) -> _Build | None:
        """The generation that serves, looked up at most once a second.

        Searches name the generation, not its alias: the query must be compiled for the schema that it runs on.
        """
        now = asyncio.get_running_loop().time()
        build, until = self._active.get(collection, (None, now))
        if again or now >= until:
            name = await self._alias_target(collection)
            build = _Build(name, await self._schema(name)) if name else None
            self._active[collection] = build, now + LOOK_AGAIN_S
        return build

    async def _alias_target(self, collection: str) -> str | None:
        try:
            with self._trouble():
                found = await self._client.indices.get_alias(name=self._alias(collection))
        except _Missing:
            return None
        return str(next(iter(found.body)))

    async def _schema(self, name: str) -> Schema:
        if name not in self._schemas:
            try:
                with self._trouble():
                    found = await self._client.indices.get_mapping(index=name)
            except _Missing as error:
                raise IndexUnavailable(f"{name} does not exist") from error
            self._schemas[name] = _schema_in(name, found[name]["mappings"])
        return self._schemas[name]

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """What the client raises, in the port's words. Raises _Missing and _TooLarge for those who know what to do."""
        if self._closed:
            raise IndexUnavailable("the index is closed")
        try:
            yield
        except NotFoundError as error:
            raise _Missing(f"Elasticsearch: {error.error}") from error
        except BadRequestError:
            raise  # our mistake: it must be loud
        except ApiError as error:
            if error.status_code == _TOO_LARGE:
                raise _TooLarge from error
            raise _Answered(f"Elasticsearch answered {error.status_code} {error.error}") from error
        except TransportError as error:
            raise IndexUnavailable(f"Elasticsearch: {type(error).__name__}: {error.message}") from error


class _Answered(IndexUnavailable):
    """Elasticsearch is there, and cannot do this now."""


class _Missing(_Answered):
    """What was asked for does not exist."""


class _TooLarge(Exception):
    """The request is larger than Elasticsearch accepts."""


class _CompatibleSerializer(OrjsonSerializer):
    """The client speaks this media type to a server of its own major version."""

    mimetype = _COMPATIBLE_JSON


def _client(address: ElasticAddress) -> AsyncElasticsearch:
    secrets: dict[str, Any] = {"basic_auth": address.basic_auth, "api_key": address.api_key}
    if address.ca_file is not None:
        secrets["ca_certs"] = str(address.ca_file)
    fast = {serializer.mimetype: serializer for serializer in (OrjsonSerializer(), _CompatibleSerializer())}
    return AsyncElasticsearch(
        list(address.hosts),
        request_timeout=address.timeout_s,
        max_retries=1,
        retry_on_status=(),  # overload is answered by waiting, not by asking again at once
        serializers={**DEFAULT_SERIALIZERS, **fast},
        **secrets,
    )


def _schema_in(name: str, found: Mapping[str, Any]) -> Schema:
    """The schema that a mapping was made from. Raises IndexDamaged."""
    return described_schema(name, found.get("_meta", {}), FORMAT)


def _hit(answered: Mapping[str, Any], position: Position | None) -> Hit:
    return Hit(answered["_id"], answered["_version"], answered["_score"] or 0.0, answered["_source"][PAYLOAD], position)


def _feed(name: str) -> str:
    """The alias that a generation is written through."""
    return f"{name}.feed"


def _encoded(schema: Schema, documents: Sequence[Document]) -> tuple[dict[int, WriteResult], list[Item]]:
    """What is refused at once, by place, and what is to be sent."""
    refused: dict[int, WriteResult] = {}
    items: list[Item] = []
    for place, document in enumerate(documents):
        try:
            items.append(elastic_bulk.item(place, document, body(schema, document)))
        except Unfit as error:
            refused[place] = WriteResult(document.id, WriteOutcome.REFUSED, str(error))
    return refused, items
