"""What the list of synchronization secrets should become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.errors import ConfigurationError
from provisioning.model.secrets import MASK, Scope, notification_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.model.declaration import Declaration


def merged_secrets(observed: Mapping[str, str], declaration: Declaration) -> dict[str, str]:
    """Give the complete list to save: what is declared, over what the service holds.

    A save replaces the whole list, and a masked value sent back would become the value
    (graph: put-synchronization; graph 13.2, 10).

    :raises ConfigurationError: when the service holds a sensitive value that nobody here knows.
    """
    declared = declared_secrets(observed, declaration)
    unknown = sorted(key for key, value in observed.items() if value == MASK and key not in declared)
    if unknown:
        raise ConfigurationError(
            f"The service principal holds {', '.join(unknown)}, which cannot be read back, so saving would lose it.",
            hint="Remove it in the portal's provisioning settings, then try again.",
        )
    return {**observed, **declared}


def declared_secrets(observed: Mapping[str, str], declaration: Declaration) -> dict[str, str]:
    """Give the keys that the declaration names, in the service's spelling."""
    secrets = {
        "BaseAddress": declaration.credentials.base_address,
        "SecretToken": declaration.credentials.token.reveal(),
        "SyncAll": "true" if declaration.scope is Scope.ALL else "false",
    }
    settings = notification_settings(
        observed.get("SyncNotificationSettings"), declaration.notification, declaration.delete_threshold
    )
    if settings is not None:
        secrets["SyncNotificationSettings"] = settings
    if declaration.skip_out_of_scope_deletions is not None:
        secrets["SkipOutOfScopeDeletions"] = str(declaration.skip_out_of_scope_deletions)
    return secrets
