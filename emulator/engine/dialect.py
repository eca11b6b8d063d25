"""How Entra writes SCIM: the body of a creation, and the two dialects of PATCH.

Without a flag in the tenant URL, verbs are capitalised, every attribute is an operation of its own, and ``active`` is
the *text* ``"False"``. With ``aadOptscim062020`` they are as RFC 7644 wants them
(Learn: application-provisioning-config-problem-scim-compatibility; use-scim-to-provision-users-and-groups).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from emulator.company.numbers import integer
from emulator.engine.paths import CORE_USER, ENTERPRISE_USER
from emulator.engine.template import GROUP_TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.company.store import JsonObject
    from emulator.engine.flow import Change
    from emulator.engine.plan import Flow
    from emulator.moods.knobs import Knobs
    from provisioning.language import Value

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MICROSOFT_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"


class Dialect(Enum):
    """How PATCH is written; the value is the flag in the tenant URL that asks for it."""

    LEGACY = "AzureAdScimPatch2017"
    STANDARD = "aadOptscim062020"


class Verb(Enum):
    """What a PATCH operation does, as the legacy dialect writes it."""

    ADD = "Add"
    REPLACE = "Replace"
    REMOVE = "Remove"


def dialect_of(tenant_url: str, knobs: Knobs) -> Dialect:
    """Choose the dialect: by the knob, else by the flag in the tenant URL."""
    match knobs.patch_dialect:
        case "legacy":
            return Dialect.LEGACY
        case "aadOptscim062020":
            return Dialect.STANDARD
        case "from-url":
            return Dialect.STANDARD if Dialect.STANDARD.value.casefold() in tenant_url.casefold() else Dialect.LEGACY


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes bodies in one dialect."""

    dialect: Dialect
    knobs: Knobs

    def new_user(self, changes: Sequence[Change]) -> JsonObject:
        """Write the body of ``POST /Users``; ``active`` is a boolean in either dialect."""
        body: JsonObject = {"schemas": [CORE_USER]}
        for change in changes:
            path = change.flow.target
            primary = self.knobs.primary_work_email and path.steps[0] == "emails" and path.where == ("type", "work")
            path.put(body, typed(change.flow, change.after), primary=primary)
        if self.knobs.enterprise_schema_always or ENTERPRISE_USER in body:
            body["schemas"].append(ENTERPRISE_USER)
        if self.knobs.empty_roles_in_post:
            body.setdefault("roles", [])
        for role in body.get("roles", ()):
            if role.get("primary") is True:
                role.setdefault("type", "WindowsAzureActiveDirectoryRole")
        body["meta"] = {"resourceType": "User"}
        return body

    def new_group(self, changes: Sequence[Change]) -> JsonObject:
        """Write the body of ``POST /Groups``, without members."""
        schemas = [GROUP_TARGET, MICROSOFT_GROUP] if self.knobs.group_schema_uri else [GROUP_TARGET]
        body: JsonObject = {"schemas": schemas}
        for change in changes:
            change.flow.target.put(body, typed(change.flow, change.after))
        body["meta"] = {"resourceType": "Group"}
        return body

    def update(self, changes: Sequence[Change]) -> JsonObject:
        """Write the body of a PATCH that gives attributes new values.

        In the standard dialect several plain replacements go together without a path; one alone keeps its path (Learn:
        application-provisioning-config-problem-scim-compatibility, the requests to disable and to replace).
        """
        together = [] if self.dialect is Dialect.LEGACY else [change for change in changes if _is_plain(change)]
        if len(together) < _SEVERAL:
            return _patch([self._operation(change) for change in changes])
        apart = [self._operation(change) for change in changes if not _is_plain(change)]
        values = {change.flow.target.text: typed(change.flow, change.after) for change in together}
        return _patch([*apart, {"op": "replace", "value": values}])

    def members(self, verb: Verb, target_ids: Sequence[str]) -> JsonObject:
        """Write the body of a PATCH that adds members to a group, or removes them."""
        if verb is Verb.REMOVE and self.dialect is Dialect.STANDARD:
            return _patch([{"op": "remove", "path": f'members[value eq "{one}"]'} for one in target_ids])
        reference: JsonObject = {"$ref": None} if self.knobs.member_ref_null else {}
        value = [{**reference, "value": one} for one in target_ids]
        return _patch([{"op": self._spelled(verb), "path": "members", "value": value}])

    def manager(self, flow: Flow, target_id: str, base: str) -> JsonObject:
        """Write the body of a PATCH that sets a reference to one other user."""
        verb = self._spelled(Verb.ADD)
        if self.knobs.manager_shape == "reference-list":
            value = [{"$ref": f"{base}/Users/{target_id}", "value": target_id}]
            return _patch([{"op": verb, "path": flow.target.steps[-1], "value": value}])
        return _patch([{"op": verb, "path": flow.target.text, "value": target_id}])

    def without_manager(self, flow: Flow, target_id: str) -> JsonObject:
        """Write the body of a PATCH that ends a reference to one other user."""
        operation: JsonObject = {"op": self._spelled(Verb.REMOVE), "path": flow.target.text}
        if self.dialect is Dialect.LEGACY:
            operation["value"] = target_id
        return _patch([operation])

    def _operation(self, change: Change) -> JsonObject:
        operation: JsonObject = {"op": self._spelled(_verb(change)), "path": change.flow.target.text}
        if change.after is not None:
            operation["value"] = self._patched(change)
        return operation

    def _patched(self, change: Change) -> Any:  # noqa: ANN401 - a SCIM value is JSON
        value = change.after
        if isinstance(value, str) or value is None:
            return value if self.dialect is Dialect.LEGACY else typed(change.flow, value)
        if self.dialect is Dialect.STANDARD or change.flow.calls("AssertiveAppRoleAssignmentsComplex"):
            return [_role(item) if not isinstance(item, str) else item for item in value]
        return [item if isinstance(item, str) else {"value": _role_as_text(item)} for item in value]

    def _spelled(self, verb: Verb) -> str:
        return verb.value if self.dialect is Dialect.LEGACY else verb.value.lower()


