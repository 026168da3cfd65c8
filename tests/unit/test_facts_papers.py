"""Certificates with their state and level; work limits without a diagnosis."""

from datetime import date

import pytest

from services.contracts.vocabulary import certificates as vocabulary
from services.contracts.vocabulary import codes
from services.kernel.text.facts import tables, work_limits
from services.kernel.text.facts.certificates import works_of
from services.kernel.text.facts.model import CertificateState
from services.kernel.text.facts.work_lexicon import labels, load
from tests.unit.said import facts

HELD, TRAINED, EXPIRED = CertificateState.HELD, CertificateState.TRAINED, CertificateState.EXPIRED


@pytest.mark.parametrize(
    ("words", "name", "state", "level", "branch"),
    [
        ("母婴护理员(中级)", "母婴护理员证书", HELD, 4, ""),
        ("月嫂培训证", "母婴护理员证书", TRAINED, None, ""),
        ("育婴员（培训过，试没去考）", "育婴员职业技能等级证书", TRAINED, None, ""),
        ("保安员证（过期没换）", "保安员证", EXPIRED, None, ""),
        ("退伍证、三级保安员", "保安员证", HELD, 3, ""),
        ("消控证(四级监控)", "消防设施操作员证", HELD, 4, "监控"),
        ("消防设施操作员中级（维保方向）", "消防设施操作员证", HELD, 4, "维保"),
        ("养老护理（专项能力）", "养老护理员职业技能等级证书", HELD, None, "专项能力"),
        ("电梯修理T证", "特种设备作业人员证", HELD, None, "T"),
        ("叉车(N1)", "特种设备作业人员证", HELD, None, "N1"),
        ("C1驾照", "机动车驾驶证", HELD, None, "C1"),
        ("低压电工证(27年3月到期)", "低压电工作业证", HELD, None, ""),
    ],
)
def test_certificates(words: str, name: str, state: CertificateState, level: int | None, branch: str) -> None:
    found = {paper.name: paper for paper in facts(certificates=words).certificates}[name]
    assert (found.state, found.level, found.branch) == (state, level, branch)


@pytest.mark.parametrize(
    ("words", "expires"),
    [
        ("低压电工证(27年3月到期)", date(2027, 3, 31)),
        ("低压电工（2028年才到期）", date(2028, 12, 31)),
        ("低压电工证(有效期至2027.6.15)", date(2027, 6, 15)),
        ("保安员证（有效期至2027年2月底）", date(2027, 2, 28)),
        ("保安员证（有效期至2027年2月30日）", None),
        ("2019年考的保安员证", None),
        ("保安员证", None),
    ],
)
def test_the_last_day_of_a_certificate_is_the_end_of_what_is_said(words: str, expires: date | None) -> None:
    assert [paper.expires for paper in facts(certificates=words).certificates] == [expires]


@pytest.mark.parametrize("words", ["无", "电工是自学的，没考低压证", "育儿嫂没证，实际带过", "保安证想考", ""])
def test_what_is_not_held_is_left_out(words: str) -> None:
    assert facts(certificates=words).certificates == ()


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("健康", set()),
        ("健康，有点近视", set()),
        ("乙肝携带，肝功正常", set()),
        ("肺结核已治愈，医院开了证明", set()),
        ("尘肺排查无，血脂高", set()),
        ("右腿骨折过，恢复好了", set()),
        ("腰椎间盘突出", {"no_heavy_lifting"}),
        ("膝盖疼，蹲不下", {"no_long_standing"}),
        ("高血压，一天一片药", {"no_heights"}),
        ("糖尿病，打胰岛素", {"no_heights", "no_night_shift"}),
        ("健康，色弱", {"colour_vision"}),
        ("左眼看不见", {"poor_sight"}),
        ("耳朵有点背", {"poor_hearing"}),
        ("哮喘", {"no_dust_chemicals"}),
        ("孕六个月", {"no_night_shift", "not_fit_now"}),
    ],
)
def test_work_limits(words: str, limits: set[str]) -> None:
    assert set(work_limits(words)) == limits


def test_limits_told_in_a_remark_are_the_workers_own() -> None:
    assert "no_heavy_lifting" in facts(remark="叉车也开得，但腰不好想坐着").limits
    assert facts(remark="老公腰杆伤了才回来服侍他").limits == ()


def test_the_tables_name_only_what_exists() -> None:
    own = {row["id"] for row in tables.load("work_other")["kind"]}
    near = tables.load("work_near")
    assert {code for row in (*near["pairs"], *near["ways"]) for code in row[:2]} <= set(labels())
    assert {code for cases in load().cases.values() for case in cases for code in case.means} <= set(labels())
    assert {code for codes_ in works_of().values() for code in codes_} <= set(labels())
    assert own.isdisjoint({code for code in labels() if not code.startswith("X")})
    limits = set(tables.load("health")["limits"]) | set(tables.load("posting_cues")["strains"])
    assert limits <= set(codes.WORK_LIMITS.entries)


def test_spellings_keep_their_length() -> None:
    words = tables.load("spelling")["words"]
    assert [wrong for wrong, right in words.items() if len(wrong) != len(right)] == []


def test_certificates_go_by_their_canonical_names() -> None:
    beyond = {"护士执业证书", "教师资格证", "计算机等级证书", "安检员证", "缝纫工证", "汽车维修工证", "数控操作证", "会计证"}
    assert set(works_of()) - set(vocabulary.load()) <= beyond
