"""What is refused about households."""

from services.kernel.errors import Conflict, NotFound


class HouseholdNotFound(NotFound):
    """There is no such household in scope."""

    code = "household_not_found"
    title = "没有这一户"


class HouseholdTaken(Conflict):
    """The code is another household's in this county, or a member is linked to another household."""

    code = "household_taken"
    title = "户编号已被使用，或有人已在别的户里"
