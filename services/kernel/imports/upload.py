"""The file in a request: a multipart form's `file`, or the raw body. It stays in memory, never in a temporary file in clear."""

from typing import Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.kernel.errors import BadRequest, FieldError, InvalidInput
from services.kernel.http.admission import FORM
from services.kernel.imports.imports import UPLOAD_LIMIT

_FIELD: Final = "file"
_MOST_FIELDS: Final = 4


async def uploaded(request: Request, filename: str) -> tuple[bytes, str]:
    """The file's bytes and name; `filename` names a raw body. Raises InvalidInput when there is no file in the form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return await request.body(), filename
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    parser.spool_max_size = 2 * UPLOAD_LIMIT  # never reached: the door counts the body's bytes
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError) as malformed:
        raise BadRequest("上传的表单读不懂") from malformed
    try:
        file = form.get(_FIELD)
        if not isinstance(file, UploadFile):
            error = FieldError(f"/{_FIELD}", "missing", "请用字段 file 上传表格文件")
            raise InvalidInput(error.detail, errors=[error])
        return await file.read(), file.filename or filename
    finally:
        await form.close()
