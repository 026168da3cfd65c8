"""The register that kernel/imports fills: rows of sheets become postings, known by employer and 岗位编号."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository
from services.jobs.commands import ID_PREFIX
from services.jobs.posting import Opening, Posting, Status, differences
from services.jobs.rows import HEADINGS, OfferedRow, read_row
from services.kernel.audit import Audit, Entry
from services.kernel.clock import Clock
from services.kernel.http.auth import Scope
from services.kernel.ids import new_id
from services.kernel.imports.outcomes import Effect, Finding, Origin, Reading, SheetRow, Written

_OUTSIDE = Finding("rejected", "工作区", "outside_region", "工作地点不在您负责的地区内，请交由当地发布")
_ANOTHERS = Finding("rejected", "用人单位", "held_elsewhere", "这个单位的这个岗位由别人管理，不能由这次导入修改")
_WITHDRAWN = Finding("warning", "岗位编号", "posting_withdrawn", "这个岗位已撤回，没有重新发布；要再招请用新的编号")


class PostingSheet:
    """Law in kernel/imports/outcomes.Register."""

    headings = HEADINGS
    key_column = "岗位编号"

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock

    def read(self, row: SheetRow) -> Reading[OfferedRow]:
        """The opening in a row, or why it cannot be taken."""
        return read_row(row, self._clock.today())

    async def write(self, connection: AsyncConnection, commands: Sequence[OfferedRow], origin: Origin) -> Sequence[Written]:
        """Publish what is new, amend what the sheet tells differently than last time, leave the rest alone."""
        keys = [(row.opening.employer_key, row.known_by) for row in commands]
        known = await repository.by_employers_own(connection, keys)
        now = self._clock.now()
        new: list[tuple[Posting, str | None]] = []
        changed: list[tuple[Posting, Posting]] = []
        written: list[Written] = []
        for row, key in zip(commands, keys, strict=True):
            before = known.get(key)
            refusal = _refusal(row.opening, before, origin.scope)
            if refusal is not None:
                written.append(Written(None, (refusal,)))
                continue
            if before is None:
                taken = Posting.take_over(new_id(ID_PREFIX), row.opening, now, employer_id=origin.scope.employer_id)
                new.append((taken, row.known_by))
                written.append(Written(Effect.CREATED))
                continue
            after = before.take_row(row.opening, now)
            changed.extend([(before, after)] if after is not before else [])
            written.append(_outcome(row, before, after))
        await repository.add(connection, new)
        await repository.change(connection, changed)
        amended = [(before, after) for before, after in changed if after.version > before.version]
        await repository.tell(connection, [posting for posting, _ in new] + [after for _, after in amended], now)
        await self._audit.record(
            connection,
            *(Entry("posting.published", posting.id) for posting, _ in new),
            *(Entry("posting.amended", after.id, differences(before.opening, after.opening)) for before, after in amended),
        )
        return written


def _refusal(opening: Opening, before: Posting | None, scope: Scope) -> Finding | None:
    """Why this importer may not publish the row, or change what it was before; None when it may."""
    owner = before.employer_id if before is not None else scope.employer_id
    if before is not None and not scope.keeps(before.opening.division_code, owner):
        return _ANOTHERS
    return None if scope.keeps(opening.division_code, owner) else _OUTSIDE


def _outcome(row: OfferedRow, before: Posting, after: Posting) -> Written:
    withdrawn = before.status is Status.WITHDRAWN and before.imported_digest != row.opening.digest()
    effect = Effect.CHANGED if after.version > before.version else Effect.UNCHANGED
    return Written(effect, (_WITHDRAWN,) if withdrawn else ())
