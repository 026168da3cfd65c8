"""The register of a county bureau, twelve of its rows dirty: every row is accounted for, and a second time changes nothing."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import orjson

from services.contracts.events import WORKER_CHANGED, WorkerChanged
from services.kernel.imports.headings import REASON_HEADING, ROW_HEADING
from tests.builders import STAFF, TODAY
from tests.registers import HEADINGS, REGISTER, desk, person, saved, table, xlsx

REJECTED = {
    143: ("身份证号", "duplicate_in_file"),
    144: ("身份证号", "identity_check_digit"),
    145: ("身份证号", "identity_length"),
    146: ("身份证号", "missing"),
    147: ("姓名", "missing"),
    149: ("身份证号", "under_16"),
    150: ("身份证号", "identity_birth_date"),
    151: ("性别", "sex_mismatch"),
    152: ("县", "unknown_county"),
}
WARNED = {
    148: ("联系电话", "implausible_phone"),
    153: ("户类型", "unknown_household_category"),
    154: ("期望月薪", "formula_ignored"),
}
EMPTY_ROW = 63


async def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(REGISTER.read_bytes(), "劳动力台账.xlsx")
        found = {finding.row: (finding.column, finding.code) for finding in view.report.findings}
        assert (view.state, view.accepted, view.warned, view.rejected) == ("done", 143, 3, 9)
        assert (view.rows_total, view.rows_done, view.created) == (152, 152, 143)
        assert found == REJECTED | WARNED
        assert EMPTY_ROW not in found
        assert view.report.unknown_headings == []
        assert {note.code for note in view.report.notes} == {"full_width", "letter_case", "blanks_removed", "unknown_area"}
        assert await workers.count("workers") == await workers.count("outbox") == 143


async def test_importing_it_again_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(REGISTER.read_bytes())
        before = await workers.rows("workers")
        again = await workers.take(REGISTER.read_bytes())
        assert (again.accepted, again.warned, again.rejected) == (143, 3, 9)
        assert (again.created, again.changed, again.unchanged) == (0, 0, 143)
        assert await workers.rows("workers") == before
        assert await workers.count("outbox") == 143


async def test_identifiers_are_in_no_file_no_event_and_no_report(tmp_path: Path) -> None:
    people = [row for row in _lines(REGISTER.read_bytes()) if row["序号"]]
    canaries = {row[column] for row in people for column in ("身份证号", "联系电话")} - {"", "138"}
    assert len(canaries) > 250
    async with desk(tmp_path) as workers:
        view = await workers.take(REGISTER.read_bytes())
        told = [WorkerChanged.model_validate_json(row.value) for row in await workers.rows("outbox")]
    stored = _everything_in(tmp_path)
    for place in (stored, view.model_dump_json().encode()):
        assert [canary for canary in canaries if canary.encode() in place] == []
    # Nor does an event tell anybody's name: not the person's own, not that of the sister who comes along.
    names = {row["姓名"] for row in people} - {""}
    assert [(event.number, name) for event in told for name in names if name in event.model_dump_json()] == []
    assert "高血压，一天一片药".encode() not in stored


async def test_events_carry_what_matching_needs(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(REGISTER.read_bytes())
        rows = await workers.rows("outbox")
    assert {row.headers["ce_type"] for row in rows} == {WORKER_CHANGED}
    events = {event.number: event for event in (WorkerChanged.model_validate_json(row.value) for row in rows)}
    event = events["W003"]
    assert (event.masked_name, event.county_code, event.education, event.mandarin) == ("杨**", "530326", "E1", "M1")
    assert event.words.intention_occupations == "放羊，给人看羊子"
    assert (event.household_category, event.relocated, event.basis) == ("HS02", False, "statutory_register")
    assert events["W026-12"].words.intention_pay == ""
    fields = set(orjson.loads(rows[0].value))
    assert not fields & {"sex", "ethnicity", "phone", "identity_number", "name", "health"}


async def test_the_rejected_rows_come_back_corrected(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(REGISTER.read_bytes())
        content = await workers.imports.rejected_sheet(view.id, STAFF)
        lines = _lines(content)
        assert [int(line[ROW_HEADING]) for line in lines] == sorted(REJECTED)
        assert all(line[REASON_HEADING].startswith(REJECTED[int(line[ROW_HEADING])][0]) for line in lines)
        unknown = next(index for index, line in enumerate(lines) if line["县"] == "不存在县")
        assert lines[unknown]["身份证号"] == "539906199101112643"
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.worksheets[0].cell(unknown + 2, list(lines[0]).index("县") + 1).value = "镇雄县"
        again = await workers.take(saved(book))
        assert (again.created, again.rejected) == (1, 7)
        assert again.changed + again.unchanged == 1  # row 143 stands alone in this sheet: a newer row about somebody held
        assert again.report.unknown_headings == []


def _lines(content: bytes) -> list[dict[str, str]]:
    heading, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [{str(name): str(cell or "") for name, cell in zip(heading, row, strict=True)} for row in rows]


def _everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name != "vault.key")


async def test_cells_that_look_like_formulas_come_back_as_text(tmp_path: Path) -> None:
    rows = table([person(身份证号="", 备注='=HYPERLINK("http://x")'), person(身份证号="", 备注="+cmd|' /C calc'!A0")])
    book = openpyxl.Workbook()
    assert book.active is not None
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            book.active.cell(number, column).value = cell
            book.active.cell(number, column).data_type = "s"
    async with desk(tmp_path) as workers:
        view = await workers.take(saved(book))
        sheet = openpyxl.load_workbook(io.BytesIO(await workers.imports.rejected_sheet(view.id, STAFF))).worksheets[0]
    assert view.rejected == 2
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert [cell.value for cell in sheet["L"]][1:] == ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0"]


async def test_a_changed_row_is_a_new_version_and_a_blank_cell_forgets_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(xlsx(table([person(1), person(2)])))
        view = await workers.take(xlsx(table([person(1, 意向工种="保安", 联系电话=""), person(2)])))
        assert (view.changed, view.unchanged) == (1, 1)
        rows = {row.number: row for row in await workers.rows("workers")}
        assert (rows["A0001"].version, rows["A0002"].version) == (2, 1)
        held = await workers.held("A0001")
        assert (held.profile.words.intention_occupations, held.profile.phone) == ("保安", "15400000001")
        assert await workers.count("outbox") == 3


async def test_a_sheet_without_a_column_forgets_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(xlsx(table([person(1)])))
        view = await workers.take(xlsx(table([person(1)], headings=("姓名", "身份证号", "县", "备注"))))
        assert view.unchanged == 1
        assert (await workers.held("A0001")).profile.words.intention_occupations == "保洁"


async def test_an_intention_is_as_old_as_the_sheet_says_and_else_as_its_import(tmp_path: Path) -> None:
    headings = (*HEADINGS, "摸底日期")
    asked = [person(1, 摸底日期="2026年3月5日"), person(2), person(3, 摸底日期="2027-01-01"), person(4, 意向工种="")]
    async with desk(tmp_path) as workers:
        view = await workers.take(xlsx(table(asked, headings)))
        assert {(finding.row, finding.code) for finding in view.report.findings} == {(4, "date_to_come")}
        confirmed = {row.number: row.intention_confirmed_on for row in await workers.rows("workers")}
        assert confirmed == {"A0001": date(2026, 3, 5), "A0002": TODAY, "A0003": TODAY, "A0004": None}
        # Written anew, the intention is newly told; a sheet that tells the same later makes nothing fresher.
        again = await workers.take(xlsx(table([person(1, 意向工种="保安"), person(2, 备注="改了")])))
        assert again.changed == 2
        assert (await workers.held("A0001")).profile.intention_confirmed_on == TODAY
