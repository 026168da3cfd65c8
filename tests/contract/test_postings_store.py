"""Whatever becomes of postings, in whatever order: row, history, log and outbox tell the same on both stores."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository
from services.jobs.app import MIGRATIONS
from services.jobs.employers import repository as employers
from services.jobs.employers.employer import Profile
from services.jobs.feed import log
from services.jobs.feed.entry import public
from services.jobs.feed.tables import changes
from services.jobs.lifecycle import history
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.tables import audit as audit_tables
from services.jobs.tables import data_keys, outbox
from services.jobs.verdict import Finding, Verdict
from services.kernel.audit import Actor, Audit, acting
from services.kernel.clock import FixedClock
from services.kernel.errors import Problem
from services.kernel.http.auth import Scope
from services.kernel.ids import new_id
from services.kernel.store import Store, migrate, open_store
from services.kernel.vault import open_proven
from tests import builders

TODAY = date(2026, 11, 1)
DOUBTFUL = Verdict(findings=(Finding(category="hours", severity="staff"),))
UNLAWFUL = Verdict(findings=(Finding(category="sex", severity="blocks", field="title"),))
ANY = repository.writable(Scope.everywhere())

Step = Callable[[Posting, datetime, date], Posting]
STEPS: dict[str, Step] = {
    "submit": lambda one, now, day: one.submit(Verdict(), now, day, 0),
    "submit_with_window": lambda one, now, day: one.submit(Verdict(), now, day, 2),
    "submit_doubtful": lambda one, now, day: one.submit(DOUBTFUL, now, day, 0),
    "submit_unlawful": lambda one, now, day: one.submit(UNLAWFUL, now, day, 0),
    "approve": lambda one, now, day: one.review(approved=True, reason="", now=now, today=day, window_days=0),
    "return": lambda one, now, day: one.review(approved=False, reason="", now=now, today=day, window_days=0),
    "amend": lambda one, now, day: one.amend({"headcount": one.opening.headcount + 1}, one.verdict, now, day),
    "renew": lambda one, now, day: one.amend({"valid_until": day + timedelta(days=5)}, one.verdict, now, day),
    "pause": lambda one, now, _day: one.pause("other", "", now),
    "resume": lambda one, now, day: one.resume(now, day),
    "fill": lambda one, now, _day: one.fill("", now),
    "hide": lambda one, now, _day: one.hide(now, hidden=True),
    "show": lambda one, now, _day: one.hide(now, hidden=False),
    "pass": lambda one, now, day: one.pass_time(now, day),
    "withdraw": lambda one, now, _day: one.withdraw("other", "", now),
}


@dataclass
class Desk:
    """A jobs database with its audit."""

    store: Store
    audit: Audit


@pytest.fixture
def url(empty_store_url: str) -> str:
    """A jobs database on each store."""
    asyncio.run(migrate(empty_store_url, MIGRATIONS))
    return empty_store_url


async def opened(url: str, data: Path) -> AsyncIterator[Desk]:
    """The database, proven."""
    store = open_store(url)
    try:
        vault = await open_proven(store, data_keys, builders.settings(data).keys)
        yield Desk(store, Audit(audit_tables, vault, FixedClock(TODAY)))
    finally:
        await store.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 3)), max_size=12))
def test_a_life_is_the_same_on_both_stores(url: str, tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    asyncio.run(_live(url, tmp_path, steps))


async def _live(url: str, data: Path, steps: list[tuple[str, int]]) -> None:
    async for desk in opened(url, data):
        day, posting = TODAY, await _new(desk)
        published = [public(posting)]
        for name, days in steps:
            day += timedelta(days=days)
            try:
                after = STEPS[name](posting, _at(day), day)
            except Problem:
                continue
            if after is posting:
                continue
            with acting(Actor("test", "staff")):
                async with desk.store.write() as connection:
                    await record(connection, desk.audit, [Change(posting, after)], _at(day))
            posting = after
            published.append(public(posting))
        async with desk.store.read() as connection:
            await _check(connection, posting, published)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


async def _new(desk: Desk) -> Posting:
    with acting(Actor("test", "staff")):
        async with desk.store.write() as connection:
            profile = Profile("某公司")
            employer = (await employers.mentioned(connection, [profile], _at(TODAY)))[profile.key]
            opening = Opening("某公司", "保洁", "310000", 3, valid_until=date(2026, 11, 8))
            posting = Posting.draft(new_id("p"), opening, _at(TODAY), TODAY, employer_id=employer.id)
            await record(connection, desk.audit, [Change(None, posting)], _at(TODAY))
    return posting


async def _check(connection: AsyncConnection, posting: Posting, published: list[bool]) -> None:
    """The row is the posting; history, log and outbox tell each version once, in order, and no more than they may."""
    assert await repository.get(connection, posting.id, ANY) == posting
    steps = await history.of(connection, posting.id)
    assert [step.version for step in steps] == list(range(1, posting.version + 1))
    assert [step.before for step in steps] == [None, *(step.status for step in steps[:-1])]
    lines = [row for row in await log.after(connection, log.POSTINGS, 0, 10_000) if row.subject_id == posting.id]
    assert [line.version for line in lines] == list(range(1, posting.version + 1))
    assert [line.public for line in lines] == published
    assert [line.public_before for line in lines] == [False, *published[:-1]]
    told = select(outbox.c.version, outbox.c.value).where(outbox.c.aggregate_id == posting.id).order_by(outbox.c.id)
    events = (await connection.execute(told)).all()
    first_told = next((version for version, step in enumerate(steps, start=1) if _shown(step.status)), None)
    assert [event.version for event in events] == ([] if first_told is None else list(range(first_told, posting.version + 1)))
    assert not events or (events[-1].value is None) == (posting.status is Status.WITHDRAWN)


def _shown(status: str) -> bool:
    return status in (str(Status.PUBLISHED), str(Status.RESTRICTED))


async def test_positions_are_seen_in_the_order_of_commits(url_of_many: str, tmp_path: Path) -> None:
    """A follower that asks while many write passes nothing over."""
    async for desk in opened(url_of_many, tmp_path):
        seen: list[int] = []
        writing = asyncio.gather(*(_many(desk, 10) for _ in range(4)))
        while not writing.done():
            async with desk.store.read() as connection:
                seen += [row.position for row in await log.after(connection, log.ANY, max(seen, default=0), 1000)]
            await asyncio.sleep(0.01)
        await writing
        async with desk.store.read() as connection:
            seen += [row.position for row in await log.after(connection, log.ANY, max(seen, default=0), 1000)]
            every = (await connection.scalars(select(changes.c.position).order_by(changes.c.position))).all()
        assert seen == list(every)
        assert len(seen) == 40


@pytest.fixture
async def url_of_many(empty_store_url: str) -> str:
    """The same, within a running loop."""
    await migrate(empty_store_url, MIGRATIONS)
    return empty_store_url


async def _many(desk: Desk, count: int) -> None:
    for _ in range(count):
        await _new(desk)
