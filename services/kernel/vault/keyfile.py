"""Master keys in one file, readable by its owner only, or the same text from the environment.

The file holds independent random keys: masters by version, and one for the blind indexes (HMAC-SHA-256). Whoever loses it
loses what is sealed for good: it belongs into the backup, apart from the database.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from services.kernel.vault.keyring import KeyRing
from services.kernel.vault.port import Bare, Masters, VaultSealed, Wrapped
from services.kernel.vault.private_file import write_beside
from services.kernel.vault.suites import Suite

_OTHERS: Final = 0o077


class RingMasters:
    """Masters (see port.py) of a key ring that is read again whenever it may have changed."""

    def __init__(self, source: "RingSource") -> None:
        self._source = source

    async def current(self) -> int:
        """See Masters.current."""
        return self._source.ring().current

    async def wrap(self, keys: Sequence[Bare]) -> Sequence[Wrapped]:
        """See Masters.wrap."""
        ring = self._source.ring()
        sealer = ring.sealer(ring.current)
        return [Wrapped(ring.current, sealer.seal(one.key, f"{ring.current}|{one.bound}"), one.bound) for one in keys]

    async def unwrap(self, keys: Sequence[Wrapped]) -> Sequence[bytes]:
        """See Masters.unwrap."""
        ring = self._source.ring()
        sealers = {version: ring.sealer(version) for version in {one.version for one in keys}}
        return [sealers[one.version].open(one.key, f"{one.version}|{one.bound}") for one in keys]

    async def blind_key(self) -> bytes:
        """See Masters.blind_key."""
        return self._source.ring().blind


class RingSource(Protocol):
    """Where a key ring lies."""

    def ring(self) -> KeyRing:
        """The ring as it is now. Raises VaultSealed."""
        ...


class RingText:
    """A key ring given as text: a setting, hence the environment or a file of the secrets directory."""

    def __init__(self, text: str) -> None:
        self._ring = KeyRing.parse(text, "the setting key_ring")

    def ring(self) -> KeyRing:
        """See RingSource."""
        return self._ring


class RingFile:
    """A key ring in a file. It is read again when it was replaced: a rotation reaches processes that run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._ring: KeyRing | None = None

    def ring(self) -> KeyRing:
        """See RingSource. Raises VaultSealed when the file is missing, is damaged, or others may read it."""
        try:
            stat = self.path.stat()
            if stat.st_mode & _OTHERS:
                raise VaultSealed(f"others may read the key file {self.path}: chmod 600 it")
            seen = (stat.st_ino, stat.st_mtime_ns)
            if self._ring is None or seen != self._seen:
                self._ring, self._seen = KeyRing.parse(self.path.read_text(), f"the key file {self.path}"), seen
        except OSError as missing:
            raise VaultSealed(f"the key file {self.path} cannot be read") from missing
        return self._ring

    def ensure(self, suite: Suite) -> None:
        """Make the file if there is none: of two processes that start at once the first one's keys are the keys."""
        if not self.path.exists():
            draft = write_beside(self.path, KeyRing.new(suite).text())
            try:
                os.link(draft, self.path)
            except FileExistsError:
                return
            finally:
                draft.unlink()

    def replace(self, ring: KeyRing) -> None:
        """Put another ring into the file, whole or not at all."""
        write_beside(self.path, ring.text()).replace(self.path)


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the settings say that the keys are. `text` goes before `file`."""

    file: Path
    text: str | None = None
    suite: Suite = Suite.AES_256_GCM

    def source(self, *, create: bool) -> RingSource:
        """The ring's source; a file is made if it may be and is missing. Raises VaultSealed."""
        if self.text:
            return RingText(self.text)
        file = RingFile(self.file)
        if create:
            file.ensure(self.suite)
        file.ring()
        return file

    def open(self, *, create: bool) -> Masters:
        """The masters. Raises VaultSealed when they are missing (and may not be made), damaged, or open to others."""
        return RingMasters(self.source(create=create))
