"""Who may see a person: only the audience whose every condition is known and true."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workers.consents.consent import Consent, What, employers_with_contact, state
from services.workers.consents.visibility import Audience, conditions, visibility
from services.workers.events import worker_changed
from services.workers.profile import Basis, Worker
from tests.builders import TODAY
from tests.unit.test_worker_rules import profile

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


def said(what: What, *, stands: bool = True, employer_id: str | None = None) -> Consent:
    consent = Consent(f"c_{what}", what, date(2026, 10, 1), "paper", employer_id)
    return consent if stands else consent.withdraw("staff", NOW)


def worker(*consents: Consent, basis: Basis = "statutory_register", willingness: str | None = "W3") -> Worker:
    registered = Worker.register("w_1", profile(willingness=willingness), basis, NOW)
    return replace(registered, consents=consents)


def seen(one: Worker) -> tuple[bool | None, ...]:
    told = visibility(one, TODAY)
    return told.staff, told.employers, told.kiosk, told.ranking


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (worker(), (True, None, None, True)),
        (worker(said(What.EMPLOYERS)), (True, True, None, True)),
        (worker(said(What.EMPLOYERS, stands=False)), (True, False, None, True)),
        (worker(said(What.EMPLOYERS, stands=False), said(What.EMPLOYERS)), (True, True, None, True)),
        (worker(said(What.KIOSK)), (True, None, True, True)),
        (worker(said(What.RANKING_OBJECTION)), (True, None, None, False)),
        (worker(said(What.RANKING_OBJECTION, stands=False)), (True, None, None, True)),
        (worker(basis="consent"), (None, None, None, None)),
        (worker(said(What.REGISTRATION), basis="consent"), (True, None, None, True)),
        (worker(said(What.REGISTRATION, stands=False), said(What.EMPLOYERS), basis="consent"), (False,) * 2 + (False,) * 2),
        (worker(said(What.EMPLOYERS), willingness="W1"), (True, False, False, True)),
        (worker(said(What.EMPLOYERS), willingness=None), (True, True, None, True)),
        (worker(said(What.EMPLOYERS)).withdraw("", NOW), (False, False, False, False)),
    ],
)
def test_an_audience_sees_whom_it_may(one: Worker, expected: tuple[bool | None, ...]) -> None:
    assert seen(one) == expected


def test_who_is_too_young_is_seen_by_nobody() -> None:
    told = visibility(worker(said(What.EMPLOYERS), said(What.KIOSK)), date(1999, 1, 1))
    assert (told.staff, told.employers, told.kiosk, told.ranking) == (False, False, False, False)


def test_reasons_tell_no_more_than_that() -> None:
    one = worker(said(What.EMPLOYERS, stands=False), basis="consent", willingness="W1")
    reasons = {a: [(c.code, c.said) for c in held if not c.holds] for a, held in conditions(one, TODAY).items()}
    assert reasons[Audience.STAFF] == [("lawful_basis", "没有记下登记的依据")]
    assert [code for code, _ in reasons[Audience.EMPLOYERS]] == ["lawful_basis", "wants_work", "consent_employers"]
    assert all(sentence for found in reasons.values() for _, sentence in found)


def test_contact_is_for_the_employer_that_is_named() -> None:
    consents = (said(What.CONTACT, employer_id="e_2"), said(What.CONTACT, employer_id="e_1", stands=False))
    assert employers_with_contact(consents) == ("e_2",)
    assert visibility(worker(*consents), TODAY).contact_employers == ("e_2",)
    assert visibility(worker(*consents, basis="consent"), TODAY).contact_employers == ()


def test_the_event_carries_it() -> None:
    told = worker_changed(worker(said(What.EMPLOYERS)), TODAY).visibility
    assert (told.staff, told.employers, told.kiosk) == (True, True, None)


@given(st.lists(st.tuples(st.sampled_from(What), st.booleans()), max_size=6))
def test_taking_back_never_shows_more(declared: list[tuple[What, bool]]) -> None:
    consents = tuple(
        said(what, stands=stands, employer_id="e_1" if what is What.CONTACT else None) for what, stands in declared
    )
    before = visibility(worker(*consents), TODAY)
    for one in consents:
        if one.what is What.RANKING_OBJECTION:
            continue
        after = visibility(worker(*(held.withdraw("staff", NOW) if held is one else held for held in consents)), TODAY)
        assert all(getattr(before, audience) or not getattr(after, audience) for audience in Audience)
        assert set(after.contact_employers) <= set(before.contact_employers)


def test_a_state_is_known_only_once_somebody_asked() -> None:
    assert state([], What.KIOSK) is None
    assert state([said(What.EMPLOYERS)], What.KIOSK) is None
    assert state([said(What.KIOSK, stands=False)], What.KIOSK) is False
