"""Files that cannot be imported: each is refused with a code and a sentence, and none of them harms the server."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from services.kernel.imports import formats
from services.kernel.imports.refusal import FileRefused
from tests.registers import desk, person, saved, table, xls, xlsx

GOOD = xlsx(table([person(1)]))


def _sparse(row: int, column: int) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.worksheets[0].cell(row, column).value = "远"
    return saved(book)


def _lying_dimension(reference: str) -> bytes:
    return _rewritten(
        _sparse(1_048_576, 16_384),
        lambda xml: xml.replace(b'<dimension ref="A1:XFD1048576"', f'<dimension ref="{reference}"'.encode()),
    )


def _rewritten(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, change(text) if member.startswith("xl/worksheets/") else text)
    return output.getvalue()


def _zip_bomb() -> bytes:
    return _rewritten(GOOD, lambda xml: xml + b" " * 200_000_000)


def _encrypted_xls() -> bytes:
    """The record after the globals' BOF turned into FILEPASS (0x2F), which says that what follows is encrypted."""
    content = bytearray(xls(table([person(1)])))
    bof = content.index(bytes.fromhex("09081000"))
    content[bof + 20 : bof + 22] = (0x2F).to_bytes(2, "little")
    return bytes(content)


def _encrypted_xlsx() -> bytes:
    directory_entry = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
    return bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + directory_entry + bytes(512)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("file_empty", lambda: b""),
    "blank": ("file_empty", lambda: b"\r\n \r\n"),
    "picture": ("file_unsupported", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200)),
    "other_archive": ("file_unsupported", lambda: _archive("readme.txt", b"x")),
    "web_page": ("file_is_a_web_page", lambda: "<html><table><tr><td>姓名</td></tr></table></html>".encode("gb18030")),
    "xml_spreadsheet": ("file_is_a_web_page", lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>'),
    "torn_archive": ("file_damaged", lambda: GOOD[: len(GOOD) // 2]),
    "damaged_sheet": ("file_damaged", lambda: _rewritten(GOOD, lambda xml: xml[: len(xml) // 2])),
    "damaged_xls": ("file_damaged", lambda: xls(table([person(1)]))[:1000]),
    "protected_xlsx": ("file_protected", _encrypted_xlsx),
    "protected_xls": ("file_protected", _encrypted_xls),
    "unknown_encoding": ("file_encoding", lambda: "姓名,身份证号\n".encode("gb18030") + b"\xff\xff\xff"),
    "runaway_quotes": ("file_damaged", lambda: '姓名,身份证号\n"'.encode() + b"x" * 1_100_000),
    "sparse": ("sheet_too_large", lambda: _sparse(1_048_576, 16_384)),
    "sparse_tall": ("sheet_too_large", lambda: _sparse(1_048_576, 1)),
    "sparse_wide": ("sheet_too_large", lambda: _sparse(1, 16_384)),
    "sparse_lying": ("sheet_too_large", lambda: _lying_dimension("A1:L2")),
    "many_rows": ("sheet_too_large", lambda: "姓名,身份证号\n".encode() + b"a,b\n" * formats.ROW_LIMIT),
    "zip_bomb": ("sheet_too_large", _zip_bomb),
    "no_headings": ("headings_not_found", lambda: xlsx([["张三", "5"], ["李四", "6"]])),
    "no_sheet": ("headings_not_found", lambda: xlsx([])),
    "headings_missing": ("headings_missing", lambda: xlsx([["序号", "姓名", "星座"], ["1", "张三", "狮子座"]])),
}


def _archive(name: str, content: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_imported_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    code, content = REFUSED[name]
    async with desk(tmp_path) as workers:
        view = await workers.take(content(), "台账.xlsx")
        assert view.state == "refused"
        assert view.refusal is not None
        assert (view.refusal.code, view.rows_done) == (code, 0)
        assert any("\u4e00" <= character <= "\u9fff" for character in view.refusal.detail)
        # The import after it is none the worse, and the refused bytes are not kept.
        assert (await workers.take(GOOD)).accepted == 1
        assert await workers.count("import_files") == 0


async def test_missing_headings_are_told_with_those_found(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        view = await workers.take(REFUSED["headings_missing"][1]())
    assert view.refusal is not None
    assert "缺少：身份证号；找到的表头：序号、姓名、星座" in view.refusal.detail


def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "UNPACKED_LIMIT", 1000)
    with pytest.raises(FileRefused) as refused:
        formats.recognise(GOOD)
    assert refused.value.code == "sheet_too_large"
