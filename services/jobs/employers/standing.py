"""How an employer stands decides whether its postings are shown, in the same transaction."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository
from services.jobs.employers.employer import Employer
from services.jobs.record import record
from services.jobs.repository import Change
from services.kernel.audit import Audit

_BATCH: Final = 200


async def show_or_hide(connection: AsyncConnection, audit: Audit, employer: Employer, now: datetime) -> None:
    """Hide the employer's postings if it is suspended, else show them again."""
    after_id = ""
    while postings := await repository.of_employer(connection, employer.id, after_id, _BATCH):
        changes = [Change(posting, posting.hide(now, hidden=employer.suspended)) for posting in postings]
        await record(connection, audit, [change for change in changes if change.after is not change.before], now)
        after_id = postings[-1].id
