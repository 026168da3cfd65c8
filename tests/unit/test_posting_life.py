"""A posting's life, step by step, and whatever order the steps come in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.contracts.events import PUBLISHED
from services.jobs.errors import PostingUnlawful, PostingWithdrawn, WrongState
from services.jobs.events import concerns_others, posting_changed
from services.jobs.lifecycle.history import entry
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.jobs.verdict import Finding, Verdict
from services.kernel.errors import InvalidInput, Problem

TODAY = date(2026, 11, 1)
CLEAR = Verdict()
UNLAWFUL = Verdict(findings=(Finding(category="sex", severity="blocks", field="title", reason="限定性别"),))
DOUBTFUL = Verdict(findings=(Finding(category="hours", severity="staff"),))
VERDICTS = st.sampled_from([CLEAR, DOUBTFUL, UNLAWFUL])
OPENING = Opening("某公司", "保洁", "310000", 3, valid_until=date(2026, 11, 20))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


NOW = at(TODAY)


def draft(opening: Opening = OPENING) -> Posting:
    return Posting.draft("p_1", opening, NOW, TODAY)


def published(window_days: int = 0) -> Posting:
    return draft().submit(CLEAR, NOW, TODAY, window_days)


def test_what_is_clear_is_shown_at_once() -> None:
    shown = published()
    assert (shown.status, shown.version, shown.published_on, shown.shown) == (Status.PUBLISHED, 2, TODAY, True)
    assert draft().published_at_once(CLEAR, NOW, TODAY, 0).version == 1


def test_what_the_law_forbids_stays_a_draft_with_its_findings() -> None:
    refused = draft().submit(UNLAWFUL, NOW, TODAY, 0)
    assert (refused.status, refused.reason_code, refused.verdict) == (Status.DRAFT, "unlawful", UNLAWFUL)
    assert refused.published_on is None


def test_what_a_person_must_see_waits_for_one() -> None:
    waiting = draft().submit(DOUBTFUL, NOW, TODAY, 3)
    assert (waiting.status, waiting.shown) == (Status.SUBMITTED, False)
    back = waiting.review(approved=False, reason="工时不清", now=NOW, today=TODAY, window_days=0)
    assert (back.status, back.reason_code, back.reason) == (Status.DRAFT, "returned", "工时不清")
    passed = waiting.review(approved=True, reason="", now=NOW, today=TODAY, window_days=3)
    assert (passed.status, passed.priority_until) == (Status.RESTRICTED, date(2026, 11, 3))


def test_a_window_of_days_counts_today_and_opens_by_itself() -> None:
    first = published(window_days=2)
    assert (first.status, first.priority_until) == (Status.RESTRICTED, date(2026, 11, 2))
    assert first.pass_time(at(date(2026, 11, 2)), date(2026, 11, 2)) is first
    opened = first.pass_time(at(date(2026, 11, 3)), date(2026, 11, 3))
    assert (opened.status, opened.reason_code, opened.version) == (Status.PUBLISHED, "window_over", 3)


def test_a_pause_within_the_window_comes_back_into_it() -> None:
    paused = published(window_days=3).pause("checking", "", NOW)
    assert paused.resume(NOW, date(2026, 11, 3)).status is Status.RESTRICTED
    assert paused.resume(NOW, date(2026, 11, 4)).status is Status.PUBLISHED


def test_an_expired_posting_is_renewed() -> None:
    over = date(2026, 11, 21)
    expired = published().pass_time(at(over), over)
    assert expired.status is Status.EXPIRED
    with pytest.raises(WrongState):
        expired.resume(at(over), over)
    renewed = expired.amend({"valid_until": date(2026, 12, 1)}, CLEAR, at(over), over)
    assert (renewed.status, renewed.reason_code) == (Status.PUBLISHED, "renewed")


def test_what_expired_unseen_is_still_to_be_seen() -> None:
    over = date(2026, 11, 21)
    expired = draft().submit(DOUBTFUL, NOW, TODAY, 0).pass_time(at(over), over)
    renewed = expired.amend({"valid_until": date(2026, 12, 1)}, DOUBTFUL, at(over), over)
    assert renewed.status is Status.SUBMITTED


def test_what_is_shown_cannot_become_unlawful() -> None:
    with pytest.raises(PostingUnlawful) as refused:
        published().amend({"title": "保洁（限女）"}, UNLAWFUL, NOW, TODAY)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/title", "sex")]
    assert published().amend({"title": "保洁，做六休一"}, DOUBTFUL, NOW, TODAY).status is Status.SUBMITTED
    assert draft().amend({"title": "保洁（限女）"}, UNLAWFUL, NOW, TODAY).status is Status.DRAFT


def test_filled_may_be_taken_up_again_and_withdrawn_not() -> None:
    filled = published().fill("", NOW)
    assert filled.resume(NOW, TODAY).status is Status.PUBLISHED
    gone = filled.withdraw("no_longer_needed", "", NOW)
    with pytest.raises(PostingWithdrawn):
        gone.resume(NOW, TODAY)


def test_a_suspended_employers_posting_is_told_as_such() -> None:
    hidden = published().hide(NOW, hidden=True)
    assert (hidden.shown, posting_changed(hidden).status) == (False, "suspended")
    back = hidden.hide(NOW, hidden=False)
    assert (back.version, posting_changed(back).status) == (4, "published")


def test_the_window_travels_with_its_rule() -> None:
    told = posting_changed(published(window_days=3))
    assert told.status == "published-restricted"
    assert told.priority is not None
    assert (told.priority.until, "HS02" in told.priority.households) == (date(2026, 11, 3), True)
    assert posting_changed(published()).priority is None


def test_only_what_was_shown_is_others_business() -> None:
    assert not concerns_others(None, draft())
    assert not concerns_others(None, replace(published(), sandbox=True))
    assert concerns_others(draft(), published())
    assert concerns_others(published(), published().withdraw("other", "", NOW))


class Life(RuleBasedStateMachine):
    """Whatever the steps: versions rise by one, nothing unlawful or unseen is shown, the end is the end."""

    def __init__(self) -> None:
        super().__init__()
        self.day = TODAY
        self.posting = draft()
        self.approved = Verdict()

    def _try(self, deed: Any, **arguments: Any) -> bool:
        before = self.posting
        try:
            after = deed(**arguments)
        except Problem:
            return False
        assert after is before or after.version == before.version + 1
        if after is not before:
            assert entry(before, after, "test")["status"] == str(after.status)
            if before.status is not after.status:
                assert after.reason_code
        self.posting = after
        return True

    @rule(verdict=VERDICTS, days=st.integers(0, 3))
    def submit(self, verdict: Verdict, days: int) -> None:
        was = self.posting.status
        done = self._try(self.posting.submit, verdict=verdict, now=at(self.day), today=self.day, window_days=days)
        assert not done or was is Status.DRAFT

    @rule(approved=st.booleans(), days=st.integers(0, 3))
    def review(self, *, approved: bool, days: int) -> None:
        findings = self.posting.verdict
        arguments = {"reason": "", "now": at(self.day), "today": self.day, "window_days": days}
        if self._try(self.posting.review, approved=approved, **arguments) and approved:
            self.approved = findings

    @rule(headcount=st.integers(1, 3), verdict=VERDICTS)
    def amend(self, headcount: int, verdict: Verdict) -> None:
        self._try(self.posting.amend, changes={"headcount": headcount}, verdict=verdict, now=at(self.day), today=self.day)

    @rule(days=st.integers(-1, 20))
    def renew(self, days: int) -> None:
        until = self.day + timedelta(days=days)
        verdict = self.posting.verdict
        self._try(self.posting.amend, changes={"valid_until": until}, verdict=verdict, now=at(self.day), today=self.day)

    @rule()
    def pause(self) -> None:
        self._try(self.posting.pause, code="other", reason="", now=at(self.day))

    @rule()
    def resume(self) -> None:
        self._try(self.posting.resume, now=at(self.day), today=self.day)

    @rule()
    def fill(self) -> None:
        self._try(self.posting.fill, reason="", now=at(self.day))

    @rule(hidden=st.booleans())
    def hide(self, *, hidden: bool) -> None:
        self._try(self.posting.hide, now=at(self.day), hidden=hidden)

    @precondition(lambda self: self.day > TODAY + timedelta(days=10))
    @rule()
    def withdraw(self) -> None:
        self._try(self.posting.withdraw, code="other", reason="", now=at(self.day))

    @rule(days=st.integers(1, 8))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)
        for _ in range(2):
            self.posting = self.posting.pass_time(at(self.day), self.day)

    @invariant()
    def shown_is_lawful_and_lasts(self) -> None:
        posting = self.posting
        if posting.shown:
            assert not posting.verdict.blocks
            assert not posting.verdict.needs_staff or posting.verdict == self.approved
            assert posting.published_on is not None
            assert not posting.opening.expired(self.day)
        assert posting.shown == (posting_changed(posting).status in PUBLISHED)
        restricted = posting.status is Status.RESTRICTED
        assert not restricted or (posting.priority_until is not None and posting.priority_until >= self.day)

    @invariant()
    def withdrawn_is_for_good(self) -> None:
        if self.posting.status is Status.WITHDRAWN:
            with pytest.raises((PostingWithdrawn, InvalidInput)):
                self.posting.amend({"headcount": 9}, CLEAR, at(self.day), self.day)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
