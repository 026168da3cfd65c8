"""What a file really is, whatever its name says; and the text of a CSV file."""

import csv
import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Final, Literal

from services.kernel.imports.refusal import FileRefused

Format = Literal["xlsx", "xls", "csv"]

ROW_LIMIT: Final = 300_000
COLUMN_LIMIT: Final = 512
UNPACKED_LIMIT: Final = 600 * 1024 * 1024
"""Bytes that a workbook may unpack to. 100,000 rows of 28 columns are about 150 MB of XML."""
_RATIO_LIMIT: Final = 400
_CELL_LIMIT: Final = 1_000_000

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_COMPOUND: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_XLS_GLOBALS: Final = bytes.fromhex("0908100000060500")
_FILE_PASS: Final = 0x2F
_RECORDS_BEFORE_FILE_PASS: Final = 5
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_MARKUP: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<head", b"<meta")
_DELIMITERS: Final = (",", "\t", ";", "|")
_SNIFFED_LINES: Final = 20


def recognise(content: bytes) -> Format:
    """The format by the content's first bytes. Raises FileRefused for what is empty, protected or none of the three."""
    if not content.strip(b"\0\r\n\t "):
        raise FileRefused("file_empty")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        check_archive(content)
        return "xlsx"
    if content.startswith(_COMPOUND):
        if _ENCRYPTED_PACKAGE in content or _has_file_pass(content):
            raise FileRefused("file_protected")
        return "xls"
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        raise FileRefused("file_is_a_web_page")
    if b"\0" in content[:4096] and not content.startswith(_UTF16):
        raise FileRefused("file_unsupported")
    return "csv"


def _has_file_pass(content: bytes) -> bool:
    """Whether an Excel 97 workbook is encrypted: a FILEPASS record soon after the globals' BOF ([MS-XLS] 2.4.117)."""
    start = content.find(_XLS_GLOBALS)
    for _ in range(_RECORDS_BEFORE_FILE_PASS):
        if start < 0 or start + 4 > len(content):
            return False
        kind, length = struct.unpack_from("<HH", content, start)
        if kind == _FILE_PASS:
            return True
        start += 4 + length
    return False


def check_archive(content: bytes) -> None:
    """Refuse what is no workbook and what would unpack to too much (zip bombs, by the sizes declared and by ratio)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as damaged:
        raise FileRefused("file_damaged") from damaged
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names and not any(name.lower().endswith("workbook.xml") for name in names):
        raise FileRefused("file_unsupported", "压缩包里没有 .xlsx 工作簿")
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_LIMIT or unpacked > max(len(content), 65536) * _RATIO_LIMIT:
        raise FileRefused("sheet_too_large", "压缩后的内容展开后过大")


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file in UTF-8 (with BOM or not), UTF-16 with BOM, or GB18030.

    Raises FileRefused, before the first row, when the bytes are none of them, the quoting runs away or there is too much.
    """
    text = _decoded(content)
    delimiter = _delimiter(text)
    csv.field_size_limit(_CELL_LIMIT)
    try:
        rows, columns = 0, 0
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows, columns = rows + 1, max(columns, len(row))
    except csv.Error as broken:
        raise FileRefused("file_damaged", "引号不成对，或一格太长") from broken
    if rows > ROW_LIMIT or columns > COLUMN_LIMIT:
        raise FileRefused("sheet_too_large", f"有 {rows} 行 {columns} 列")
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("file_encoding")


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first lines; a comma when none does."""
    start = "\n".join(text.splitlines()[:_SNIFFED_LINES]) if len(text) < _CELL_LIMIT else text[:_CELL_LIMIT]
    return max(_DELIMITERS, key=start.count)
