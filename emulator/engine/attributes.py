"""A directory object as the provisioning service reads it: under the names of the old directory, every value a text.

Mappings and filters do not use Graph's names (``businessPhones``) but those of Azure AD Graph (``telephoneNumber``),
and everything is a text or a list: ``True`` and ``False`` too. Only the attributes that the schema mentions are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.old_names import GRAPH_NAMES
from emulator.company.store import DEFAULT_ACCESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from emulator.company.store import Assignment, DirectoryObject, JsonObject
    from provisioning.language import Role, Value

EXTERNAL = "#EXT#"
"""What marks the user principal name of a guest."""


def read(source: DirectoryObject, names: Iterable[str]) -> dict[str, Value]:
    """Read some attributes of a user or group; those of relations and scope are not among them."""
    properties = source.properties
    found: dict[str, Value] = {}
    for name in names:
        special = _SPECIAL.get(name)
        value = special(properties) if special else text_of(properties.get(GRAPH_NAMES.get(name, name)))
        if value is None and special is None and name.startswith("extensionAttribute"):
            value = text_of((properties.get("onPremisesExtensionAttributes") or {}).get(name))
        found[name] = value
    return found


def text_of(value: object) -> Value:
    """Write a JSON value as the service holds it; an empty text or list is nothing."""
    match value:
        case str():
            return value or None
        case None:
            return None
        case bool():
            return "True" if value else "False"
        case list():
            return [str(item) for item in value] or None
        case _:
            return str(value)


def without_external_mark(name: str) -> str:
    """Give a guest's user principal name as it flows: ``ada@fabrikam.com`` (Learn: how-provisioning-works#b2b).

    The directory holds ``ada_fabrikam.com#EXT#@contoso.com``.
    """
    local, mark, _ = name.partition(EXTERNAL)
    return "@".join(local.rsplit("_", 1)) if mark else name


def roles_of(assignments: Iterable[Assignment], service_principal: DirectoryObject | None) -> Value:
    """Compute ``appRoleAssignments``: every role held (Learn: customize-application-attributes#roles)."""
    declared = (service_principal.properties.get("appRoles") or []) if service_principal else []
    by_id = {role["id"]: role for role in declared}
    held: dict[str, Role] = {}
    for assignment in assignments:
        role = by_id.get(assignment.app_role_id) or {"displayName": _DEFAULT_ROLE}
        name = role.get("displayName")
        held[assignment.app_role_id] = {"id": assignment.app_role_id, "value": role.get("value"), "displayName": name}
    return list(held.values()) or None


def is_default_access(role_id: str) -> bool:
    """Tell whether an assignment names no role (Learn: assign-user-or-group-access-portal)."""
    return role_id == DEFAULT_ACCESS


_DEFAULT_ROLE = "Default Assignment"


def _user_principal_name(properties: JsonObject) -> Value:
    name = properties.get("userPrincipalName")
    return without_external_mark(name) if isinstance(name, str) and name else None


def _telephone_number(properties: JsonObject) -> Value:
    phones = properties.get("businessPhones") or []
    return text_of(phones[0]) if phones else text_of(properties.get("telephoneNumber"))


def _account_enabled(properties: JsonObject) -> Value:
    return text_of(properties.get("accountEnabled", True))


_SPECIAL: Mapping[str, Callable[[JsonObject], Value]] = {
    "userPrincipalName": _user_principal_name,
    "telephoneNumber": _telephone_number,
    "accountEnabled": _account_enabled,
}
