"""The roles: what is given on purpose, and what nobody but the administrator may have together."""

import pytest

from services.contracts.permissions import Permission, PrincipalKind
from services.contracts.roles import PRESETS, Role

OUTSIDE = (PrincipalKind.EMPLOYER, PrincipalKind.PORTAL, PrincipalKind.KIOSK)


def test_every_role_is_a_row_and_every_permission_somebodys() -> None:
    assert set(PRESETS) == set(Role)
    given = frozenset().union(*(preset.permissions for role, preset in PRESETS.items() if role is not Role.ADMINISTRATOR))
    assert set(Permission) - given == set(), "give a new permission to the roles that need it"
    assert PRESETS[Role.ADMINISTRATOR].permissions == set(Permission)


@pytest.mark.parametrize("role", [role for role, preset in PRESETS.items() if preset.kind in OUTSIDE])
def test_who_is_no_staff_reads_no_register_and_grants_nothing(role: Role) -> None:
    preset = PRESETS[role]
    assert not [
        permission for permission in preset.permissions if permission.startswith(("workers:", "access:", "operations:"))
    ]
    assert preset.needs
    assert preset.a_minute is not None


def test_whoever_is_bound_by_region_says_which() -> None:
    unbound = {role for role, preset in PRESETS.items() if preset.kind is PrincipalKind.STAFF and "regions" not in preset.needs}
    assert unbound == {Role.ADMINISTRATOR}
