"""Bulk requests: a result a line, partial success, again changes nothing, ten thousand at once."""

import json
import resource
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.jobs.judging import unjudged
from tests.builders import new_posting
from tests.principals import bearer
from tests.services.jobs_service import Served, jobs_service
from tests.services.test_employers_api import uscc

MEGABYTE = 1024 * 1024


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        await service.employer("mine", uscc=uscc(1), sandbox=False)
        yield service


def line(reference: str, **changes: Any) -> dict[str, Any]:
    """A line that is in order."""
    body = new_posting(number="", external_reference=reference)
    del body["employer_name"]
    return body | changes


async def put(
    served: Served, *lines: dict[str, Any] | str, caller: str = "mine"
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The results and the end."""
    body = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    headers = bearer(caller) | {"Content-Type": "application/x-ndjson"}
    response = await served.client.put("/v1/postings", content=body.encode(), headers=headers)
    assert response.status_code == 200, response.text
    *results, end = map(json.loads, response.text.splitlines())
    assert end["end"]
    return results, end


async def test_lines_are_taken_and_again_change_nothing(served: Served) -> None:
    lines: list[dict[str, Any] | str] = [line("A-1"), "", line("A-2", headcount=5)]
    results, end = await put(served, *lines)
    assert [(one["line"], one["external_reference"], one["outcome"], one["status"]) for one in results] == [
        (1, "A-1", "created", "published"),
        (3, "A-2", "created", "published"),
    ]
    assert end["outcomes"] == {"created": 2}
    again, end = await put(served, *lines)
    assert [(one["outcome"], one["version"], one["id"]) for one in again] == [("unchanged", 1, one["id"]) for one in results]
    changed, _end = await put(served, line("A-1", headcount=9, pay_max=None), line("A-2", headcount=5))
    assert [(one["outcome"], one["version"]) for one in changed] == [("changed", 2), ("unchanged", 1)]
    posting = (await served.client.get(f"/v1/postings/{changed[0]['id']}")).json()
    assert (posting["headcount"], posting["pay_max"]) == (9, None)


async def test_what_is_wrong_with_a_line_is_that_lines_alone(served: Served) -> None:
    await put(served, line("A-0", number="7"))
    results, end = await put(
        served,
        line("A-1"),
        "{not json",
        line("A-2", headcount=0),
        line("A-3", division_code="999999"),
        line("A-1", headcount=8),
        line("A-4", number="7"),
        line("A-5", employer_name="别家公司"),
        {"external_reference": "A-6", "state": "closed"},
        {"title": "没有编号"},
        line("A-7"),
    )
    assert [(one["outcome"], one.get("problem", {}).get("code")) for one in results] == [
        ("created", None),
        ("refused", "invalid_input"),
        ("refused", "invalid_input"),
        ("refused", "unknown_code"),
        ("refused", "duplicate_in_request"),
        ("refused", "posting_exists"),
        ("refused", "invalid_input"),
        ("refused", "posting_not_found"),
        ("refused", "invalid_input"),
        ("created", None),
    ]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/headcount"
    assert end["outcomes"] == {"created": 2, "refused": 8}


async def test_lines_pause_open_and_close(served: Served) -> None:
    (made,), _ = await put(served, line("A-1"))
    for change, outcome, status in (
        ({"state": "paused"}, "changed", "paused"),
        ({"state": "paused"}, "unchanged", "paused"),
        ({"state": "open", "headcount": 4}, "changed", "published"),
    ):
        (one,), _ = await put(served, line("A-1", **change))
        assert (one["outcome"], one["status"]) == (outcome, status)
    closing = {"external_reference": "A-1", "state": "closed", "reason_code": "filled"}
    (closed,), _ = await put(served, closing)
    assert (closed["outcome"], closed["status"], closed["reason_code"], closed["version"]) == (
        "closed",
        "withdrawn",
        "filled",
        4,
    )
    (same,), _ = await put(served, closing)
    assert same["outcome"] == "unchanged"
    (late,), _ = await put(served, line("A-1"))
    assert late["problem"]["code"] == "posting_withdrawn"
    steps = (await served.client.get(f"/v1/postings/{made['id']}/history")).json()
    assert [step["version"] for step in steps] == [1, 2, 3, 4]


async def test_what_the_law_forbids_is_kept_and_named(served: Served) -> None:
    (made,), _ = await put(served, line("A-1", title="保洁员（限女性）"))
    assert (made["outcome"], made["status"], made["reason_code"]) == ("created", "draft", "unlawful")
    (better,), _ = await put(served, line("A-1", title="保洁员"))
    assert (better["status"], better["version"]) == ("published", 2)
    (worse,), _ = await put(served, line("A-1", title="保洁员（限女性）"))
    assert (worse["outcome"], worse["problem"]["code"]) == ("refused", "posting_unlawful")


async def test_a_reference_is_unique_within_its_employer(served: Served) -> None:
    await served.employer("other", uscc=uscc(2), sandbox=False)
    (mine,), _ = await put(served, line("A-1"))
    (theirs,), _ = await put(served, line("A-1"), caller="other")
    assert theirs["outcome"] == "created"
    assert theirs["id"] != mine["id"]


async def test_staff_name_the_employer(served: Served) -> None:
    headers = {"Content-Type": "application/x-ndjson"}
    body = json.dumps(line("A-1"))
    nobody = await served.client.put("/v1/postings", content=body, headers=headers)
    assert (nobody.status_code, nobody.json()["errors"][0]["code"]) == (400, "missing")
    unknown = await served.client.put("/v1/postings", params={"employer_id": "e_x"}, content=body, headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "employer_not_found")
    other = await served.client.put("/v1/postings", content=body, headers=bearer("mine") | {"Content-Type": "text/plain"})
    assert other.status_code == 415


async def test_too_many_lines_are_refused_whole(served: Served) -> None:
    headers = bearer("mine") | {"Content-Type": "application/x-ndjson"}
    response = await served.client.put("/v1/postings", content=b"{}\n" * 10_001, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "too_many_lines")


@pytest.mark.timeout(300)
async def test_ten_thousand_lines(tmp_path: Path) -> None:
    """Every line has its result; again changes nothing; memory stays within bounds."""
    async with jobs_service(tmp_path, unjudged) as served:
        await served.employer("mine", uscc=uscc(1), sandbox=False)
        lines = [line(f"R-{number}", headcount=number % 50 + 1) for number in range(10_000)]
        lines[4321]["headcount"] = 0
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        results, end = await put(served, *lines)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
        assert [one["line"] for one in results] == list(range(1, 10_001))
        assert end["outcomes"] == {"created": 9_999, "refused": 1}
        assert results[4321]["outcome"] == "refused"
        assert grown < 300 * MEGABYTE
        again, _end = await put(served, *lines[:600])
        assert Counter(one["outcome"] for one in again) == {"unchanged": 600}
        assert (await served.client.get("/v1/postings/counts")).json()["postings"] == 9_999