def typed(flow: Flow, value: Value) -> Any:  # noqa: ANN401 - a SCIM value is JSON
    """Convert a value from the engine's texts to the type of its target attribute."""
    if isinstance(value, str):
        if flow.type == "Boolean":
            return value.casefold() == "true"
        number = integer(value) if flow.type == "Integer" else None
        return value if number is None else number
    return [item if isinstance(item, str) else _role(item) for item in value or ()]


_SEVERAL = 2


def _is_plain(change: Change) -> bool:
    return _verb(change) is Verb.REPLACE and change.flow.target.is_simple and not change.flow.multivalued


def _verb(change: Change) -> Verb:
    """Choose the verb: a value for the first time is added, another one replaces (inferred; fits every example)."""
    if change.after is None:
        return Verb.REMOVE
    if change.flow.calls("AppRoleAssignmentsComplex"):
        return Verb.ADD
    if change.flow.calls("AssertiveAppRoleAssignmentsComplex"):
        return Verb.REPLACE
    return Verb.ADD if change.before is None else Verb.REPLACE


def _role(role: Any) -> JsonObject:  # noqa: ANN401 - a role is JSON
    kept = {key: value for key, value in role.items() if key != "id"}
    return {**kept, "primary": str(role.get("primary")).casefold() == "true"}


def _role_as_text(role: Any) -> str:  # noqa: ANN401 - a role is JSON
    name = role.get("displayName") or role.get("display")
    told = {"id": role.get("id"), "value": role.get("value"), "displayName": name}
    return json.dumps(told, separators=(",", ":"))


def _patch(operations: Sequence[JsonObject]) -> JsonObject:
    return {"schemas": [PATCH_SCHEMA], "Operations": list(operations)}
