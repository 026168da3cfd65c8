"""How far a role reaches when no more is said."""

from dataclasses import replace

from services.contracts.permissions import PrincipalKind
from services.contracts.roles import PRESETS, Role
from services.kernel.http.auth import Scope


def scope_for(role: Role, named: Scope) -> Scope:
    """The scope of a holder of the role from what was named: staff write postings everywhere unless it is said where, and the
    administrator is bound by nothing."""
    preset = PRESETS[role]
    if preset.kind is not PrincipalKind.STAFF:
        return named
    if not preset.needs:
        return Scope.everywhere()
    return named if named.workplaces else replace(named, workplaces=None)
