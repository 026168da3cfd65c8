"""Leaving the register: what ends with it, whoever says so."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.workers.consents import repository as declarations
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.writing import amended, write


async def left(service: WorkersService, connection: AsyncConnection, before: Worker, reason: str) -> Worker:
    """The record once its person has left, to be kept by the caller; `before` when they had left already. What the person had
    agreed to ends here, those who wanted to go along go without; reminders end by themselves."""
    after = before.withdraw(reason, service.clock.now())
    if after is not before:
        await declarations.withdraw_all(connection, before.id, "staff", after.changed_at)
        await part(service, connection, before)
    return after


async def part(service: WorkersService, connection: AsyncConnection, leaving: Worker) -> None:
    """Those who wanted to go along with somebody go without."""
    group = leaving.profile.travel_group
    if group is None:
        return
    rest = [one for one in await service.workers.in_travel_group(connection, group.id) if one.id != leaving.id]
    smaller = group.shrunk()
    await write(service, connection, [amended(service, one, replace(one.profile, travel_group=smaller)) for one in rest])
