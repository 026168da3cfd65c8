"""What changes an intention: a person was asked."""

from dataclasses import replace

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.errors import Conflict, FieldError, InvalidInput
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.workers import tidying
from services.workers.errors import refused
from services.workers.intentions.intention import Asking
from services.workers.intentions.schemas import NewAsking
from services.workers.profile import Profile, differences
from services.workers.resources import WorkersService
from services.workers.stated_schemas import laid_over
from services.workers.writing import answer, existing, keep


class NewerIntentionKnown(Conflict):
    """The person was asked later than this asking tells: the later word stands."""

    code = "newer_intention_known"
    title = "之后已经问过本人，以较晚的一次为准"


async def ask(service: WorkersService, scope: Scope, worker_id: str, body: NewAsking, call: Call | None) -> Answer:
    """Keep that a person was asked and what they said; the record gets a new version. Raises WorkerNotFound, WorkerWithdrawn,
    NewerIntentionKnown, InvalidInput."""
    if body.asked_on > service.clock.today():
        error = FieldError("/asked_on", "date_to_come", "询问日期还没有到")
        raise InvalidInput(error.detail, errors=[error])
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            before = await existing(service, scope, unit.connection, worker_id)
            profile = told(before.profile, body, body.asked_by or present().id)
            if broken := list(profile.stated.violations(service.clock.today())):
                raise refused(broken)
            entry = Entry("worker.asked", worker_id, differences(before.profile, profile))
            after = await keep(service, unit.connection, before, profile, entry)
            unit.answer = answer(service, 201, after)
    return unit.answer


def told(profile: Profile, body: NewAsking, asked_by: str) -> Profile:
    """The profile once its person was asked. Raises NewerIntentionKnown."""
    held = profile.asking
    if held is not None and body.asked_on < held.on:
        raise NewerIntentionKnown(f"最近一次是 {held.on}")
    said = body.words.model_dump(exclude_unset=True) if body.words is not None else {}
    newer = [name for name, text in said.items() if text != getattr(profile.words, name)]
    stated = profile.stated.without(newer)
    if "stated" in body.model_fields_set:
        stated = replace(stated, intention=laid_over(body.stated, stated.intention))
    willingness = profile.willingness
    if "willingness" in body.model_fields_set:
        willingness = body.willingness
    elif "willingness" in newer:
        willingness = tidying.code_of("willingness", said["willingness"])
    return replace(
        profile,
        words=replace(profile.words, **said),
        stated=stated,
        willingness=willingness,
        asking=Asking(body.asked_on, body.channel, asked_by),
    )
