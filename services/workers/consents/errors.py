"""What is refused about declarations."""

from services.kernel.errors import NotFound


class ConsentNotFound(NotFound):
    """This person made no such declaration."""

    code = "consent_not_found"
    title = "没有这条同意记录"
