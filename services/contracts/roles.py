"""The roles people and systems are given: presets of permissions, one table. A credential has one role and one scope.

A new permission goes into the rows of those who need it; the administrator has them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.contracts.permissions import Permission, PrincipalKind


class Role(StrEnum):
    """What somebody is to the system."""

    CLERK = "clerk"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    STATION = "station"
    EMPLOYER = "employer"
    PORTAL = "portal"
    KIOSK = "kiosk"
    AUDITOR = "auditor"
    MONITOR = "monitor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Preset:
    """`needs`: the parts of a scope that such a credential must name. `days`: how long it is good unless said otherwise.
    `a_minute`: requests that all processes together take from one holder in a minute; None: all that come."""

    title: str
    kind: PrincipalKind
    permissions: frozenset[Permission]
    needs: tuple[str, ...] = ()
    days: int = 365
    a_minute: int | None = 600


_REGISTER: Final = frozenset(
    {
        Permission.WORKERS_READ,
        Permission.WORKERS_WRITE,
        Permission.WORKERS_IMPORT,
        Permission.WORKERS_EXPORT,
        Permission.CONSENTS_WRITE,
        Permission.WORKERS_REVEAL,
        Permission.TRAINING_READ,
        Permission.TRAINING_WRITE,
    }
)
_POSTINGS: Final = frozenset({Permission.POSTINGS_READ, Permission.POSTINGS_WRITE, Permission.POSTINGS_IMPORT})
_EMPLOYERS: Final = frozenset({Permission.EMPLOYERS_READ, Permission.EMPLOYERS_WRITE})
_CLERK: Final = _REGISTER | _POSTINGS | _EMPLOYERS | {Permission.POSTINGS_REVIEW, Permission.MATCHES_READ}
_RIGHTS: Final = frozenset({Permission.SUBJECTS_EXPORT, Permission.WORKERS_ERASE})
_SENIOR: Final = _CLERK | _RIGHTS | {Permission.EMPLOYERS_VERIFY, Permission.OPERATIONS_READ}
_PROVINCE: Final = _SENIOR | {Permission.ACCESS_MANAGE, Permission.FEED_READ, Permission.WEBHOOKS_WRITE}
_STATION: Final = (_CLERK | {Permission.EMPLOYERS_VERIFY}) - {Permission.WORKERS_IMPORT, Permission.WORKERS_EXPORT}
_EMPLOYER: Final = _POSTINGS | {Permission.EMPLOYERS_READ, Permission.MATCHES_READ, Permission.CONTACTS_REVEAL}
_PORTAL: Final = _EMPLOYER | {Permission.FEED_READ, Permission.WEBHOOKS_WRITE}

PRESETS: Final[Mapping[Role, Preset]] = {
    Role.CLERK: Preset("县级经办", PrincipalKind.STAFF, _CLERK, ("regions",)),
    Role.PREFECTURE: Preset("州市管理", PrincipalKind.STAFF, _SENIOR, ("regions",)),
    Role.PROVINCE: Preset("省级管理", PrincipalKind.STAFF, _PROVINCE, ("regions",)),
    Role.STATION: Preset("驻外工作站", PrincipalKind.STAFF, _STATION, ("regions", "workplaces")),
    Role.EMPLOYER: Preset("用人单位", PrincipalKind.EMPLOYER, _EMPLOYER, ("employer_id",), a_minute=300),
    Role.PORTAL: Preset("用人单位的系统", PrincipalKind.PORTAL, _PORTAL, ("employer_id",), a_minute=1200),
    Role.KIOSK: Preset(
        "招聘会自助机", PrincipalKind.KIOSK, frozenset({Permission.POSTINGS_READ}), ("fair_id",), days=7, a_minute=120
    ),
    Role.AUDITOR: Preset("审计与个人信息保护", PrincipalKind.STAFF, _RIGHTS | {Permission.OPERATIONS_READ}, ("regions",)),
    Role.MONITOR: Preset("监控系统", PrincipalKind.SERVICE, frozenset({Permission.OPERATIONS_READ}), a_minute=None),
    Role.ADMINISTRATOR: Preset("管理员", PrincipalKind.STAFF, frozenset(Permission), a_minute=None),
}
