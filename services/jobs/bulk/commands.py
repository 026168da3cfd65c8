"""Taking a bulk request: batch by batch, each a transaction; what is wrong with one line is that line's alone."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import private, repository
from services.jobs.bulk.lines import (
    BulkEnd,
    ClosingLine,
    Fault,
    Line,
    LineResult,
    OfferedLine,
    Outcome,
    batches,
    read,
    reference_of,
)
from services.jobs.commands import check_region, drawn_up, employer_named, offered, verdict_on, window_days
from services.jobs.employers.employer import Employer
from services.jobs.errors import PostingExists, PostingNotFound
from services.jobs.opening import Opening
from services.jobs.posting import OPEN, Posting, Status
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.resources import Jobs
from services.kernel.audit import acting, actor
from services.kernel.errors import Conflict, Problem, Unavailable
from services.kernel.http.auth import Principal
from services.kernel.store.port import StoreUnavailable

BATCH: Final = 200
_CONTENT: Final = tuple(Opening.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class _Read:
    """A line understood, or why it was not."""

    number: int
    reference: str | None
    line: Line | None
    problem: Problem | None = None


class Bulk:
    """One bulk request of one employer."""

    def __init__(self, jobs: Jobs, caller: Principal, employer: Employer) -> None:
        self._jobs = jobs
        self._caller = caller
        self._employer = employer
        self._actor = actor.present()
        self._seen: set[str] = set()

    async def take(self, lines: list[tuple[int, bytes]]) -> AsyncIterator[LineResult | BulkEnd]:
        """A result for every line, then the end. A store that goes away stops it, and the end says so."""
        counted: Counter[Outcome] = Counter()
        stopped: Fault | None = None
        try:
            for batch in batches(lines, BATCH):
                for result in await self._batch(batch):
                    counted[result.outcome] += 1
                    yield result
        except StoreUnavailable:
            stopped = Fault.of(Unavailable("数据库暂时连不上", code="store_unavailable"))
        yield BulkEnd(lines=counted.total(), outcomes=dict(counted), stopped=stopped)

    async def _batch(self, batch: Sequence[tuple[int, bytes]]) -> Sequence[LineResult]:
        understood = await asyncio.to_thread(lambda: [self._read(number, line) for number, line in batch])
        good = [one for one in understood if one.line is not None]
        with acting(self._actor):  # the answer is written after the request was admitted
            taken = {result.line: result for result in await self._taken(good)}
        return [taken.get(one.number) or _refused(one, one.problem or Problem()) for one in understood]

    def _read(self, number: int, raw: bytes) -> _Read:
        try:
            line = read(raw)
        except Problem as problem:
            return _Read(number, reference_of(raw), None, problem)
        if line.external_reference in self._seen:
            twice = Conflict("同一次请求里前面已有这个编号", code="duplicate_in_request")
            return _Read(number, line.external_reference, None, twice)
        self._seen.add(line.external_reference)
        return _Read(number, line.external_reference, line)

    async def _taken(self, lines: Sequence[_Read]) -> Sequence[LineResult]:
        try:
            return await self._written(lines)
        except IntegrityError:
            if len(lines) == 1:
                return [_refused(lines[0], PostingExists())]
        # One of them takes a number that is taken: each by itself, so that it is refused alone.
        return [result for one in lines for result in await self._taken([one])]

    async def _written(self, lines: Sequence[_Read]) -> Sequence[LineResult]:
        now = self._jobs.clock.now()
        async with self._jobs.store.write() as connection:
            references = [one.line.external_reference for one in lines if one.line is not None]
            known = await repository.by_reference(connection, self._employer.id, references)
            results: list[LineResult] = []
            changes: list[Change] = []
            for one, (change, problem) in zip(lines, await asyncio.to_thread(self._changes, lines, known), strict=True):
                if change is None:
                    results.append(_refused(one, problem or Problem()))
                    continue
                if change.after is not change.before:
                    changes.append(change)
                results.append(_result(one, change))
            await record(connection, self._jobs.audit, changes, now)
            await self._keep_private(connection, lines, results)
        return results

    def _changes(self, lines: Sequence[_Read], known: Mapping[str, Posting]) -> list[tuple[Change | None, Problem | None]]:
        return [self._change(one.line, known.get(one.line.external_reference)) for one in lines if one.line is not None]

    def _change(self, line: Line, before: Posting | None) -> tuple[Change | None, Problem | None]:
        try:
            if isinstance(line, ClosingLine):
                return self._closed(line, before), None
            after = self._new(line) if before is None else self._amended(line, before)
            check_region(after, self._caller)
        except Problem as problem:
            return None, problem
        return Change(before, after, after.opening.number or None), None

    def _closed(self, line: ClosingLine, before: Posting | None) -> Change:
        if before is None:
            raise PostingNotFound()
        return Change(before, before.withdraw(line.reason_code, line.reason, self._jobs.clock.now()))

    def _new(self, line: OfferedLine) -> Posting:
        made = drawn_up(self._jobs, self._caller, line, self._employer)
        return _one_version(made, self._in_state(line, made), first=True)

    def _amended(self, line: OfferedLine, before: Posting) -> Posting:
        now, today = self._jobs.clock.now(), self._jobs.clock.today()
        opening = offered(line, self._employer, today)
        verdict = verdict_on(self._jobs, self._caller, opening)
        after = before.amend({name: getattr(opening, name) for name in _CONTENT}, verdict, now, today)
        if after is not before and after.status is Status.DRAFT and line.intent == "publish":
            after = after.submit(verdict, now, today, window_days(self._jobs, line.priority_window_days))
        return _one_version(before, self._in_state(line, after))

    def _in_state(self, line: OfferedLine, posting: Posting) -> Posting:
        now, today = self._jobs.clock.now(), self._jobs.clock.today()
        if line.state == "paused" and posting.status in OPEN:
            return posting.pause("employer_asks", "", now)
        if line.state == "open" and posting.status in (Status.PAUSED, Status.FILLED):
            return posting.resume(now, today)
        return posting

    async def _keep_private(self, connection: AsyncConnection, lines: Sequence[_Read], results: Sequence[LineResult]) -> None:
        for one, result in zip(lines, results, strict=True):
            if isinstance(one.line, OfferedLine) and result.id is not None:
                await private.keep(connection, self._jobs.vault, result.id, one.line.contact, one.line.original_text)


def _one_version(before: Posting, after: Posting, *, first: bool = False) -> Posting:
    """Several steps of one line are one version."""
    if after is before:
        return before
    return replace(after, version=1 if first else before.version + 1)


def _result(one: _Read, change: Change) -> LineResult:
    before, after = change.before, change.after
    outcome: Outcome = "created" if before is None else "unchanged" if after is before else "changed"
    return LineResult(
        line=one.number,
        external_reference=one.reference,
        outcome="closed" if outcome != "unchanged" and after.status is Status.WITHDRAWN else outcome,
        id=after.id,
        version=after.version,
        status=after.status,
        reason_code=after.reason_code,
    )


def _refused(one: _Read, problem: Problem) -> LineResult:
    return LineResult(line=one.number, external_reference=one.reference, outcome="refused", problem=Fault.of(problem))


async def opened(jobs: Jobs, caller: Principal, employer_id: str | None) -> Bulk:
    """A bulk request of the caller's own employer, or of the one that staff name.

    Raises EmployerNotFound, EmployerSuspended, InvalidInput."""
    async with jobs.store.read() as connection:
        return Bulk(jobs, caller, await employer_named(connection, caller, employer_id, None, jobs.clock.now()))
