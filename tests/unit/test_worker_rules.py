"""The rules about a worker: identity numbers by GB 11643, working age, what a newer row does to what is held."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workers.identity_number import BadIdentityNumber, area_is_known, check_character, parse
from services.workers.profile import (
    AlreadyWithdrawn,
    OwnWords,
    Profile,
    Worker,
    age_on,
    identity_violations,
    is_plausible_phone,
    violations,
)
from tests.builders import CLOCK, TODAY
from tests.registers import identity_number

BIRTH_DATES = st.dates(date(1930, 1, 1), date(2010, 11, 1))
SEQUENCES = st.integers(0, 999)


def profile(**changes: Any) -> Profile:
    base = Profile("测试人", identity_number(), "530627", phone="15400000001", words=OwnWords(remark="能吃苦"))
    return replace(base, **changes)


def test_the_standards_own_example() -> None:
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


@given(birth_date=BIRTH_DATES, sequence=SEQUENCES)
def test_a_number_tells_its_birth_date_and_sex(birth_date: date, sequence: int) -> None:
    facts = parse(identity_number(birth_date, sequence))
    assert facts.birth_date == birth_date
    assert facts.sex == ("male" if sequence % 2 else "female")


@given(birth_date=BIRTH_DATES, sequence=SEQUENCES, position=st.integers(0, 17), digit=st.integers(0, 9))
def test_any_one_wrong_digit_is_found(birth_date: date, sequence: int, position: int, digit: int) -> None:
    number = identity_number(birth_date, sequence)
    wrong = number[:position] + str(digit) + number[position + 1 :]
    if wrong != number:
        with pytest.raises(BadIdentityNumber):
            parse(wrong)


@given(birth_date=BIRTH_DATES, sequence=SEQUENCES, position=st.integers(0, 15))
def test_any_two_neighbours_exchanged_are_found(birth_date: date, sequence: int, position: int) -> None:
    number = identity_number(birth_date, sequence)
    exchanged = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    if exchanged != number:
        with pytest.raises(BadIdentityNumber):
            parse(exchanged)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("5399011990051712", "identity_length"),
        ("539901900517123", "identity_length"),
        ("", "identity_length"),
        ("53990119900517A23X", "identity_characters"),
        ("5399011990051712x", "identity_length"),
        ("٣٣٩٩٠١١٩٩٠٠٥١٧١٢٣٤", "identity_characters"),
        ("539921197913018876", "identity_birth_date"),
    ],
)
def test_why_a_number_is_none(number: str, code: str) -> None:
    with pytest.raises(BadIdentityNumber) as refused:
        parse(number)
    assert refused.value.code == code
    assert not number or number not in refused.value.detail


@pytest.mark.parametrize(
    ("area", "known"), [("530627", True), ("539901", False), ("310103", True), ("110101", True), ("530000", True)]
)
def test_areas(area: str, *, known: bool) -> None:
    assert area_is_known(identity_number(area=area)) is known


@pytest.mark.parametrize(
    ("birth_date", "codes"),
    [
        (date(2010, 11, 1), []),
        (date(2010, 11, 2), ["under_16"]),
        (date(2009, 1, 1), []),
        (date(2026, 11, 2), ["identity_birth_date"]),
        (date(1899, 1, 1), ["identity_birth_date"]),
    ],
)
def test_working_age_begins_on_the_sixteenth_birthday(birth_date: date, codes: list[str]) -> None:
    assert [found.code for found in identity_violations(identity_number(birth_date), None, TODAY)] == codes


def test_sex_must_agree_with_the_number_when_stated() -> None:
    number = identity_number(sequence=2)
    assert [found.code for found in identity_violations(number, "male", TODAY)] == ["sex_mismatch"]
    assert identity_violations(number, "female", TODAY) == []
    assert identity_violations(number, None, TODAY) == []


@given(birth_date=st.dates(date(1930, 1, 1), date(2020, 1, 1)), days=st.integers(0, 20000))
def test_age_grows_by_one_on_birthdays_only(birth_date: date, days: int) -> None:
    day = birth_date + timedelta(days=days)
    grown = age_on(day + timedelta(days=1), birth_date) - age_on(day, birth_date)
    tomorrow = day + timedelta(days=1)
    is_birthday = (tomorrow.month, tomorrow.day) == (birth_date.month, birth_date.day)
    leapling_in_march = (birth_date.month, birth_date.day) == (2, 29) and (tomorrow.month, tomorrow.day) == (3, 1)
    assert grown == (
        1 if is_birthday or (leapling_in_march and age_on(day, birth_date) < tomorrow.year - birth_date.year) else 0
    )


@pytest.mark.parametrize(
    ("phone", "plausible"),
    [("13812345678", True), ("15400000001", True), ("08702123456", True), ("087163123456", True), ("138", False),
     ("12345678901", False), ("1381234567", False), ("138123456789", False), ("无", False), ("", False)],
)  # fmt: skip
def test_phones(phone: str, *, plausible: bool) -> None:
    assert is_plausible_phone(phone) is plausible


def test_a_profile_in_order_breaks_nothing_and_a_bad_one_tells_everything() -> None:
    assert violations(profile(), "male", TODAY) == []
    broken = violations(profile(name="", phone="138"), "female", TODAY)
    assert [(found.field, found.code) for found in broken] == [
        ("sex", "sex_mismatch"),
        ("name", "missing"),
        ("phone", "implausible_phone"),
    ]


def test_a_newer_row_wins_where_it_says_something_and_keeps_what_is_held_where_not() -> None:
    held = profile(education="E2", words=OwnWords(education="初中", remark="能吃苦"), relocated=True)
    newer = profile(phone="", education="E3", words=OwnWords(education="高中毕业", lodging="包住"))
    together = newer.laid_over(held)
    assert together.phone == held.phone
    assert (together.education, together.words.education) == ("E3", "高中毕业")
    assert (together.words.remark, together.words.lodging) == ("能吃苦", "包住")
    assert together.relocated is True


def test_words_outside_the_vocabulary_do_not_leave_the_old_code_standing() -> None:
    held = profile(education="E2", words=OwnWords(education="初中"))
    together = profile(words=OwnWords(education="夜校读过")).laid_over(held)
    assert (together.education, together.words.education) == (None, "夜校读过")


texts = st.builds(OwnWords, **{name: st.text("字词", max_size=2) for name in ("education", "remark", "lodging")})
profiles = st.builds(
    Profile,
    st.just("测试人"),
    st.just(identity_number()),
    st.sampled_from(["530627", "530602"]),
    phone=st.sampled_from(["", "15400000001", "15400000002"]),
    education=st.sampled_from([None, "E1", "E2"]),
    words=texts,
)


@given(newer=profiles, held=profiles)
def test_laying_the_same_row_over_again_changes_nothing(newer: Profile, held: Profile) -> None:
    once = newer.laid_over(held)
    assert newer.laid_over(once) == once
    assert held.laid_over(held) == held


def test_the_life_of_a_record() -> None:
    now = CLOCK.now()
    worker = Worker.register("w_1", profile(), "statutory_register", now)
    assert worker.version == 1
    assert worker.amend(profile(), now) is worker
    amended = worker.amend(profile(phone="15400000009"), now)
    assert amended.version == 2
    gone = amended.withdraw("本人要求", now)
    assert (gone.version, gone.withdrawn_at) == (3, now)
    assert gone.withdraw("再来一次", now) is gone
    with pytest.raises(AlreadyWithdrawn):
        gone.amend(profile(), now)
    back = gone.register_again(profile(), "consent", now)
    assert (back.version, back.withdrawn_at, back.withdrawal_reason, back.basis) == (4, None, "", "consent")
