"""Find the app role that people are assigned."""

from __future__ import annotations

from collections.abc import Sequence

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import AppRole
from provisioning.words import counted


def role_id(roles: Sequence[AppRole], wanted: str) -> str:
    """Find an app role by its display name, value or id, among those that people can hold.

    :raises ConfigurationError: when there is none, or more than one of the name.
    """
    usable = [role for role in roles if role.is_enabled and role.is_for_people]
    found = [role for role in usable if wanted in (role.id, role.value, role.name)]
    if len(found) == 1:
        return found[0].id
    if not found:
        names = ", ".join(sorted({role.name for role in usable})) or "none"
        raise ConfigurationError(f"role: the app has no role {wanted!r}; it has {names}.", hint="Write one of these.")
    ids = ", ".join(sorted(role.value or role.id for role in found))
    raise ConfigurationError(
        f"role: {counted(len(found), 'role')} of the app are called {wanted!r}.", hint=f"Write one of {ids}."
    )
