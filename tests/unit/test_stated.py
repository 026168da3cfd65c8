"""What is stated in structure: it stands in the place of words until there are newer words, and tells no identifier."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.contracts.vocabulary import codes
from services.contracts.vocabulary.languages import LANGUAGES
from services.workers.certificates import Certificate
from services.workers.employment import Employment
from services.workers.events import worker_changed
from services.workers.experience import Experience, Training
from services.workers.intentions.intention import Asking, Companion, Intention
from services.workers.profile import OwnWords, Profile, Worker
from services.workers.stated import Stated
from tests.builders import TODAY
from tests.registers import identity_number

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
STATED = Stated(
    village="毛坪村",
    languages=("彝语",),
    certificates=(Certificate("健康证", number="健A20260001", expires_on=date(2027, 3, 1), verified_by="credential-7"),),
    training=(Training("育婴培训班", "H06"),),
    experience=(Experience("H06", "530100", date(2020, 3, 1), date(2023, 5, 1), wage=5200),),
    employment=Employment(employer="镇雄某家政公司", occupation="H01", since=date(2026, 9, 1), wage=3600),
    health_limits=("no_heights",),
    intention=Intention(occupations=("H06",), pay_floor=6000, companions=(Companion("spouse", must=True),)),
)


def profile(**changes: Any) -> Profile:
    base = Profile(
        "余德珍", identity_number(), "530627", words=OwnWords(health="腰不好，重活做不了", remark="能吃苦"), stated=STATED
    )
    return replace(base, **changes)


def told(one: Profile) -> Any:
    return worker_changed(Worker.register("w_1", one, "consent", NOW), TODAY)


def test_the_event_tells_what_matching_needs_and_nothing_that_identifies() -> None:
    event = told(profile())
    (held,) = event.stated.certificates
    assert (held.certificate, held.expires_on, held.verified) == ("健康证", date(2027, 3, 1), True)
    assert [(work.occupation, work.present) for work in event.stated.experience] == [("H06", False), ("H01", True)]
    assert (event.stated.trained, event.stated.languages) == (("H06",), ("彝语",))
    assert event.stated.intention.occupations == ("H06",)
    assert event.stated.intention.places is None
    assert event.stated.intention.companions[0].must is True
    assert event.employed_since == date(2026, 9, 1)
    text = event.model_dump_json()
    for kept in ("毛坪村", "健A20260001", "credential-7", "镇雄某家政公司", "3600", "5200"):
        assert kept not in text


def test_stated_limits_take_the_place_of_those_read_from_the_words() -> None:
    assert told(profile()).work_limits == ("no_heights",)
    assert told(profile(stated=replace(STATED, health_limits=None))).work_limits == ("light_work_only", "no_heavy_lifting")
    assert told(profile(stated=replace(STATED, health_limits=()))).work_limits == ()


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (date(2010, 11, 1), date(2028, 11, 1)),
        (date(2008, 11, 2), date(2026, 11, 2)),
        (date(2008, 11, 1), None),
        (date(2008, 2, 29), None),
        (date(1990, 1, 1), None),
    ],
)
def test_a_minor_is_marked_until_the_eighteenth_birthday(born: date, until: date | None) -> None:
    assert told(profile(identity_number=identity_number(born))).minor_until == until


def test_what_was_told_is_named_for_the_audit() -> None:
    assert Stated().told == ()
    assert STATED.told[:2] == ("village", "languages")
    assert Stated(certificates=()).told == ("certificates",)


def test_newer_words_make_void_what_was_stated_about_the_same_and_nothing_else() -> None:
    newer = profile(stated=Stated(), words=OwnWords(intention_occupations="保安", remark="能吃苦"))
    together = newer.laid_over(profile())
    assert together.stated.intention == Intention(pay_floor=6000, companions=(Companion("spouse", must=True),))
    assert replace(together.stated, intention=STATED.intention) == STATED
    assert newer.laid_over(together) == together


def test_an_intention_is_as_fresh_as_the_day_on_which_it_was_told() -> None:
    silent = Profile("余德珍", identity_number(), "530627")
    first_day, later = Asking(TODAY, by="clerk"), Asking(date(2027, 2, 1), by="clerk")
    assert silent.asked(None, first_day).asking is None
    first = replace(silent, words=OwnWords(intention_occupations="保洁")).asked(None, first_day)
    assert first.asking == first_day
    assert replace(first, phone="15400000001").asked(first, later).asking == first_day
    assert replace(first, willingness="W1").asked(first, later).asking == later
    asked_before = replace(first, willingness="W1", asking=Asking(date(2026, 1, 5))).asked(first, later)
    assert asked_before.asking == first_day
    confirmed = replace(first, asking=Asking(date(2026, 12, 1), "V1", "cadre")).asked(first, later)
    assert (confirmed.intention_confirmed_on, confirmed.asking) == (date(2026, 12, 1), Asking(date(2026, 12, 1), "V1", "cadre"))


def test_a_language_is_a_skill_of_the_vocabulary() -> None:
    assert {"彝语", "云南话", "粤语"} <= set(LANGUAGES.entries)
    assert LANGUAGES.find("广东话") == "粤语"
    assert "汉语" not in LANGUAGES
    assert codes.ETHNICITY.find("彝") == "07"
    assert len(codes.ETHNICITY.entries) == 58
