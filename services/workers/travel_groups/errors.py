"""What is refused about groups."""

from services.kernel.errors import Conflict, NotFound


class GroupNotFound(NotFound):
    """There is no such group, or none of its members is in scope."""

    code = "group_not_found"
    title = "没有这个同行小组"


class InAnotherGroup(Conflict):
    """Somebody goes with others already."""

    code = "in_another_group"
    title = "有人已在别的同行小组里"
