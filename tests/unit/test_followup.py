"""Following up, as rules: reminders that end by themselves, ends that nobody goes past, contacts told late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.contracts.vocabulary import codes
from services.workers.followups.followup import (
    CLOSING,
    LAST_NOTHING_DUE,
    NEXT_DAYS,
    NOT_REACHED,
    Contact,
    FollowUp,
    FollowUpClosed,
    usual_next,
)
from tests.builders import TODAY

OUTCOMES = st.sampled_from(sorted(codes.FOLLOWUP_STATUS.entries))


def contact(outcome: str, on: date = TODAY, next_on: date | None = None, note: str = "") -> Contact:
    return Contact("ct_1", on, "V1", outcome, note, next_on, "c_1")


def test_every_outcome_says_what_comes_next() -> None:
    said = set(NEXT_DAYS) | CLOSING | LAST_NOTHING_DUE
    assert said == set(codes.FOLLOWUP_STATUS.entries)
    assert not set(NEXT_DAYS) & (CLOSING | LAST_NOTHING_DUE)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (contact("FU02", on=date(2026, 11, 2)), "date_to_come"),
        (contact("FU02", next_on=TODAY), "ends_before_it_begins"),
        (contact("FU23", next_on=date(2027, 1, 1)), "nothing_due_after_closing"),
        (contact("FU19"), "note_needed"),
    ],
)
def test_what_a_contact_cannot_be(made: Contact, code: str) -> None:
    assert [found.code for found in made.violations(TODAY)] == [code]


def test_the_milestones_of_a_job_are_the_first_third_and_sixth_month() -> None:
    started = date(2026, 11, 1)
    first = usual_next("FU06", started)
    assert first is not None
    third = usual_next("FU07", first)
    assert third is not None
    sixth = usual_next("FU08", third)
    assert [(day - started).days for day in (first, third, sixth or started)] == [30, 90, 180]
    assert usual_next("FU09", started) is None


class Following(RuleBasedStateMachine):
    """A worker's life in the bureau's hands, held against the plainest account of it: the list of contacts made."""

    def __init__(self) -> None:
        super().__init__()
        self.state = FollowUp("w_1")
        self.today = TODAY
        self.made: list[Contact] = []
        self.due: date | None = None

    @initialize(cadre=st.sampled_from([None, "c_1"]))
    def begin(self, cadre: str | None) -> None:
        self.state = self.state.assigned(cadre)

    @rule(days=st.integers(0, 200))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(outcome=OUTCOMES, ago=st.integers(0, 40), ahead=st.none() | st.integers(1, 90))
    def contacted(self, outcome: str, ago: int, ahead: int | None) -> None:
        on = self.today - timedelta(days=ago)
        next_on = on + timedelta(days=ahead) if ahead is not None and outcome not in CLOSING else None
        one = contact(outcome, on, next_on, note="原因")
        assert list(one.violations(self.today)) == []
        if self.state.closed:
            with pytest.raises(FollowUpClosed):
                self.state.contacted(one)
            return
        after = self.state.contacted(one)
        if self.made and on < max(before.on for before in self.made):
            assert after == self.state, "told late, it changes nothing"
        else:
            assert (after.status, after.last_contact_on, after.next_on) == (outcome, on, next_on)
            assert after.misses == (self.state.misses + 1 if outcome in NOT_REACHED else 0)
            self.due = next_on
        self.made.append(one)
        self.state = after

    @precondition(lambda self: not self.state.closed)
    @rule(days=st.integers(0, 60))
    def postponed(self, days: int) -> None:
        self.due = self.today + timedelta(days=days)
        self.state = self.state.postponed(self.due)

    @rule(cadre=st.sampled_from([None, "c_1", "c_2"]))
    def assigned(self, cadre: str | None) -> None:
        if self.state.closed:
            with pytest.raises(FollowUpClosed):
                self.state.assigned(cadre)
            return
        before = self.state
        self.state = self.state.assigned(cadre)
        assert replace(self.state, cadre_id=before.cadre_id) == before

    @precondition(lambda self: self.state.closed)
    @rule()
    def registered_again(self) -> None:
        self.state = self.state.resumed()
        self.made, self.due = [], None
        assert not self.state.closed

    @invariant()
    def the_reminder_is_the_last_one_agreed(self) -> None:
        assert self.state.next_on == self.due
        late = self.state.overdue_days(self.today)
        assert late == (0 if self.due is None else max((self.today - self.due).days, 0))

    @invariant()
    def nothing_is_due_once_it_is_over(self) -> None:
        assert not (self.state.closed and self.state.next_on is not None)


TestFollowing = Following.TestCase
TestFollowing.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
