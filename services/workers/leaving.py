"""Leaving the register: what ends with it, whoever says so."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.workers.consents import repository as declarations
from services.workers.profile import Worker
from services.workers.resources import WorkersService


async def left(service: WorkersService, connection: AsyncConnection, before: Worker, reason: str) -> Worker:
    """The record once its person has left, to be kept by the caller; `before` when they had left already. What the person had
    agreed to ends here; reminders end by themselves."""
    after = before.withdraw(reason, service.clock.now())
    if after is not before:
        await declarations.withdraw_all(connection, before.id, "staff", after.changed_at)
    return after
