"""The error tree. Every error that a caller can meet is a Problem (RFC 9457): a stable code for programs, Chinese for people.

Problem
├── BadRequest 400           InvalidInput 400 (field errors)   UnknownCode 400 (a code outside its vocabulary)
├── Unauthenticated 401      Forbidden 403
├── NotFound 404             Conflict 409      Gone 410
├── VersionMismatch 412      TooLarge 413      UnsupportedType 415     Unprocessable 422
├── PreconditionRequired 428           TooManyRequests 429 (Retry-After)
└── Unavailable 503 (Retry-After)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: `pointer` is its JSON pointer, `code` stable, `detail` Chinese. Never the value itself."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):
    """A refusal that the caller is told about.

    `code` is stable and documented; `title` is the same sentence for every case of the code; `detail` speaks of this case.
    """

    status: ClassVar[int] = 500
    code: str = "internal"
    title: ClassVar[str] = "系统出错了，请稍后再试"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s


class BadRequest(Problem):
    status = 400
    code = "bad_request"
    title = "请求有误"


class InvalidInput(BadRequest):
    code = "invalid_input"
    title = "填写的内容有误"


class UnknownCode(BadRequest):
    code = "unknown_code"
    title = "代码不在目录里"


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"
    title = "请先出示有效的凭证"


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = "没有这项操作的权限"


class NotFound(Problem):
    status = 404
    code = "not_found"
    title = "没有找到"


class MethodNotAllowed(Problem):
    status = 405
    code = "method_not_allowed"
    title = "这个地址不支持这种操作"


class Conflict(Problem):
    status = 409
    code = "conflict"
    title = "与已有的记录冲突"


class Gone(Problem):
    status = 410
    code = "gone"
    title = "已不再保存"


class VersionMismatch(Problem):
    status = 412
    code = "version_mismatch"
    title = "记录已被别人改过，请先取最新的一份"


class TooLarge(Problem):
    status = 413
    code = "too_large"
    title = "内容太大"


class UnsupportedType(Problem):
    status = 415
    code = "unsupported_media_type"
    title = "不支持这种内容类型"


class Unprocessable(Problem):
    status = 422
    code = "unprocessable"
    title = "内容无法处理"


class PreconditionRequired(Problem):
    status = 428
    code = "precondition_required"
    title = "修改前请用 If-Match 带上版本"


class TooManyRequests(Problem):
    status = 429
    code = "too_many_requests"
    title = "请求太多"


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    title = "暂时无法服务，请稍后再试"
