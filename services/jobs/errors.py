"""What the jobs service refuses beyond the kernel's problems."""

from services.kernel.errors import Conflict, Forbidden, NotFound


class PostingNotFound(NotFound):
    """There is no such posting."""

    code = "posting_not_found"
    title = "没有这个岗位"


class OutsideRegion(Forbidden):
    """A posting is published, and moved, only within the places that the caller looks after."""

    code = "outside_region"
    title = "工作地点不在您负责的地区内"


class PostingExists(Conflict):
    """The employer already has a posting of this number."""

    code = "posting_exists"
    title = "该单位已有同一编号的岗位"


class PostingWithdrawn(Conflict):
    """A withdrawn posting is closed for good: it can be read, not changed."""

    code = "posting_withdrawn"
    title = "岗位已撤回，不能再修改"
