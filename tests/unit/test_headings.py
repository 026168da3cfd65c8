"""Headings: found under title rows, by the names that people really write."""

from pathlib import Path

import pytest

from services.kernel.imports.headings import OWN_HEADINGS, HeadingTable, find_heading_row
from services.workers.register import HEADINGS

TITLE = ["2026年镇雄县农村劳动力转移就业台账", "", ""]
REMARK = ["填报单位：镇雄县人社局", "", "填报时间：2026年11月1日"]


@pytest.mark.parametrize(
    ("cell", "heading"),
    [
        ("身份证号", "身份证号"),
        ("公民身份号码", "身份证号"),
        ("证件号码", "身份证号"),
        ("* 身份证 号码：", "身份证号"),
        ("身份证号码（必填）", "身份证号"),
        ("姓　名", "姓名"),
        ("期望工资(元/月)", "期望月薪"),
        ("期望工资（元／月）", "期望月薪"),
        ("手机号", "联系电话"),
        ("州（市）", "州市"),
        ("县（市、区）", "县"),
        ("是否易地扶贫搬迁", "易地搬迁"),
        ("受教育程度", "文化程度"),
        ("星座", None),
        ("", None),
    ],
)
def test_synonyms(cell: str, heading: str | None) -> None:
    assert HEADINGS.find(cell) == heading


def test_every_canonical_heading_finds_itself() -> None:
    assert {heading: HEADINGS.find(heading) for heading in HEADINGS.headings} == {h: h for h in HEADINGS.headings}


def test_a_synonym_under_two_headings_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "headings.csv"
    table.write_text("heading,kind,required,synonyms\n电话,phone,no,号码\n证件,plain,no,号 码\n", "utf-8")
    with pytest.raises(ValueError, match="号 码"):
        HeadingTable.load(table)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "headings.csv"
    table.write_text("heading,kind,required,synonyms\n电话,secret,no,\n", "utf-8")
    with pytest.raises(ValueError, match="secret"):
        HeadingTable.load(table)


def test_the_heading_row_is_found_below_title_rows() -> None:
    found = find_heading_row(HEADINGS, [TITLE, [], REMARK, ["序号", "姓名", "身份证号"], ["1", "张三", "5"]])
    assert found is not None
    assert found.first_data == 4
    assert found.row.columns == {"序号": 0, "姓名": 1, "身份证号": 2}


def test_two_heading_rows_are_read_as_one() -> None:
    upper = ["序号", "基本信息", "", "", "求职意向", ""]
    lower = ["", "姓名", "身份证号", "联系电话", "意向工种", "期望月薪"]
    found = find_heading_row(HEADINGS, [TITLE, upper, lower, ["1", "张三", "5", "1", "保洁", "3000"]])
    assert found is not None
    assert found.first_data == 3
    assert list(found.row.columns) == ["序号", "姓名", "身份证号", "联系电话", "意向工种", "期望月薪"]


def test_data_that_spells_a_heading_stays_data() -> None:
    rows = [["姓名", "身份证号", "星座"], ["张三", "5", "电话"], ["李四", "6", "备注"]]
    found = find_heading_row(HEADINGS, rows)
    assert found is not None
    assert found.first_data == 1


def test_rows_without_headings_are_none() -> None:
    assert find_heading_row(HEADINGS, [TITLE, ["张三", "5"], ["姓名", "6"]]) is None
    assert find_heading_row(HEADINGS, []) is None


def test_unknown_and_repeated_headings_are_told() -> None:
    row = HEADINGS.recognise(["姓名", "星座", "手机", "联系方式", "", *OWN_HEADINGS])
    assert row.unknown == ("星座",)
    assert row.repeated == ("联系方式",)
    assert row.columns == {"姓名": 0, "联系电话": 2}
    assert HEADINGS.missing(row) == ("身份证号",)
