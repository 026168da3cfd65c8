"""What the jobs service refuses beyond the kernel's problems."""

from services.jobs.verdict import Verdict
from services.kernel.errors import Conflict, FieldError, Forbidden, Gone, NotFound, Unprocessable


class PostingNotFound(NotFound):
    """There is no such posting, or it is another employer's."""

    code = "posting_not_found"
    title = "没有这个岗位"


class OutsideRegion(Forbidden):
    """A posting is published, and moved, only within the places that the caller looks after."""

    code = "outside_region"
    title = "工作地点不在您负责的地区内"


class PostingExists(Conflict):
    """The employer already has a posting of this number or external reference."""

    code = "posting_exists"
    title = "该单位已有同一编号的岗位"


class PostingWithdrawn(Conflict):
    """A withdrawn posting is closed for good: it can be read, not changed."""

    code = "posting_withdrawn"
    title = "岗位已撤回，不能再修改"


class WrongState(Conflict):
    """The posting is not in a state from which this can be done."""

    code = "wrong_state"
    title = "岗位现在的状态不允许这样做"


class PostingUnlawful(Unprocessable):
    """What is to be shown says something that the law forbids; every finding is named."""

    code = "posting_unlawful"
    title = "岗位内容有违法之处，不能发布"

    def __init__(self, verdict: Verdict) -> None:
        errors = [
            FieldError(f"/{finding.field}", finding.category, f"{finding.reason}（{finding.article}）")
            for finding in verdict.findings
            if finding.severity == "blocks"
        ]
        super().__init__("；".join(error.detail for error in errors[:3]), errors=errors)


class EmployerNotFound(NotFound):
    """There is no such employer, or it is not the caller's."""

    code = "employer_not_found"
    title = "没有这个用人单位"


class EmployerExists(Conflict):
    """An employer of this name or 统一社会信用代码 is registered already."""

    code = "employer_exists"
    title = "这个用人单位已登记"


class EmployerSuspended(Conflict):
    """A suspended or blacklisted employer publishes nothing."""

    code = "employer_suspended"
    title = "该单位已被停用，暂不能发布岗位"


class CursorExpired(Gone):
    """What followed this cursor is kept no longer: begin again with a snapshot."""

    code = "cursor_expired"
    title = "这个位置之后的变更已不再保存，请重新取一份全量"


class PairDecided(Conflict):
    """Somebody decided about this pair before."""

    code = "pair_decided"
    title = "这一对岗位已经处理过了"
