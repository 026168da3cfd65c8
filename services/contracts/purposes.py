"""What personal data may be used for: the codes that a reveal names and every audit row carries (PIPL articles 6 and 17)."""

from enum import StrEnum


class Purpose(StrEnum):
    """A lawful purpose, with what it means in `SAID`."""

    EMPLOYMENT_SERVICE = "employment_service"
    CONTACT_WORKER = "contact_worker"
    VERIFY_IDENTITY = "verify_identity"
    DISPATCH = "dispatch"
    INSURANCE = "insurance"
    RIGHTS_PROTECTION = "rights_protection"
    SUBJECT_REQUEST = "subject_request"
    INCIDENT = "incident"
    UPKEEP = "upkeep"


SAID: dict[Purpose, str] = {
    Purpose.EMPLOYMENT_SERVICE: "提供公共就业服务",
    Purpose.CONTACT_WORKER: "联系本人",
    Purpose.VERIFY_IDENTITY: "核验身份",
    Purpose.DISPATCH: "组织输送、点名上车",
    Purpose.INSURANCE: "办理保险、合同",
    Purpose.RIGHTS_PROTECTION: "维权、讨薪",
    Purpose.SUBJECT_REQUEST: "办理本人的查阅、更正、删除请求",
    Purpose.INCIDENT: "处置安全事件",
    Purpose.UPKEEP: "系统维护",
}
