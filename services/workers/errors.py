"""What the workers service refuses beyond the kernel's problems."""

from services.kernel.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from services.workers.violation import Violation


class WorkerNotFound(NotFound):
    """There is no such worker."""

    code = "worker_not_found"
    title = "没有这个人"


class WorkerExists(Conflict):
    """The identity number is registered already."""

    code = "worker_exists"
    title = "这个身份证号已经登记过"


class WorkerWithdrawn(Conflict):
    """A record that was withdrawn can be read, not changed; registering again brings it back."""

    code = "worker_withdrawn"
    title = "此人已退出登记，不能修改"


class OutsideRegion(Forbidden):
    """A person is registered, and moved, only within the regions that the caller serves."""

    code = "outside_region"
    title = "这个县（市、区）不在您服务的地区内"


def refused(violations: list[Violation]) -> InvalidInput:
    """The problem for broken rules, each with its field."""
    errors = [FieldError(f"/{violation.field}", violation.code, violation.detail) for violation in violations]
    return InvalidInput("；".join(error.detail for error in errors[:3]), errors=errors)
