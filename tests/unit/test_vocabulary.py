"""The code lists are closed, unambiguous, and forgive spelling only."""

import pytest

from services.contracts.vocabulary import certificates, codes, occupations
from services.contracts.vocabulary.codes import Vocabulary

ALL = [
    codes.EDUCATION,
    codes.MANDARIN,
    codes.EMPLOYMENT_STATUS,
    codes.WILLINGNESS,
    codes.WORK_LIMITS,
    codes.EMPLOYER_KINDS,
    codes.POSTING_SOURCES,
    codes.POSTING_KINDS,
    codes.CONTRACT_FORMS,
    codes.INSURANCES,
    codes.SETTLEMENTS,
    codes.CLOSING_REASONS,
    codes.PAUSE_REASONS,
    codes.STANDING_REASONS,
    codes.CONTACT_ROLES,
    codes.HOUSEHOLD_STATUS,
    codes.RISK_STATUS,
    codes.FOLLOWUP_STATUS,
]


@pytest.mark.parametrize("vocabulary", ALL, ids=lambda v: v.name)
def test_every_code_and_name_finds_itself(vocabulary: Vocabulary) -> None:
    assert vocabulary.entries
    for code, entry in vocabulary.entries.items():
        assert vocabulary.find(code) == code
        assert vocabulary.find(entry.name) == code
        assert vocabulary.label(code)


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        (codes.HOUSEHOLD_STATUS, "脱贫户", "HS02"),
        (codes.HOUSEHOLD_STATUS, "脱贫户（享受政策）", "HS02"),
        (codes.HOUSEHOLD_STATUS, " 边缘易致贫户 ", "HS05"),
        (codes.HOUSEHOLD_STATUS, "特困人员?", None),
        (codes.EDUCATION, "文盲", "E0"),
        (codes.EDUCATION, "没上过学", "E0"),
        (codes.MANDARIN, "听得懂说不好", "M2"),
        (codes.EMPLOYMENT_STATUS, "省外务工", "S5"),
        (codes.WILLINGNESS, "暂无", "W1"),
        (codes.EMPLOYER_KINDS, "物业企业", "K02"),
        (codes.POSTING_SOURCES, "微信群", "O6"),
        (codes.POSTING_SOURCES, "", None),
    ],
)
def test_spellings(vocabulary: Vocabulary, text: str, code: str | None) -> None:
    assert vocabulary.find(text) == code


def test_ordered_lists_rise() -> None:
    assert codes.EDUCATION.rank("E1") < codes.EDUCATION.rank("E2") < codes.EDUCATION.rank("E6")
    assert codes.MANDARIN.rank("M1") < codes.MANDARIN.rank("M5")
    assert codes.WILLINGNESS.rank("W1") < codes.WILLINGNESS.rank("W3")


def test_legal_minimum_ages_are_never_below_sixteen() -> None:
    assert {occupation.min_age for occupation in occupations.load().values()} == {16, 18}


def test_the_guard_needs_a_certificate_and_eighteen_years() -> None:
    guard = occupations.load()["P01"]
    assert (guard.name, guard.min_age) == ("保安员", 18)
    assert "保安员证" in guard.mandatory_certificates
    assert "保安证" in certificates.load()["保安员证"].aliases
