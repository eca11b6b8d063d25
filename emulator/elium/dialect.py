"""Entra's ways of writing SCIM, put into the words of the RFCs.

``scim2-models`` understands most of them by its policy. Here is the rest: a manager written as a text
(Captain-P-Goldfish/SCIM-SDK#686), and a filter by ``manager`` without its extension
(Learn: use-scim-to-provision-users-and-groups, example 4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scim2_models import ScimPolicy

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

ENTRA = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What ``scim2-models`` can be told to take from Entra."""

_LISTED = frozenset(
    name.casefold()
    for name in (
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:Group",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:api:messages:2.0:SearchRequest",
        "urn:ietf:params:scim:api:messages:2.0:BulkRequest",
    )
)
_MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
_NO_ADDRESS = re.compile(r'emails(\[[^]]*\])?(\.value)? eq "[^"@]*"', re.IGNORECASE)
_BY_MANAGER = re.compile(r"(?<![\w:.])manager(?= eq )", re.IGNORECASE)


def understood(patch: JsonObject) -> JsonObject:
    """Put the operations of a PATCH into the words of the RFC."""
    operations = patch.get("Operations")
    if not isinstance(operations, list):
        return patch
    return {**patch, "Operations": [_operation(one) if isinstance(one, dict) else one for one in operations]}


def without_foreign_schemas(resource: JsonObject) -> JsonObject:
    """Leave out schemas that ``/Schemas`` does not list, such as Microsoft's own for groups: they are not echoed."""
    named = resource.get("schemas")
    if not isinstance(named, list):
        return resource
    known = [one for one in named if not isinstance(one, str) or one.casefold() in _LISTED]
    return {**resource, "schemas": known} if known else resource


def understood_filter(text: str) -> str:
    """Give ``manager`` in a filter its extension, and the value that is meant."""
    return _BY_MANAGER.sub(f"{_MANAGER}.value", text)


def asks_for_nobody(text: str) -> bool:
    """Tell whether a filter asks for an e-mail address that is not one.

    Entra tests the connection with a random id for the matching attribute, and takes an empty list for the answer;
    ``scim2-server`` refuses such an id where an e-mail address is due.
    """
    return _NO_ADDRESS.fullmatch(text.strip()) is not None


def _operation(operation: JsonObject) -> JsonObject:
    path = str(operation.get("path") or "")
    if path.casefold() not in {_MANAGER.casefold(), "manager"}:
        return operation
    if str(operation.get("op")).casefold() == "remove":
        return {"op": "remove", "path": _MANAGER}
    return {**operation, "path": _MANAGER, "value": _manager(operation.get("value"))}


def _manager(value: Any) -> Any:  # noqa: ANN401 - a SCIM value is JSON
    match value:
        case str():
            return {"value": value}
        case [dict() as only]:
            return {"value": only.get("value")}
        case _:
            return value
