"""What training refuses."""

from services.kernel.errors import Conflict, NotFound


class CourseNotFound(NotFound):
    code = "course_not_found"
    title = "没有这个培训班"


class CourseClosed(Conflict):
    """Cancelled, over, or not begun yet."""

    code = "course_closed"
    title = "培训班已取消、已结束或尚未开始，不能这样操作"


class NoSeatsLeft(Conflict):
    code = "no_seats_left"
    title = "名额不够"


class NotEnrolled(Conflict):
    code = "not_enrolled"
    title = "此人不在这个班的名单上"
