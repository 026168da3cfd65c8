"""The index in a directory, on tantivy (the law is in port.py). One process at a time; blocking calls run in threads."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TypeVar

from services.kernel.index.embedded_build import Build
from services.kernel.index.embedded_layout import Layout
from services.kernel.index.port import (
    Document,
    Generation,
    Hit,
    Hits,
    IndexDamaged,
    IndexUnavailable,
    Schema,
    SearchRequest,
    WriteResult,
)

_Result = TypeVar("_Result")


class EmbeddedIndex:
    """The Index port on the files under `root`. Everything that changes them runs in one thread, one after the other."""

    def __init__(self, root: Path) -> None:
        """Opens nothing yet."""
        self._root = root
        self._layout = Layout(root)
        self._changes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index-writer")
        self._builds: dict[str, Build] = {}
        self._active: dict[str, str | None] = {}
        self._opening = Lock()
        self._swept = False
        self._closed = False

    async def generations(self, collection: str) -> Sequence[Generation]:
        return await self._change(self._layout.generations, collection)

    async def create(self, schema: Schema) -> Generation:
        return await self._change(self._layout.create, schema)

    async def activate(self, generation: Generation) -> None:
        await self._change(self._activate, generation)

    def _activate(self, generation: Generation) -> None:
        self._build(generation.collection, generation.name)
        self._layout.activate(generation.collection, generation.name)
        before = self._active.get(generation.collection)
        self._active[generation.collection] = generation.name
        if before is not None and before != generation.name and before in self._builds:
            self._builds[before].close_writer()

    async def drop(self, generation: Generation) -> None:
        await self._change(self._drop, generation)

    def _drop(self, generation: Generation) -> None:
        if self._layout.current(generation.collection) == generation.name:
            raise ValueError(f"{generation.name} is active")
        with self._opening:
            build = self._builds.pop(generation.name, None)
        if build is not None:
            build.close_writer()
        self._layout.drop(generation.collection, generation.name)

    async def write(
        self, generation: Generation, documents: Sequence[Document], *, refresh: bool = False
    ) -> Sequence[WriteResult]:
        del refresh  # every write is visible when it returns
        return await self._change(lambda: self._build(generation.collection, generation.name).write(documents))

    async def search(self, collection: str, request: SearchRequest) -> Hits:
        return await asyncio.to_thread(self._search, collection, request)

    def _search(self, collection: str, request: SearchRequest) -> Hits:
        build = self._active_build(collection)
        return Hits([], 0) if build is None else build.search(request)

    async def get(self, collection: str, ids: Sequence[str], generation: Generation | None = None) -> Mapping[str, Hit]:
        return await asyncio.to_thread(self._get, collection, ids, generation)

    def _get(self, collection: str, ids: Sequence[str], generation: Generation | None) -> Mapping[str, Hit]:
        build = self._asked(collection, generation)
        return {} if build is None else build.get(ids)

    async def count(self, collection: str, generation: Generation | None = None) -> int:
        return await asyncio.to_thread(self._count, collection, generation)

    def _count(self, collection: str, generation: Generation | None) -> int:
        build = self._asked(collection, generation)
        return 0 if build is None else build.count()

    def _asked(self, collection: str, generation: Generation | None) -> Build | None:
        return self._active_build(collection) if generation is None else self._build(collection, generation.name)

    async def close(self) -> None:
        """Finish the write under way and let go of the files."""
        if not self._closed:
            await self._change(self._close)
            self._changes.shutdown()

    def _close(self) -> None:
        self._closed = True
        for build in self._builds.values():
            build.close_writer()
        self._builds.clear()

    async def _change(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._changes, self._swept_first, work, *arguments)

    def _swept_first(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        self._check_open()
        if not self._swept:
            self._layout.sweep()
            self._swept = True
        return work(*arguments)

    def _check_open(self) -> None:
        if self._closed:
            raise IndexUnavailable("the index is closed")

    def _active_build(self, collection: str) -> Build | None:
        if collection not in self._active:
            self._active.setdefault(collection, self._layout.current(collection))
        while (name := self._active[collection]) is not None:
            try:
                return self._build(collection, name)
            except IndexDamaged:
                if name == self._active[collection]:
                    raise  # else it was replaced and dropped between the two lines: the new one serves
        return None

    def _build(self, collection: str, name: str) -> Build:
        with self._opening:
            self._check_open()
            if name not in self._builds:
                schema = self._layout.schema(collection, name)
                self._builds[name] = Build(self._layout.build_path(collection, name), schema)
            return self._builds[name]
