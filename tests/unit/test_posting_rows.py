"""What a row of a sheet of openings means."""

from datetime import date

import pytest

from services.jobs.rows import HEADINGS, OfferedRow, monthly_pay, read_row
from services.kernel.imports.outcomes import Reading, SheetRow

TODAY = date(2026, 11, 1)
ROW = {
    "岗位编号": "P001",
    "用人单位": "东莞市虎嶂保安服务有限公司",
    "单位类型": "物业企业",
    "工作省": "广东省",
    "工作市": "东莞市",
    "工作区": "长安镇",
    "岗位名称": "保安",
    "招聘人数": "40",
    "月薪下限": "5200",
    "月薪上限": "5600",
    "有效期至": "2027-01-31",
    "来源": "微信群",
}


def _read(**cells: str) -> Reading[OfferedRow]:
    values = dict.fromkeys(HEADINGS.headings, "") | ROW | cells
    return read_row(SheetRow(2, values), TODAY)


def _found(reading: Reading[OfferedRow]) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.column, finding.code) for finding in reading.findings]


def _opening(**cells: str) -> OfferedRow:
    reading = _read(**cells)
    assert reading.command is not None, reading.findings
    return reading.command


def test_a_whole_row() -> None:
    opening = _opening().opening
    assert (opening.province_code, opening.city_code, opening.district_code) == ("440000", "441900", None)
    assert (opening.place, opening.headcount, opening.pay_min, opening.pay_max) == ("广东省东莞市长安镇", 40, 5200.0, 5600.0)
    assert (opening.employer_kind, opening.employer_kind_text) == ("K02", "物业企业")
    assert (opening.source, opening.source_text) == ("O6", "微信群")
    assert opening.valid_until == date(2027, 1, 31)
    assert _read().findings == ()


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"工作省": "上海市", "工作市": "上海市", "工作区": "浦东新区"}, ("310000", "310000", "310115")),
        ({"工作省": "云南省", "工作市": "红河州", "工作区": "元阳县"}, ("530000", "532500", "532528")),
        ({"工作省": "广东", "工作市": "中山", "工作区": "石岐街道"}, ("440000", "442000", None)),
        ({"工作省": "广东省", "工作市": "东莞市", "工作区": "松山湖"}, ("440000", "441900", None)),
        ({"工作省": "广东省", "工作市": "惠州市", "工作区": "大亚湾"}, ("440000", "441300", None)),
        ({"工作省": "", "工作市": "", "工作区": "", "工作地点": "横琴"}, ("440000", "440400", None)),
        ({"工作省": "", "工作市": "", "工作区": "", "工作地点": "云南省曲靖市会泽县钟屏街道"}, ("530000", "530300", "530326")),
        ({"工作省": "", "工作市": "上海市", "工作区": ""}, ("310000", "310000", None)),
    ],
)
def test_places_as_people_write_them(cells: dict[str, str], codes: tuple[str, str, str | None]) -> None:
    opening = _opening(**cells).opening
    assert (opening.province_code, opening.city_code, opening.district_code) == codes
    assert opening.place == "".join(dict.fromkeys(cells.values()))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"用人单位": ""}, ("用人单位", "missing")),
        ({"岗位名称": " "}, ("岗位名称", "missing")),
        ({"工作省": "", "工作市": "", "工作区": ""}, ("工作区", "missing")),
        ({"工作省": "广东省", "工作市": "广州市", "工作区": "不存在县"}, ("工作区", "unknown_place")),
        ({"工作省": "", "工作市": "", "工作区": "", "工作地点": "月球基地"}, ("工作地点", "unknown_place")),
        ({"招聘人数": ""}, ("招聘人数", "missing")),
        ({"招聘人数": "若干"}, ("招聘人数", "bad_number")),
        ({"招聘人数": "2.5"}, ("招聘人数", "not_whole")),
        ({"招聘人数": "0"}, ("招聘人数", "out_of_range")),
        ({"招聘人数": "10001"}, ("招聘人数", "out_of_range")),
        ({"月薪上限": "99999999"}, ("月薪上限", "out_of_range")),
        ({"岗位编号": "9" * 65}, ("岗位编号", "too_long")),
        ({"岗位描述": "长" * 3999, "备注": "多"}, ("岗位描述", "too_long")),
    ],
)
def test_what_rejects_a_row(cells: dict[str, str], found: tuple[str, str]) -> None:
    reading = _read(**cells)
    assert reading.command is None
    assert _found(reading) == [("rejected", *found)]
    assert all(finding.reason for finding in reading.findings)


