"""The ids of resources, as the official plugin writes and reads them.

They are what ``pulumi import`` takes: ``/servicePrincipals/<id>/appRoleAssignedTo/<id>`` and the like.
"""

from __future__ import annotations

from uuid import UUID

from emulator.azuread.faults import PluginError, quoted


class Shape:
    """The form of an id: fixed segments, and placeholders in braces such as ``/groups/{groupId}``."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._segments = form.split("/")

    def of(self, *parts: str) -> str:
        """Write the id with *parts* in the place of the placeholders."""
        remaining = iter(parts)
        return "/".join(next(remaining) if _is_placeholder(segment) else segment for segment in self._segments)

    def parts(self, identifier: str) -> list[str]:
        """Read what stands in the place of the placeholders. :raises PluginError: when the form is another."""
        given = identifier.split("/")
        if len(given) == len(self._segments):
            pairs = list(zip(self._segments, given, strict=True))
            if all((part and _is_placeholder(segment)) or part == segment for segment, part in pairs):
                return [part for segment, part in pairs if _is_placeholder(segment)]
        raise PluginError(f"parsing {quoted(identifier)}: expected an ID of the form {quoted(self._form)}")

    def single(self, identifier: str) -> str:
        """Read the one part; the bare object id is understood too, as states of older releases have it."""
        if is_uuid(identifier):
            return identifier
        (part,) = self.parts(identifier)
        return part


APPLICATION = Shape("/applications/{applicationId}")
GROUP = Shape("/groups/{groupId}")
SERVICE_PRINCIPAL = Shape("/servicePrincipals/{servicePrincipalId}")
USER = Shape("/users/{userId}")


def is_uuid(text: str) -> bool:
    """Tell whether *text* is an object id in the usual writing, with dashes."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_placeholder(segment: str) -> bool:
    return segment.startswith("{")
