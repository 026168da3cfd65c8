"""The register that kernel/imports fills: rows of sheets become postings, known by employer and 岗位编号."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import private, repository
from services.jobs.commands import ID_PREFIX
from services.jobs.employers import repository as employers
from services.jobs.employers.employer import Employer, Profile
from services.jobs.judging import Judge
from services.jobs.kinds import completed
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.rows import HEADINGS, OfferedRow, RowContact, read_row
from services.jobs.verdict import Verdict
from services.kernel.audit import Audit
from services.kernel.clock import Clock
from services.kernel.http.auth import Scope
from services.kernel.ids import new_id
from services.kernel.imports.outcomes import Effect, Finding, Origin, Reading, SheetRow, Written
from services.kernel.vault.port import Vault

_OUTSIDE = Finding("rejected", "工作区", "outside_region", "工作地点不在您负责的地区内，请交由当地发布")
_ANOTHERS = Finding("rejected", "用人单位", "held_elsewhere", "这个单位的这个岗位由别人管理，不能由这次导入修改")
_WITHDRAWN = Finding("warning", "岗位编号", "posting_withdrawn", "这个岗位已撤回，没有重新发布；要再招请用新的编号")
_SUSPENDED = Finding("warning", "用人单位", "employer_suspended", "这个单位已被停用：岗位已登记，但不会显示")
_HELD: Final = "；已存为草稿，改好后再发布"
_COLUMNS: Final = {
    "title": "岗位名称",
    "place": "工作地点",
    "pay_min": "月薪下限",
    "words/lodging": "食宿",
    "words/hours": "工作时间",
    "words/age": "年龄要求",
    "words/education": "学历要求",
    "words/certificates": "证书要求",
}


class PostingSheet:
    """Law in kernel/imports/outcomes.Register."""

    headings = HEADINGS
    key_column = "岗位编号"

    def __init__(self, audit: Audit, vault: Vault, clock: Clock, judge: Judge) -> None:
        self._audit = audit
        self._vault = vault
        self._judge = judge
        self._clock = clock

    def read(self, row: SheetRow) -> Reading[OfferedRow]:
        """The opening in a row, or why it cannot be taken."""
        return read_row(row, self._clock.today())

    async def write(self, connection: AsyncConnection, commands: Sequence[OfferedRow], origin: Origin) -> Sequence[Written]:
        """Publish what is new, amend what the sheet tells differently than last time, leave the rest alone."""
        keys = [(row.opening.employer_key, row.known_by) for row in commands]
        known = await repository.by_employers_own(connection, keys)
        now = self._clock.now()
        profiles = [Profile(row.opening.employer_name, row.uscc, row.opening.employer_kind) for row in commands]
        registered = await employers.mentioned(connection, profiles, now)
        changes: list[Change] = []
        contacts: list[tuple[str, RowContact]] = []
        written: list[Written] = []
        for row, key, profile in zip(commands, keys, profiles, strict=True):
            before, employer = known.get(key), registered[profile.key]
            refusal = _refusal(row.opening, before, employer, origin.scope)
            if refusal is not None:
                written.append(Written(None, (refusal,)))
                continue
            change = self._change(row, before, employer, origin.scope)
            changes.extend([change] if change.after is not before else [])
            contacts.extend([(change.after.id, row.contact)] if row.contact and change.after is not before else [])
            written.append(_outcome(row.opening, before, change.after))
        await record(connection, self._audit, changes, now)
        for posting_id, contact in contacts:
            await private.keep(connection, self._vault, posting_id, contact, "")
        return written

    def _change(self, row: OfferedRow, before: Posting | None, employer: Employer, scope: Scope) -> Change:
        now, today = self._clock.now(), self._clock.today()
        opening = completed(row.opening, today)
        # Staff who import have looked: the report names what they should look at.
        verdict = self._judge(opening, today).seen_by(reviewer=scope.employer_id is None)
        if before is not None:
            return Change(before, before.take_row(opening, verdict, now, today))
        origin = {"employer_id": employer.id, "sandbox": employer.sandbox, "hidden": employer.suspended}
        after = Posting.take_over(new_id(ID_PREFIX), opening, now, today, verdict=verdict, **origin)
        return Change(None, after, row.known_by)


def _refusal(opening: Opening, before: Posting | None, employer: Employer, scope: Scope) -> Finding | None:
    """Why this importer may not publish the row, or change what it was before; None when it may."""
    owner = before.employer_id if before is not None else employer.id
    if before is not None and not scope.keeps(before.opening.division_code, owner):
        return _ANOTHERS
    return None if scope.keeps(opening.division_code, owner) else _OUTSIDE


def _outcome(opening: Opening, before: Posting | None, after: Posting) -> Written:
    found = []
    if before is not None and before.status is Status.WITHDRAWN and before.opening != opening:
        found.append(_WITHDRAWN)
    if after.hidden:
        found.append(_SUSPENDED)
    if before is None or after.version > before.version:
        found.extend(_doubts(after.verdict))
    if before is None:
        return Written(Effect.CREATED, tuple(found), after.id)
    effect = Effect.CHANGED if after.version > before.version else Effect.UNCHANGED
    return Written(effect, tuple(found), after.id)


def _doubts(verdict: Verdict) -> Iterator[Finding]:
    """What the law says about the row, for the clerk; advice stays with the posting."""
    for finding in verdict.findings:
        if finding.severity != "advice":
            reason = f"{finding.reason}（{finding.article}）{_HELD if finding.severity == 'blocks' else ''}"
            yield Finding("warning", _COLUMNS.get(finding.field, "岗位描述"), finding.category, reason, finding.span)