def test_everything_wrong_is_told_at_once() -> None:
    assert len(_found(_read(用人单位="", 岗位名称="", 招聘人数="", 工作省="", 工作市="", 工作区=""))) == 4


def test_an_expired_row_is_taken_with_a_warning() -> None:
    reading = _read(有效期至="2026年10月31日")
    assert reading.command is not None
    assert reading.command.opening.valid_until == date(2026, 10, 31)
    assert _found(reading) == [("warning", "有效期至", "expired")]


@pytest.mark.parametrize("spelled", ["2027-01-31", "2027/1/31", "2027.1.31", "20270131", "2027年1月31日", "46418"])
def test_dates_in_the_usual_spellings(spelled: str) -> None:
    assert _opening(有效期至=spelled).opening.valid_until == date(2027, 1, 31)


def test_a_date_that_nobody_can_read_is_a_warning() -> None:
    reading = _read(有效期至="长期有效")
    assert reading.command is not None
    assert _found(reading) == [("warning", "有效期至", "bad_date")]


def test_swapped_pay_is_put_right_with_a_warning() -> None:
    reading = _read(月薪下限="6000", 月薪上限="5000")
    assert reading.command is not None
    assert (reading.command.opening.pay_min, reading.command.opening.pay_max) == (5000.0, 6000.0)
    assert _found(reading) == [("warning", "月薪上限", "pay_swapped")]


def test_unknown_kinds_keep_their_words() -> None:
    opening = _opening(单位类型="非遗工坊", 来源="村口喇叭").opening
    assert (opening.employer_kind, opening.employer_kind_text) == (None, "非遗工坊")
    assert (opening.source, opening.source_text) == (None, "村口喇叭")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("5000-6000", (5000, 6000)),
        ("5000～6000元/月", (5000, 6000)),
        ("５０００—６０００", (5000, 6000)),
        ("5千到6千", (5000, 6000)),
        ("￥5000-￥6000", (5000, 6000)),
        ("5-6千", (5000, 6000)),
        ("0.5万至0.8万", (5000, 8000)),
        ("6,000元以上", (6000, None)),
        ("6000起", (6000, None)),
        ("6000以下", (None, 6000)),
        ("月薪6000元", (6000, None)),
        ("面议", (None, None)),
        ("130元/天", (None, None)),
        ("26天一单9800", (None, None)),
        ("25元/小时", (None, None)),
        ("底薪5000，满月全勤100", (None, None)),
        ("100万-200万", (None, None)),
        ("", (None, None)),
    ],
)
def test_pay_in_one_cell(text: str, bounds: tuple[float | None, float | None]) -> None:
    assert monthly_pay(text) == bounds


def test_one_pay_cell_keeps_its_words() -> None:
    opening = _opening(月薪下限="", 月薪上限="", 月薪="5000-6000，做满加500", 岗位描述="巡逻", 备注="急").opening
    assert (opening.pay_min, opening.pay_max) == (None, None)
    assert opening.words.description == "巡逻\n薪资：5000-6000，做满加500\n急"


def test_a_row_is_known_by_its_number_or_else_by_all_it_says() -> None:
    assert _opening().known_by == "P001"
    assert _read().key == _read(招聘人数="5").key
    nameless = [_read(岗位编号="", 招聘人数=number) for number in ("5", "5", "6")]
    assert nameless[0].key == nameless[1].key != nameless[2].key
    assert _read().key != _read(用人单位="别家公司").key
    assert _read(用人单位=" 东莞市虎嶂保安服务 有限公司").key == _read().key


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("* 企业名称", "用人单位"),
        ("工种", "岗位名称"),
        ("需求人数（人）", "招聘人数"),
        ("工资待遇", "月薪"),
        ("包吃住", "食宿"),
    ],
)
def test_headings_by_what_people_call_them(said: str, heading: str) -> None:
    assert HEADINGS.find(said) == heading
