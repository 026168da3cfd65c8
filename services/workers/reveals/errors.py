"""What a reveal is refused for."""

from services.kernel.errors import Forbidden


class ContactNotAgreed(Forbidden):
    """The person did not agree that this employer gets the contact (PIPL 23)."""

    code = "contact_not_agreed"
    title = "本人没有单独同意向贵单位提供联系方式"
