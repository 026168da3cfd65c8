"""Generations as directories:

    <root>/<collection>/CURRENT               the name of the active generation
    <root>/<collection>/<name>/schema.json    what it was built for
    <root>/<collection>/<name>/tantivy/       the build

A generation appears and disappears by rename, CURRENT changes by rename; each is flushed to the disk before it counts.
"""

import os
import shutil
from pathlib import Path
from typing import Final

import orjson
import tantivy
from ulid import ULID

from services.kernel.index.description import describe, described_schema
from services.kernel.index.documents import check_schema
from services.kernel.index.embedded_schema import tantivy_schema
from services.kernel.index.port import Generation, IndexDamaged, Schema

FORMAT: Final = 3
"""Of the files under a generation; another one cannot be read and has to be built again."""

_CURRENT: Final = "CURRENT"
_UNFINISHED: Final = ".new-"
_DROPPED: Final = ".dropped-"


class Layout:
    """The directories under one root. Blocking; not for use by two processes at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def sweep(self) -> None:
        """Remove what a crash left half made or half dropped."""
        for pattern in (f"*/{_UNFINISHED}*", f"*/{_DROPPED}*"):
            for left in self._root.glob(pattern):
                shutil.rmtree(left)

    def generations(self, collection: str) -> list[Generation]:
        """All that are there, oldest first."""
        current = self.current(collection)
        names = sorted(path.name for path in (self._root / collection).glob("[!.]*/"))
        return [Generation(name, collection, self._version(collection, name), name == current) for name in names]

    def _version(self, collection: str, name: str) -> str:
        try:
            return self.schema(collection, name).version
        except IndexDamaged:
            return ""

    def current(self, collection: str) -> str | None:
        """The name of the active generation."""
        try:
            return (self._root / collection / _CURRENT).read_text("utf-8").strip()
        except FileNotFoundError:
            return None

    def create(self, schema: Schema) -> Generation:
        """A new empty generation. Raises ValueError for a schema with unlawful names."""
        check_schema(schema)
        name = f"{schema.collection}-{str(ULID()).lower()}"
        unfinished = self._root / schema.collection / f"{_UNFINISHED}{name}"
        (unfinished / "tantivy").mkdir(parents=True)
        tantivy.Index(tantivy_schema(schema), path=str(unfinished / "tantivy"))
        _write_through(unfinished / "schema.json", orjson.dumps(describe(schema, FORMAT)))
        unfinished.rename(self._root / schema.collection / name)
        _flush_directory(self._root / schema.collection)
        return Generation(name, schema.collection, schema.version, active=False)

    def schema(self, collection: str, name: str) -> Schema:
        """What a generation was built for. Raises IndexDamaged."""
        path = self._root / collection / name / "schema.json"
        try:
            described = orjson.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{path} cannot be read: {error}") from error
        return described_schema(str(path), described, FORMAT)

    def build_path(self, collection: str, name: str) -> Path:
        """Where the tantivy files of a generation are."""
        return self._root / collection / name / "tantivy"

    def activate(self, collection: str, name: str) -> None:
        """Point CURRENT at a generation."""
        directory = self._root / collection
        replacement = directory / f"{_CURRENT}.new"
        _write_through(replacement, name.encode())
        replacement.replace(directory / _CURRENT)
        _flush_directory(directory)

    def drop(self, collection: str, name: str) -> None:
        """Remove a generation's files."""
        dropped = self._root / collection / f"{_DROPPED}{name}"
        (self._root / collection / name).rename(dropped)
        shutil.rmtree(dropped)


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_directory(path: Path) -> None:
    if os.name == "posix":  # elsewhere a directory cannot be opened, and renames are durable by themselves
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
