"""What reads likely duplicates."""

from typing import Final

from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.workers.duplicates import repository
from services.workers.duplicates.repository import Reason
from services.workers.duplicates.schemas import LikelyDuplicate
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerSummary

_BECAUSE: Final = {
    Reason.SAME_NAME_AND_BIRTH: "姓名、出生日期和县都相同",
    Reason.SHARED_PHONE: "登记了同一个电话",
}
_SAME_VILLAGE: Final = "，村也相同"


async def likely(
    service: WorkersService, scope: Scope, reason: Reason, cursor: str | None, limit: int
) -> Page[LikelyDuplicate]:
    """A page of records in scope that may be one person's. Raises BadRequest (bad_cursor)."""
    query = {"list": "duplicates", "reason": reason.value}
    after = str(service.cursors.decode(cursor, query)[0]) if cursor is not None else ""
    async with service.store.read() as connection:
        groups, following = await repository.groups(connection, scope, reason, after, limit)
        workers = await service.workers.by_ids(connection, [id_ for group in groups for id_ in group.worker_ids])
    today = service.clock.today()
    items = []
    for group in groups:
        members = [workers[id_] for id_ in group.worker_ids]
        villages = {worker.profile.stated.village or worker.profile.township for worker in members}
        because = _BECAUSE[reason] + (_SAME_VILLAGE if len(villages) == 1 and "" not in villages else "")
        summaries = [WorkerSummary.of(worker, today) for worker in members]
        items.append(LikelyDuplicate(reason=reason, because=because, workers=summaries))
    return Page[LikelyDuplicate](
        items=items, next_cursor=service.cursors.encode([following], query) if following is not None else None
    )
