"""The register of workers that kernel/imports fills: what a row of a bureau's sheet means, and how rows become records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.topics import WORKER_PROFILES
from services.kernel.audit import Audit, Entry
from services.kernel.clock import Clock, china_day
from services.kernel.http.auth import Scope
from services.kernel.ids import new_id
from services.kernel.imports.headings import HeadingTable
from services.kernel.imports.outcomes import Difference, Effect, Finding, Origin, Reading, SheetRow, Taken, Written
from services.kernel.imports.rows import RowReader
from services.kernel.outbox import append
from services.kernel.vault.port import Vault
from services.workers import cells, events
from services.workers.erasures import repository as erasures
from services.workers.intentions.intention import IMPORTED, Asking
from services.workers.profile import Profile, State, Worker, differences, said
from services.workers.repository import Held, Workers
from services.workers.sheet import read_profile
from services.workers.tables import outbox

ID_PREFIX: Final = "w"
HEADINGS: Final = HeadingTable.load(Path(__file__).with_name("headings.csv"))

_FACTS: Final = tuple(item.name for item in fields(Profile) if item.name != "words")
_OUTSIDE: Final = Finding("rejected", "县", "outside_region", "这个县（市、区）不在您服务的地区内，请交由当地登记")
_HELD_ELSEWHERE: Final = Finding("rejected", "身份证号", "held_elsewhere", "此人已在别的地区登记，请先由原登记地办理迁出")
_ERASED: Final = Finding("rejected", "身份证号", "erased", "此人的资料已依法删除，导入不会恢复；本人要求重新登记的，请单独登记")
_WITHDRAWN: Final = Finding("rejected", "身份证号", "withdrawn", "此人已退出登记，导入不会恢复；本人要求恢复的，请单独登记")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a row asks for: this person with this profile. `blind` finds the person, `digest` tells whether the row is new."""

    profile: Profile
    blind: str
    digest: str


class WorkerRegister:
    """A Register (see kernel/imports/outcomes.py)."""

    headings = HEADINGS
    key_column = "身份证号"

    def __init__(self, workers: Workers, vault: Vault, audit: Audit, clock: Clock) -> None:
        self._workers = workers
        self._vault = vault
        self._audit = audit
        self._clock = clock

    def read(self, row: SheetRow) -> Reading[Registration]:
        """The person in a row, or why the row cannot be taken."""
        reader = RowReader(row, HEADINGS)
        profile = read_profile(reader, self._clock.today())
        if profile is None or reader.rejected:
            return reader.reading(None)
        blind = self._workers.blind(profile.identity_number)
        digest = self._vault.blind(_everything_said(profile), "workers.imported_digest")
        return reader.reading(Registration(profile, blind, digest), key=blind)

    async def write(self, connection: AsyncConnection, commands: Sequence[Registration], origin: Origin) -> Sequence[Written]:
        """Register who is new, lay newer rows over what is held, leave alone who stands in the sheet as last time."""
        now = self._clock.now()
        blinds = [command.blind for command in commands]
        held, erased = await self._workers.held(connection, blinds), await erasures.refused(connection, blinds)
        stale = [
            held[command.blind].id
            for command in commands
            if command.blind in held and held[command.blind].imported_digest != command.digest
        ]
        before = await self._workers.by_ids(connection, stale)
        new: list[Worker] = []
        changed: list[Worker] = []
        written: list[Written] = []
        for command in commands:
            known = held.get(command.blind)
            refusal = _ERASED if command.blind in erased else _refusal(command, known, origin.scope)
            if refusal is not None:
                written.append(Written(None, (refusal,)))
            elif known is None:
                new.append(_registered(command, origin, now))
                written.append(Written(Effect.CREATED))
            elif known.id not in before:
                written.append(Written(Effect.UNCHANGED, subject=known.id))
            else:
                worker, disagreeing = _amended(before[known.id], command, origin, now)
                changed.append(worker)
                effect = Effect.CHANGED if worker.version > before[known.id].version else Effect.UNCHANGED
                written.append(Written(effect, subject=known.id, differences=disagreeing))
        await self._workers.add(connection, new)
        await self._changed(connection, new, before, changed, now)
        return written

    async def settle(self, connection: AsyncConnection, taken: Sequence[Taken], origin: Origin) -> None:
        """Lay the cells that were decided for the sheet over the records as they are now; who has left, or is not the
        decider's, stays as they are."""
        now = self._clock.now()
        before = await self._workers.by_ids(connection, {one.subject for one in taken})
        profiles = {
            id_: worker.profile
            for id_, worker in before.items()
            if worker.state is State.REGISTERED and origin.scope.serves(worker.profile.county_code)
        }
        for one in taken:
            if one.subject in profiles:
                profiles[one.subject] = cells.take(one.offer, profiles[one.subject])
        asked = Asking(china_day(now), IMPORTED)
        after = [before[id_].amend(profile.asked(before[id_].profile, asked), now) for id_, profile in profiles.items()]
        await self._changed(connection, [], before, after, now)

    async def _changed(
        self,
        connection: AsyncConnection,
        new: Sequence[Worker],
        before: Mapping[str, Worker],
        changed: Sequence[Worker],
        now: datetime,
    ) -> None:
        """Keep the changed records, tell of them and of the new ones, audit both."""
        await self._workers.change(connection, changed)
        differing = [worker for worker in changed if worker.version > before[worker.id].version]
        told = (events.envelope(worker, now) for worker in (*new, *differing))
        await append(connection, outbox, WORKER_PROFILES, *told)
        registered = [Entry("worker.registered", worker.id) for worker in new]
        await self._audit.record(connection, *registered, *(_amendment(before[one.id], one) for one in differing))


def _amendment(before: Worker, after: Worker) -> Entry:
    return Entry("worker.amended", after.id, differences(before.profile, after.profile))


def _refusal(command: Registration, known: Held | None, scope: Scope) -> Finding | None:
    """Why the row's person cannot be registered by this importer; None when they can."""
    if not scope.serves(command.profile.county_code):
        return _OUTSIDE
    if known is None:
        return None
    if not scope.serves(known.county_code):
        return _HELD_ELSEWHERE
    return _WITHDRAWN if known.state is State.WITHDRAWN else None


def _everything_said(profile: Profile) -> str:
    facts = [getattr(profile, name) for name in _FACTS]
    return orjson.dumps([facts, said(profile.words)]).decode()


def _registered(command: Registration, origin: Origin, now: datetime) -> Worker:
    profile = command.profile.asked(None, Asking(china_day(now), IMPORTED))
    worker = Worker.register(new_id(ID_PREFIX), profile, "statutory_register", now, source=origin.source)
    return replace(worker, imported_digest=command.digest)


def _amended(worker: Worker, command: Registration, origin: Origin, now: datetime) -> tuple[Worker, Sequence[Difference]]:
    """The record with the row laid over it, and where they disagreed. The digest of a row that was taken whole is kept, so that
    next time nobody compares."""
    profile, disagreeing = cells.laid_over(command.profile, worker.profile, origin.policy)
    amended = worker.amend(profile.asked(worker.profile, Asking(china_day(now), IMPORTED)), now)
    whole = all(one.decision == "taken" for one in disagreeing)
    return replace(amended, imported_digest=command.digest if whole else amended.imported_digest), disagreeing
