"""Messy sheets, as they come: all of them hold the same two people, and all of them give the same two people."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from tests.registers import HEADINGS, csv_file, desk, identity_number, person, saved, table, xls, xlsx

BORN = date(1990, 5, 17)
PEOPLE = [
    person(1, 姓名="余德珍", 性别="男", 身份证号=identity_number(BORN, 1)),
    person(2, 姓名="阿依·古丽", 性别="女", 身份证号=identity_number(BORN, 2), 户类型="一般农户", 备注="住校，周末回"),
]
ROWS = table(PEOPLE)
TITLE = ["2026年镇雄县农村劳动力台账"]


def _replaced(**cells: Any) -> list[dict[str, Any]]:
    return [row | cells for row in PEOPLE]


def _with_merged_title() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([TITLE, ["填报单位：县人社局"], [], *ROWS])))
    book.worksheets[0].merge_cells("A1:L1")
    book.worksheets[0].merge_cells("A2:L2")
    return saved(book)


def _with_merged_counties() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    sheet = book.worksheets[0]
    sheet.merge_cells("F2:F3")
    sheet.merge_cells("G2:G3")
    return saved(book)


def _with_two_heading_rows() -> bytes:
    upper = ["序号", "基本信息", "", "", "", "居住地", "", "", "户类型", "文化程度", "意向工种", "备注"]
    lower = ["", "姓名", "性别", "身份证号", "联系电话", "州市", "县", "乡镇", "", "", "", ""]
    return xlsx([TITLE, upper, lower, *ROWS[1:]])


def _away_from_the_corner() -> bytes:
    return xlsx([[], [], *([["", "", *row] for row in ROWS])])


def _with_hidden_columns_and_rows() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    sheet = book.worksheets[0]
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[3].hidden = True
    return saved(book)


def _with_numbers_in_cells() -> bytes:
    rows = [row | {"联系电话": float(row["联系电话"]), "序号": float(index)} for index, row in enumerate(PEOPLE, start=1)]
    return xlsx(table(rows))


def _with_lying_dimension() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    book.worksheets[0].cell(90_000, 20).font = Font(bold=True)  # formatted, but empty
    return saved(book)


def _with_formula_strings() -> bytes:
    return csv_file([ROWS[0], *([*row[:3], f'="{row[3]}"', *row[4:]] for row in ROWS[1:])], "utf-8")


def _xls_with_dates() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for column, heading in enumerate((*HEADINGS, "出生日期")):
        sheet.write(0, column, heading)
    for line, row in enumerate(ROWS[1:], start=1):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
        sheet.write(line, len(HEADINGS), datetime(1990, 5, 17), xlwt.easyxf(num_format_str="YYYY/M/D"))  # noqa: DTZ001
    return saved(book)


SHEETS: dict[str, Callable[[], bytes]] = {
    "plain": lambda: xlsx(ROWS),
    "title_rows": lambda: xlsx([TITLE, ["填报单位：县人社局", "", "单位：人"], [], *ROWS]),
    "merged_title": _with_merged_title,
    "merged_counties": _with_merged_counties,
    "two_heading_rows": _with_two_heading_rows,
    "away_from_the_corner": _away_from_the_corner,
    "blank_rows_between": lambda: xlsx([ROWS[0], [], ROWS[1], ["", "  "], ROWS[2], []]),
    "headings_again_halfway": lambda: xlsx([*ROWS[:2], ROWS[0], ROWS[2]]),
    "remarks_below": lambda: xlsx([*ROWS, [], ["填表人：王某", "", "审核：李某"]]),
    "second_sheet": lambda: xlsx([["说明"], ["请勿修改表头"]], ROWS, [["附表"]], names=("填表说明", "台账", "附表")),
    "hidden": _with_hidden_columns_and_rows,
    "numbers": _with_numbers_in_cells,
    "formatted_far_away": _with_lying_dimension,
    "synonyms": lambda: xlsx(
        table(
            [{"公民身份号码": row["身份证号"], "手机号": row["联系电话"], "县（市、区）": row["县"], **row} for row in PEOPLE],
            ("编号", "*姓 名", "性别", "公民身份号码", "手机号", "州（市）", "县（市、区）", "乡镇"),
        )[:1]
        + [[row[name] for name in ("序号", "姓名", "性别", "身份证号", "联系电话", "州市", "县", "乡镇")] for row in PEOPLE]
    ),
    "address_only": lambda: xlsx(
        [["姓名", "证件号码", "家庭住址"], *([row["姓名"], row["身份证号"], "云南省昭通市镇雄县乌峰街道"] for row in PEOPLE)]
    ),
    "short_places": lambda: xlsx(table(_replaced(州市="昭通", 县="镇雄"))),
    "full_width": lambda: xlsx(
        table([row | {"身份证号": row["身份证号"].translate({48 + d: 0xFF10 + d for d in range(10)})} for row in PEOPLE])
    ),
    "apostrophes": lambda: xlsx(table([row | {"身份证号": "'" + row["身份证号"]} for row in PEOPLE])),
    "spaced": lambda: xlsx(
        table(
            [
                row | {"姓名": " ".join(row["姓名"]), "身份证号": row["身份证号"][:6] + " " + row["身份证号"][6:]}
                for row in PEOPLE
            ]
        )
    ),
    "xls": lambda: xls(ROWS),
    "xls_with_dates": _xls_with_dates,
    "csv_utf8": lambda: csv_file(ROWS, "utf-8"),
    "csv_utf8_bom": lambda: csv_file(ROWS, "utf-8-sig"),
    "csv_gb18030": lambda: csv_file(ROWS, "gb18030"),
    "csv_utf16_tabs": lambda: csv_file(ROWS, "utf-16", "\t"),
    "csv_semicolons": lambda: csv_file([TITLE, *ROWS], "gb18030", ";"),
    "csv_formula_strings": _with_formula_strings,
    "dates_1": lambda: xlsx(table(_replaced(出生日期="1990年5月17日"), (*HEADINGS, "出生日期"))),
    "dates_2": lambda: xlsx(table(_replaced(出生日期=BORN), (*HEADINGS, "出生日期"))),
    "months": lambda: xlsx(table(_replaced(出生日期="1990.05"), (*HEADINGS, "出生年月"))),
    "dates_3": lambda: xlsx(table(_replaced(出生日期=33010), (*HEADINGS, "出生年月日"))),
}


@pytest.mark.parametrize("name", SHEETS)
async def test_the_same_people_whatever_the_sheet(name: str, tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        # The name says .xlsx whatever the content is: clerks rename files.
        view = await workers.take(SHEETS[name](), "台账.xlsx")
        assert view.report.findings == []
        assert (view.state, view.accepted, view.warned, view.rejected) == ("done", 2, 0, 0)
        async with workers.store.read() as connection:
            found = [await workers.workers.by_identity_number(connection, row["身份证号"]) for row in PEOPLE]
    assert [worker and worker.profile.name for worker in found] == ["余德珍", "阿依·古丽"]
    assert {worker and worker.profile.county_code for worker in found} == {"530627"}
    assert {worker and worker.profile.township for worker in found} == {"乌峰街道"}


async def test_what_is_no_data_is_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        below = await workers.take(SHEETS["remarks_below"]())
        again = await workers.take(SHEETS["headings_again_halfway"]())
        second = await workers.take(SHEETS["second_sheet"]())
    assert [(line.row, line.text) for line in below.report.passed_over] == [(5, "填表人：王某 审核：李某")]
    assert [line.row for line in again.report.passed_over] == [3]
    assert (second.report.sheet, second.report.other_sheets) == ("台账", ["填表说明", "附表"])
    assert second.rows_total == 2


async def test_totals_and_signatures_below_the_table_are_no_people(tmp_path: Path) -> None:
    below = xlsx([*ROWS, ["合计", 2], [], ["填报人：李某", "审核人：王某"], ["注：以上人员均已核实"]])
    async with desk(tmp_path) as workers:
        view = await workers.take(below)
    assert (view.accepted, view.rejected) == (2, 0)
    assert [line.row for line in view.report.passed_over] == [4, 6, 7]


async def test_a_hidden_sheet_is_read_only_when_no_visible_one_will_do(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS[:2])))
    shown = book.create_sheet("现表")
    for row in ROWS:
        shown.append(row)
    hidden = book.worksheets[0]
    hidden.title, hidden.sheet_state = "去年", "hidden"
    book.active = 1
    async with desk(tmp_path) as workers:
        view = await workers.take(saved(book))
    assert (view.report.sheet, view.report.other_sheets, view.accepted) == ("现表", ["去年"], 2)


async def test_the_county_cell_means_a_county(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table([person(1, 州市="", 县="大理")])))
    assert (view.accepted, view.report.findings) == (1, [])


async def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx([[], TITLE, ROWS[0], [], [*ROWS[1][:3], "530", *ROWS[1][4:]], ROWS[2]]))
    assert [(finding.row, finding.value) for finding in view.report.findings] == [(5, "***")]


async def test_what_was_mended_is_a_note_and_no_warning(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(SHEETS["spaced"]())
    notes = {(note.column, note.code): (note.count, note.rows) for note in view.report.notes}
    assert notes["姓名", "blanks_removed"] == (2, [2, 3])
    assert notes["身份证号", "blanks_removed"] == (2, [2, 3])


async def test_a_formula_is_not_taken_for_a_value(tmp_path: Path) -> None:
    rows = [[*row] for row in ROWS]
    rows[1][10] = '=CONCATENATE("保","洁")'
    rows[2][3] = '="5399"&"01"'
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(rows))
        held = await workers.held("A0001")
    found = [(finding.row, finding.column, finding.severity, finding.code) for finding in view.report.findings]
    assert found == [
        (2, "意向工种", "warning", "formula_ignored"),
        (3, "身份证号", "rejected", "missing"),
        (3, "身份证号", "warning", "formula_ignored"),
    ]
    assert held.profile.words.intention_occupations == ""


async def test_numbers_that_lost_their_tail_are_rejected_with_the_reason(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table([person(1, 身份证号=float(identity_number()[:17] + "1"))])))
    assert [(finding.column, finding.code) for finding in view.report.findings] == [("身份证号", "digits_lost")]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"联系电话": "138"}, "联系电话", "implausible_phone"),
        ({"户类型": "特困人员?"}, "户类型", "unknown_household_category"),
        ({"州市": "曲靖市", "县": "镇雄县"}, "县", "county_elsewhere"),
        ({"出生日期": "1991-01-01"}, "出生日期", "birth_date_differs"),
        ({"出生日期": "1991年1月"}, "出生日期", "birth_date_differs"),
        ({"出生日期": "那年冬天"}, "出生日期", "bad_date"),
    ],
)
async def test_what_a_person_should_look_at_is_a_warning(cells: dict[str, Any], column: str, code: str, tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table([person(1, **cells)], (*HEADINGS, "出生日期"))))
    assert (view.accepted, view.warned, view.rejected) == (1, 1, 0)
    assert [(finding.column, finding.severity, finding.code) for finding in view.report.findings] == [(column, "warning", code)]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"县": "不存在县"}, "县", "unknown_county"),
        ({"县": "", "州市": ""}, "县", "missing"),
        ({"备注": "长" * 4001}, "备注", "too_long"),
        ({"身份证号": identity_number(date(2011, 1, 1), 1)}, "身份证号", "under_16"),
    ],
)
async def test_what_cannot_be_taken_is_rejected(cells: dict[str, Any], column: str, code: str, tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table([person(1, **cells)])))
        assert await workers.count("workers") == 0
    assert (view.accepted, view.rejected) == (0, 1)
    assert [(finding.column, finding.severity, finding.code) for finding in view.report.findings] == [
        (column, "rejected", code)
    ]


async def test_minors_of_working_age_are_taken(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table([person(1, 身份证号=identity_number(date(2010, 11, 1), 1))])))
    assert (view.accepted, view.warned) == (1, 0)


async def test_who_has_left_the_register_is_not_brought_back_by_a_sheet(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(xlsx(ROWS))
        held = await workers.held("A0001")
        async with workers.store.write() as connection:
            await workers.workers.change(connection, [held.withdraw("本人要求", held.changed_at)])
        view = await workers.take(xlsx(ROWS))
        assert (view.unchanged, view.rejected) == (1, 1)
        assert [finding.code for finding in view.report.findings] == ["withdrawn"]
        assert (await workers.held("A0001")).version == 2
