"""ETags from versions: `"3"`. A change must say which version it saw (RFC 9110 section 13, RFC 6585 section 3)."""

import re
from typing import Annotated, Final

from fastapi import Header, Request, Response

from services.kernel.errors import BadRequest, FieldError, PreconditionRequired, VersionMismatch

_STRONG: Final = re.compile(r'"([1-9][0-9]{0,17})"')


def etag(version: int) -> str:
    """The entity tag of an aggregate's version."""
    return f'"{version}"'


async def expected_version(
    if_match: Annotated[str | None, Header(description='the ETag that was read, e.g. "3"')] = None,
) -> int:
    """The version in If-Match: `Annotated[int, Depends(expected_version)]`. Raises PreconditionRequired when the header is
    missing, BadRequest when it is not one strong tag of ours (`*` would overwrite what was never seen)."""
    if if_match is None:
        raise PreconditionRequired()
    tag = _STRONG.fullmatch(if_match.strip())
    if tag is None:
        error = FieldError("header:if-match", "malformed_etag", '应为读取时得到的 ETag，如 "3"')
        raise BadRequest(error.detail, code="malformed_etag", errors=[error])
    return int(tag[1])


def check_version(expected: int, present: int) -> None:
    """Raises VersionMismatch unless the caller saw the present version."""
    if expected != present:
        raise VersionMismatch(f"现在是第 {present} 版")


def not_modified(request: Request, version: int) -> Response | None:
    """304 when the caller's If-None-Match holds this version, else None. Weak comparison, as RFC 9110 asks of reads."""
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag(version) in tags or tags == ["*"]:
        return Response(status_code=304, headers={"ETag": etag(version)})
    return None
