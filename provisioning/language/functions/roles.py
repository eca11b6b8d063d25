"""Functions on ``[appRoleAssignments]``, which comes as role names or as roles with id, value and display name."""

from __future__ import annotations

from provisioning.language.values import FALSE, Role, Value, role_name, texts_of

_TYPE = "WindowsAzureActiveDirectoryRole"


def single_app_role(assignments: Value) -> str | None:
    """``SingleAppRoleAssignment``: one role. With several, which one is not documented; here it is the first."""
    names = texts_of(assignments)
    return names[0] if names else None


def app_roles(assignments: Value) -> list[str] | None:
    """``AppRoleAssignments``: listed by Graph without a meaning (graph: synchronizationschema-functions); assumed."""
    return None if assignments is None else texts_of(assignments)


def complex_app_roles(assignments: Value) -> list[Role] | None:
    """``AppRoleAssignmentsComplex``: every role, none primary (Learn: customize-application-attributes#roles)."""
    return _complex(assignments, display="displayName")


def assertive_complex_app_roles(assignments: Value) -> list[Role] | None:
    """``AssertiveAppRoleAssignmentsComplex``: the same, but the target's list is replaced, and the key is display."""
    return _complex(assignments, display="display")


def _complex(assignments: Value, *, display: str) -> list[Role] | None:
    if assignments is None:
        return None
    roles = [assignments] if isinstance(assignments, str) else assignments
    return [_role(role, display) for role in roles]


def _role(role: str | Role, display: str) -> Role:
    if isinstance(role, str):
        role = {"value": role, "displayName": role}
    identity = {"id": role["id"]} if role.get("id") else {}
    name = role_name(role)
    return {**identity, "primary": FALSE, "type": _TYPE, display: role.get("displayName") or name, "value": name}
