"""So much and no more: requests a minute and lists of candidates a day, over several processes and while nobody counts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends

from services.access import spending
from services.access.app import open_migrated
from services.access.point import OwnAccess
from services.access.resources import Access
from services.contracts.permissions import Permission, PrincipalKind
from services.kernel import metrics
from services.kernel.errors import Unavailable
from services.kernel.http.application import Part, create_application
from services.kernel.http.auth import KNOWN, Principal, Scope, require
from services.kernel.http.limits import Spends, TooMany
from services.kernel.identity.limits import Limits
from services.kernel.identity.port import AccessUnavailable, Allowance, Spent
from tests.builders import CLOCK, Callers, as_caller, serving, settings
from tests.services.small_application import State, small_part

READS = frozenset({Permission.POSTINGS_READ})
EMPLOYER = Principal("a_employer", READS, PrincipalKind.EMPLOYER, Scope(employer_id="e_1"), a_minute=20)
PORTAL = replace(EMPLOYER, id="a_portal", kind=PrincipalKind.PORTAL)
CLERK = Principal("a_clerk", READS, PrincipalKind.STAFF, Scope(frozenset({"530627"})), a_minute=20)
ADMIN = replace(CLERK, id="a_admin", a_minute=None)
A_DAY = 5

router = APIRouter()


@router.get("/v1/lists", dependencies=[Depends(require(Permission.POSTINGS_READ)), Depends(Spends(Allowance.CANDIDATE_PAGES))])
async def lists() -> dict[str, str]:
    """What costs an employer of its day's allowance."""
    return {}


@router.get("/v1/me")
async def me(caller: Annotated[Principal, Depends(KNOWN)]) -> dict[str, str]:
    """What costs nothing."""
    return {"id": caller.id}


@pytest.fixture
async def access(tmp_path: Path) -> AsyncIterator[Access]:
    async with open_migrated(settings(tmp_path, employer_candidate_pages_a_day=A_DAY), CLOCK) as opened:
        yield opened


@pytest.fixture
async def client(access: Access) -> AsyncIterator[httpx.AsyncClient]:
    """A small application that counts by that access service."""
    small = small_part(State())
    callers = Callers({one.id: one for one in (EMPLOYER, PORTAL, CLERK, ADMIN)})
    part = Part("small", [*small.routers, router], small.open)
    limiter = Limits(OwnAccess(lambda: access))
    application = create_application(title="小", parts=[part], authenticator=callers, limiter=limiter)
    async with serving(application) as serving_client:
        yield serving_client


async def answers(client: httpx.AsyncClient, caller: Principal, path: str, times: int) -> list[httpx.Response]:
    """So many answers, one after another."""
    return [await client.get(path, headers=as_caller(caller.id)) for _ in range(times)]


async def test_the_minute_is_over_with_retry_after_and_headers(client: httpx.AsyncClient) -> None:
    some = await answers(client, CLERK, "/v1/things", 22)
    assert [one.status_code for one in some] == [200] * 20 + [429] * 2
    assert some[0].headers["ratelimit-policy"] == '"requests";q=20;w=60'
    assert some[0].headers["ratelimit"].startswith('"requests";r=19;t=')
    assert some[-1].headers["ratelimit"].startswith('"requests";r=0;t=')
    assert 1 <= int(some[-1].headers["retry-after"]) <= 60
    assert some[-1].json()["code"] == "too_many_requests"


async def test_others_are_not_concerned(client: httpx.AsyncClient) -> None:
    await answers(client, CLERK, "/v1/things", 21)
    other = (await answers(client, PORTAL, "/v1/things", 1))[0]
    assert other.status_code == 200
    unbound = (await answers(client, ADMIN, "/v1/things", 40))[-1]
    assert unbound.status_code == 200
    assert "ratelimit" not in unbound.headers
    assert [one.status_code for one in await answers(client, CLERK, "/v1/me", 3)] == [200] * 3


async def test_a_refused_permission_counts_too(client: httpx.AsyncClient) -> None:
    posts = [await client.post("/v1/things", json={}, headers=as_caller(CLERK.id)) for _ in range(21)]
    assert [one.status_code for one in posts] == [403] * 20 + [429]


async def test_a_scraper_meets_the_days_quota_whatever_credential_it_uses(client: httpx.AsyncClient) -> None:
    refused = metrics.REFUSED_BY_LIMIT.labels("candidate_pages", "portal")
    before = refused._value.get()
    first = await answers(client, EMPLOYER, "/v1/lists", 3)
    second = await answers(client, PORTAL, "/v1/lists", 4)
    assert [one.status_code for one in first + second] == [200] * A_DAY + [429] * 2
    assert second[-1].json()["code"] == "quota_exceeded"
    assert int(second[-1].headers["retry-after"]) == 12 * 3600  # it is noon; the day ends at midnight in China
    assert '"candidate_pages";q=5;w=86400' in second[-1].headers["ratelimit-policy"]
    assert refused._value.get() - before == 2
    assert [one.status_code for one in await answers(client, CLERK, "/v1/lists", 8)] == [200] * 8


async def test_processes_together_keep_the_limit(access: Access) -> None:
    processes = [Limits(OwnAccess(lambda: access)) for _ in range(4)]

    async def passed(limits: Limits) -> int:
        count = 0
        for _ in range(20):
            try:
                await limits.request(CLERK)
            except TooMany:
                break
            count += 1
        return count

    counts = await asyncio.gather(*(passed(limits) for limits in processes))
    assert sum(counts) == 20


async def test_spending_at_once_never_exceeds(access: Access) -> None:
    wishes = [spending.spend(access, EMPLOYER, Allowance.CANDIDATE_PAGES, 1) for _ in range(20)]
    assert sum(spent.granted for spent in await asyncio.gather(*wishes)) == A_DAY


class Away:
    """An access service that does not answer."""

    async def trust(self) -> dict[str, object]:
        raise AccessUnavailable

    async def exchange(self, credential: str) -> str:
        raise AccessUnavailable(credential[:0])

    async def spend(self, holder: Principal, allowance: Allowance, amount: int) -> Spent:
        raise AccessUnavailable(f"{holder.id} {allowance} {amount}")


async def test_while_nobody_counts_each_process_keeps_the_limit_and_the_days_quota_is_closed() -> None:
    limits = Limits(Away())
    passed = [await limits.request(CLERK) for _ in range(20)]
    assert all(passed)
    with pytest.raises(TooMany):
        await limits.request(CLERK)
    with pytest.raises(Unavailable):
        await limits.spend(EMPLOYER, Allowance.CONTACT_REVEALS)


class Going:
    """A clock that goes when told; `seconds` since noon."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return CLOCK.now() + timedelta(seconds=self.seconds)

    def today(self) -> date:
        return CLOCK.today()


async def test_the_next_minute_begins_anew(tmp_path: Path) -> None:
    clock = Going()
    async with open_migrated(settings(tmp_path), clock) as access:
        limits = Limits(OwnAccess(lambda: access), clock=lambda: clock.seconds)
        for _ in range(20):
            await limits.request(CLERK)
        with pytest.raises(TooMany) as refused:
            await limits.request(CLERK)
        clock.seconds += refused.value.spent.resets_in_s
        assert (await limits.request(CLERK)) == Spent(1, 19, 20, 60)
