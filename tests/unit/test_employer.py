"""The rules of an employer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.jobs.employers.employer import Employer, Profile, Standing
from services.jobs.employers.uscc import check_character, tidied, valid
from services.kernel.errors import InvalidInput

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 4, tzinfo=UTC)
TODAY = date(2026, 11, 1)
FIRST = "91310115MA1K3ABC7"
USCC = FIRST + check_character(FIRST)
PROFILE = Profile("上海棠梨湾家庭服务有限公司", uscc=USCC, kind="K01", division_code="310115")


def _employer(profile: Profile = PROFILE) -> Employer:
    return Employer.register("e_1", profile, NOW, sandbox=False)


# Codes of public bodies and companies as they stand on their own pages.
@pytest.mark.parametrize("code", ["91350100M000100Y43", "11100000000013127D", "91110000802100433B", "12100000400000624D"])
def test_real_codes_check(code: str) -> None:
    assert valid(code)
    assert valid(tidied(f" {code[:8].lower()} {code[8:].lower()} "))


@pytest.mark.parametrize("code", ["91350100M000100Y44", "91350100M000100Y4", "9135O100M000100Y43", "91350100I000100Y43", ""])
def test_wrong_codes_do_not(code: str) -> None:
    assert not valid(code)


def test_one_wrong_character_never_checks() -> None:
    for place in range(18):
        for other in "0123456789":
            if USCC[place] != other:
                assert not valid(USCC[:place] + other + USCC[place + 1 :])


@pytest.mark.parametrize(
    ("profile", "pointers"),
    [
        (replace(PROFILE, uscc=USCC[:-1] + ("0" if USCC[-1] != "0" else "1")), ["/uscc"]),
        (replace(PROFILE, uscc=None), ["/uscc"]),
        (replace(PROFILE, kind="K04"), ["/licence_number"]),
        (replace(PROFILE, kind="K04", licence_number="沪人社1234"), ["/licence_expires"]),
        (Profile("张女士", kind="K05"), ["/agency_id"]),
    ],
)
def test_particulars_that_do_not_do(profile: Profile, pointers: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        _employer(profile)
    assert [error.pointer for error in refused.value.errors] == pointers


def test_a_household_is_known_within_its_agency() -> None:
    one, other = (Profile("张女士", kind="K05", agency_id=agency) for agency in ("e_1", "e_2"))
    assert one.key != other.key
    assert _employer(one).version == 1


def test_papers_are_seen_for_what_they_say() -> None:
    seen = _employer().verify("staff-1", ("business_licence",), NOW)
    assert seen.verification is not None
    assert (seen.verification.by, seen.verification.documents) == ("staff-1", ("business_licence",))
    assert seen.amend({"division_code": "310104"}, LATER).verification == seen.verification
    assert seen.amend({"name": "别家公司"}, LATER).verification is None
    assert seen.amend({"name": seen.profile.name}, LATER) is seen


def test_who_is_only_mentioned_cannot_be_verified() -> None:
    with pytest.raises(InvalidInput):
        Employer.mentioned("e_1", Profile("某公司", kind="K01"), NOW).verify("staff-1", ("business_licence",), NOW)


def test_standing_and_blacklist_both_suspend() -> None:
    warned = _employer().stand(Standing.WARNED, "complaint", "", LATER)
    assert not warned.suspended
    assert warned.stand(Standing.SUSPENDED, "wage_arrears", "", LATER).suspended
    listed = warned.blacklist(date(2026, 12, 1), "拖欠工资", LATER, TODAY)
    assert listed.suspended
    assert not listed.unlist(LATER).suspended
    with pytest.raises(InvalidInput):
        warned.blacklist(date(2026, 10, 31), "拖欠工资", LATER, TODAY)
