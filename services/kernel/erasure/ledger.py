"""The stream of erasures, followed into memory. It holds digests only (contracts/erasures.py) and is never shortened."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from pydantic import ValidationError

from services.contracts.erasures import PersonErased, blind_id
from services.contracts.topics import ERASURES
from services.kernel.bus.port import Bus, BusUnavailable, Message
from services.kernel.ids import new_id
from services.kernel.pauses import Backoff, occurs

_A_POLL: Final = 1000
_POLL_S: Final = 1.0

_log = structlog.get_logger(__name__)


async def entries(bus: Bus) -> Mapping[str, PersonErased]:
    """The whole ledger as it stands, by digest. Raises BusUnavailable."""
    return {entry.blind: entry async for message in bus.snapshot([ERASURES]) if (entry := _entry(message))}


class ErasureLedger:
    """The ledger of one process: read from the start by each, for each must know all of it. `run` follows it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._versions: dict[str, int] = {}
        self.trouble = "bus: the erasure ledger was not read yet"
        """What keeps the ledger from being up to date; "" when well."""

    def holds(self, worker_id: str) -> bool:
        """Whether this record was erased."""
        return bool(self._versions) and blind_id(worker_id) in self._versions

    def __len__(self) -> int:
        return len(self._versions)

    async def load(self) -> None:
        """Read all there is. Raises BusUnavailable."""
        for entry in (await entries(self._bus)).values():
            self._versions[entry.blind] = entry.version
        self.trouble = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the stream until `stop`; the bus may be away for a while."""
        backoff = Backoff()
        while not stop.is_set():
            try:
                # A group of this process's own that never commits: it always begins at the start.
                async with self._bus.subscribe([ERASURES], new_id("erasures")) as subscription:
                    await self.load()
                    backoff.reset()
                    while not stop.is_set():
                        for messages in (await subscription.poll(_A_POLL, _POLL_S)).values():
                            self._take(messages)
            except BusUnavailable as error:
                self.trouble = f"bus: {error}"
                _log.warning("erasure_ledger_waits", trouble=self.trouble)
                await occurs(stop, backoff.next_pause_s())

    async def read(self, stop: asyncio.Event) -> None:
        """Return once all there is was read, however long the bus is away; or when `stop` is set."""
        backoff = Backoff()
        while self.trouble and not stop.is_set():
            try:
                await self.load()
            except BusUnavailable as error:
                _log.warning("erasure_ledger_waits", trouble=str(error))
                await occurs(stop, backoff.next_pause_s())

    def _take(self, messages: Sequence[Message]) -> None:
        for message in messages:
            entry = _entry(message)
            if entry is not None:
                self._versions[entry.blind] = entry.version


def _entry(message: Message) -> PersonErased | None:
    """The entry in a message. Raises nothing: what is no entry erases nobody, and is said aloud."""
    try:
        return PersonErased.model_validate_json(message.value or b"")
    except ValidationError:
        _log.error("no_erasure", key=message.key, offset=message.offset)
        return None
