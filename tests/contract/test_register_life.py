"""The register's life, rule by rule, on both stores: whatever clerks do in whatever order, records, versions, figures of every
day and lists of what is due are those of the plainest account of it."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from services.workers.followups.followup import CLOSING, usual_next
from tests.builders import TODAY
from tests.bureau import Bureau, Query, bureau, somebody
from tests.registers import identity_number

STATUSES = st.sampled_from(["S1", "S2", "S5"])
OUTCOMES = st.sampled_from(["FU01", "FU02", "FU06", "FU09", "FU18", "FU23"])
PICK = st.integers(0, 100)


@dataclass
class Person:
    """What the plain account says of somebody."""

    id: str
    body: dict[str, Any]
    version: int = 1
    registered: bool = True
    status: str = "S1"
    asked_on: date = TODAY
    due: date | None = None


@dataclass
class Account:
    """Everything that was done, by one example of the test, in a township of its own."""

    township: str
    people: list[Person] = field(default_factory=list)
    figures: dict[date, Counter[str]] = field(default_factory=dict)


class Life(RuleBasedStateMachine):
    """What clerks do, in one bureau, one example after another."""

    def __init__(self, desk: Bureau, runner: asyncio.Runner, numbers: "count[int]") -> None:
        super().__init__()
        self.desk, self.runner, self.numbers = desk, runner, numbers
        desk.calendar.day = TODAY
        self.account = Account(f"第{next(numbers)}镇")

    def do(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(step)

    def registered(self, pick: int) -> Person | None:
        here = [person for person in self.account.people if person.registered]
        return here[pick % len(here)] if here else None

    @initialize()
    def begin(self) -> None:
        self.somebody_registers()

    @rule()
    def somebody_registers(self) -> None:
        number = next(self.numbers)
        body = somebody(number % 1000, township=self.account.township, number=f"N{number}")
        body["identity_number"] = _number(number)
        worker = self.do(self.desk.post("/v1/workers", body))
        self.account.people.append(Person(worker["id"], body, asked_on=self.desk.calendar.day))

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.desk.calendar.day += timedelta(days=days)

    @rule(pick=PICK, status=STATUSES)
    def a_status_is_amended(self, pick: int, status: str) -> None:
        person = self.registered(pick)
        if person is None:
            return
        place = f"/v1/workers/{person.id}"
        self.do(self.desk.patch(place, person.version + 1, {"employment_status": status}, status=412))
        self.do(self.desk.patch(place, person.version, {"employment_status": status}))
        person.version += status != person.status
        person.status = status

    @rule(pick=PICK, willing=st.sampled_from(["W1", "W2", "W3"]))
    def somebody_is_asked(self, pick: int, willing: str) -> None:
        person = self.registered(pick)
        if person is None:
            return
        body = {"asked_on": self.desk.calendar.day.isoformat(), "channel": "V1", "willingness": willing}
        worker = self.do(self.desk.post(f"/v1/workers/{person.id}/intentions", body))
        assert worker["intention_age_days"] == 0
        person.version, person.asked_on = worker["version"], self.desk.calendar.day

    @rule(pick=PICK, outcome=OUTCOMES)
    def somebody_is_contacted(self, pick: int, outcome: str) -> None:
        person = self.registered(pick)
        if person is None:
            return
        self.do(self.desk.post(f"/v1/workers/{person.id}/contacts", {"channel": "V1", "outcome": outcome}))
        person.due = usual_next(outcome, self.desk.calendar.day)
        if outcome in CLOSING:
            person.registered, person.version = False, person.version + 1

    @rule(pick=PICK)
    def somebody_leaves(self, pick: int) -> None:
        person = self.registered(pick)
        if person is None:
            return
        self.do(self.desk.post(f"/v1/workers/{person.id}/withdrawal", {}, status=200))
        person.registered, person.version = False, person.version + 1

    @precondition(lambda self: any(not person.registered for person in self.account.people))
    @rule(pick=PICK)
    def somebody_comes_back(self, pick: int) -> None:
        gone = [person for person in self.account.people if not person.registered]
        person = gone[pick % len(gone)]
        assert self.do(self.desk.post("/v1/workers", person.body))["id"] == person.id
        person.registered, person.version, person.status = True, person.version + 1, "S1"
        person.asked_on, person.due = self.desk.calendar.day, None

    @invariant()
    def the_lists_say_who_is_due(self) -> None:
        self.account.figures[self.desk.calendar.day] = Counter(one.status for one in self.account.people if one.registered)
        asked: Query = {"township": self.account.township, "reason": "contact_due", "limit": 200}
        page = self.do(self.desk.get("/v1/followups/tasks", asked))
        due = {one.id for one in self.account.people if one.registered and one.due and one.due <= self.desk.calendar.day}
        assert {item["worker"]["id"] for item in page["items"]} == due

    def teardown(self) -> None:
        for person in self.account.people:
            self._check(person)
        for day, expected in self.account.figures.items():
            query = f"/v1/workers/statistics?by=township&by=status&as_of={day}"
            cells = self.do(self.desk.get(query))["cells"]
            mine = {cell["key"][1]: cell["workers"] for cell in cells if cell["key"][0] == self.account.township}
            assert mine == dict(expected), f"the figures of {day}"

    def _check(self, person: Person) -> None:
        worker = self.do(self.desk.get(f"/v1/workers/{person.id}"))
        assert (worker["version"], worker["state"] == "registered") == (person.version, person.registered)
        assert (worker["employment_status"], worker["intention_confirmed_on"]) == (
            person.status,
            person.asked_on.isoformat(),
        )
        versions = self.do(self.desk.get(f"/v1/workers/{person.id}/versions"))["items"]
        assert [one["version"] for one in versions] == list(range(person.version, 0, -1))


def _number(number: int) -> str:
    return identity_number(date(1960, 1, 1) + timedelta(days=number // 400), number % 400)


@pytest.mark.timeout(240)
def test_whatever_clerks_do_records_figures_and_lists_agree(empty_store_url: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        desk = runner.run(stack.enter_async_context(bureau(tmp_path, workers_store_url=empty_store_url)))
        try:
            numbers = count(1)
            run_state_machine_as_test(
                lambda: Life(desk, runner, numbers),  # type: ignore[arg-type]  # any factory will do
                settings=settings(
                    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
                ),
            )
        finally:
            runner.run(stack.aclose())
