"""Why a whole file is refused: stable codes, with the sentence that tells the clerk what to do."""

from typing import Final, Literal, get_args

Code = Literal[
    "file_empty",
    "file_unsupported",
    "file_is_a_web_page",
    "file_damaged",
    "file_protected",
    "file_encoding",
    "sheet_too_large",
    "reading_too_slow",
    "headings_not_found",
    "headings_missing",
    "rows_failed",
    "source_gone",
]
CODES: Final[tuple[Code, ...]] = get_args(Code)

SENTENCES: Final[dict[Code, str]] = {
    "file_empty": "文件是空的，没有可以导入的内容",
    "file_unsupported": "不认识这种文件，请上传 .xlsx、.xls 或 .csv 表格",
    "file_is_a_web_page": "这个文件其实是网页或 XML，只是扩展名像表格；请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传",
    "file_damaged": "文件损坏，读不出来；请用 Excel 或 WPS 打开，另存一份再上传",
    "file_protected": "文件有打开密码；请取消密码（文件—信息—保护工作簿），保存后再上传",
    "file_encoding": "看不懂这个文本文件的编码；请另存为 .xlsx，或 UTF-8 编码的 .csv",
    "sheet_too_large": "表格范围太大（可能远处有零星单元格）；请删去多余的空行空列，或分成几个文件",
    "reading_too_slow": "读取超时；请把文件分成几份再上传",
    "headings_not_found": "没有找到表头行",
    "headings_missing": "表头里缺少必需的列",
    "rows_failed": "导入中途反复出错，已停止；前面的行已经导入",
    "source_gone": "导入中断，原文件已不在；请重新上传",
}


class FileRefused(Exception):
    """The file cannot be imported. `code` is stable; `detail` says, in Chinese, what this file lacks or holds."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code: Code = code
        self.detail = detail

    @property
    def sentence(self) -> str:
        """What the clerk reads."""
        return f"{SENTENCES[self.code]}。{self.detail}" if self.detail else SENTENCES[self.code]
