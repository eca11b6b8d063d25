"""Graph's JSON and our values. Camel case lives here and nowhere above."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from provisioning.graph.apps import AppFacts, AppFound, GalleryApp, Licence, PrincipalFound
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.credentials import Credentials
from provisioning.model.identifiers import JobId, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, Quarantine, SynchronizationTemplate
from provisioning.model.schema import SynchronizationSchema

_Read = TypeVar("_Read")

_FIRST_REAL_YEAR = 1970

SHOWN = frozenset({"BaseAddress", "SyncAll", "SyncNotificationSettings", "SkipOutOfScopeDeletions"})
"""The synchronization secrets that are not secret (graph 5.3)."""

_KINDS: Mapping[str, PrincipalKind] = {"Group": PrincipalKind.GROUP, "User": PrincipalKind.USER}
"""Graph's ``principalType`` of those who bring people along; a service principal does not."""


def page_of(node: Mapping[str, Any], read: Callable[[dict[str, Any]], _Read]) -> tuple[list[_Read], str]:
    """Read a page of a collection: what it holds, and the address of the next page or nothing.

    :raises TypeError: when it does not hold a list.
    """
    items = node["value"]
    if not isinstance(items, list):
        raise TypeError("value")
    return [read(item) for item in items], str(node.get("@odata.nextLink") or "")


def object_of(node: dict[str, Any]) -> dict[str, Any]:
    """Take an object as it is. :raises TypeError: when it has no id."""
    _text_at(node, "id")
    return node


def count_of(node: Mapping[str, Any]) -> int:
    """Read how much a collection holds."""
    return int(node["@odata.count"])


def schema_of(node: Mapping[str, Any]) -> SynchronizationSchema:
    """Read a synchronizationSchema. :raises TypeError: when it has no rules: what replaces it would lose them."""
    if not isinstance(node["synchronizationRules"], list):
        raise TypeError("synchronizationRules")
    return SynchronizationSchema(node)


def assignment_of(node: Mapping[str, Any]) -> Assignment | None:
    """Read an appRoleAssignment; ``None`` when its principal brings nobody along."""
    kind = _KINDS.get(_text_at(node, "principalType"))
    if kind is None:
        return None
    principal = _text_at(node, "principalId")
    name = str(node.get("principalDisplayName") or principal)
    return Assignment(
        principal,
        kind,
        name,
        role=_text_at(node, "appRoleId"),
        id=_text_at(node, "id"),
        created=moment_of(node.get("createdDateTime")),
    )


def app_roles_of(node: Mapping[str, Any]) -> tuple[AppRole, ...]:
    """Read the app roles of a service principal."""
    _text_at(node, "id")
    return tuple(map(_app_role_of, node.get("appRoles") or ()))


def id_of(node: Mapping[str, Any]) -> str:
    """Read the object id of whatever it is."""
    return _text_at(node, "id")


def app_of(node: Mapping[str, Any]) -> AppFound:
    """Read a service principal as the app that it is."""
    principal = ServicePrincipalId(_text_at(node, "id"))
    return AppFound(
        principal,
        app_id=str(node.get("appId") or ""),
        name=str(node.get("displayName") or ""),
        roles=tuple(map(_app_role_of, node.get("appRoles") or ())),
        gallery_template=str(node.get("applicationTemplateId") or ""),
    )


def gallery_app_of(node: Mapping[str, Any]) -> GalleryApp:
    """Read an applicationTemplate."""
    return GalleryApp(_text_at(node, "id"), tuple(map(str, node.get("supportedProvisioningTypes") or ())))


def app_facts_of(node: Mapping[str, Any]) -> AppFacts:
    """Read a service principal with what it was made from and its roles."""
    named = str(node.get("displayName") or ""), str(node.get("applicationTemplateId") or "")
    return AppFacts(*named, roles=app_roles_of(node))


def licence_of(node: Mapping[str, Any]) -> Licence:
    """Read a subscribedSku."""
    plans = (plan for plan in node.get("servicePlans") or () if plan.get("provisioningStatus") == "Success")
    name = _text_at(node, "skuPartNumber")
    is_usable = node.get("capabilityStatus") in {"Enabled", "Warning"}
    return Licence(name, is_usable, frozenset(str(plan["servicePlanName"]) for plan in plans))


def principal_of(node: Mapping[str, Any]) -> PrincipalFound:
    """Read a group or user by whom it is."""
    named = str(node.get("displayName") or ""), str(node.get("userPrincipalName") or "")
    return PrincipalFound(_text_at(node, "id"), *named)


def job_of(node: Mapping[str, Any]) -> Job:
    """Read a synchronizationJob."""
    status = node.get("status") or {}
    return Job(
        id=JobId(_text_at(node, "id")),
        template=TemplateId(node.get("templateId") or ""),
        is_on=(node.get("schedule") or {}).get("state") == "Active",
        status=str(status.get("code") or ""),
        quarantine=_quarantine_of(status.get("quarantine")),
        last_began=moment_of((status.get("lastExecution") or {}).get("timeBegan")),
    )


def template_of(node: Mapping[str, Any]) -> SynchronizationTemplate:
    """Read a synchronizationTemplate. A list embeds the schema; where it does not, there is none (graph 5.1)."""
    shown = node.get("schema") or {}
    schema = SynchronizationSchema(shown) if shown.get("synchronizationRules") else None
    return SynchronizationTemplate(
        TemplateId(_text_at(node, "id")),
        is_default=bool(node.get("default")),
        schema=schema,
        secrets=_secrets_asked_for(node.get("metadata") or ()),
    )


def _secrets_asked_for(metadata: Iterable[Mapping[str, Any]]) -> frozenset[str] | None:
    """Read which credentials the app asks for (graph 5.1: ``configurationFields``, a JSON text in lower case)."""
    told = next((each.get("value") for each in metadata if each.get("key") == "configurationFields"), None)
    try:
        fields = json.loads(told or "null")
    except ValueError:
        return None
    if not isinstance(fields, list):
        return None
    return frozenset(str(each.get("name")).lower() for each in fields if isinstance(each, dict) and each.get("secret"))


def secret_of(node: Mapping[str, Any]) -> tuple[str, str]:
    """Read a synchronization secret: its key, and its value, masked where it is sensitive."""
    return _text_at(node, "key"), str(node.get("value") or "")


def secrets_node(secrets: Mapping[str, str]) -> dict[str, Any]:
    """Write the list of synchronization secrets. Its property is ``value``, whatever the page's table says."""
    return {"value": [{"key": key, "value": value} for key, value in secrets.items()]}


def credentials_node(template: TemplateId, credentials: Credentials) -> dict[str, Any]:
    """Write the body of validateCredentials."""
    pairs = {"BaseAddress": credentials.base_address, "SecretToken": credentials.token.reveal()}
    return {
        "templateId": template,
        "useSavedCredentials": False,
        "credentials": secrets_node(pairs)["value"],
    }


def moment_of(text: str | None) -> datetime | None:
    """Read a moment; ``0001-01-01T00:00:00Z`` is Graph's way to say never (graph 5.2)."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if moment.year >= _FIRST_REAL_YEAR else None


def _app_role_of(node: Mapping[str, Any]) -> AppRole:
    return AppRole(
        id=_text_at(node, "id"),
        name=str(node.get("displayName") or ""),
        value=node.get("value") or None,
        is_enabled=node.get("isEnabled") is not False,
        is_for_people="User" in (node.get("allowedMemberTypes") or ()),
    )


def _text_at(node: Mapping[str, Any], name: str) -> str:
    """Read a text that must be there, such as an id."""
    text = node[name]
    if not isinstance(text, str) or not text:
        raise TypeError(name)
    return text


def _quarantine_of(node: Mapping[str, Any] | None) -> Quarantine | None:
    if not node:
        return None
    error = node.get("error") or {}
    return Quarantine(
        reason=str(node.get("reason") or "Unknown"),
        began=moment_of(node.get("seriesBegan") or node.get("currentBegan")),
        message=str(error.get("message") or ""),
        code=str(error.get("code") or ""),
        next_attempt=moment_of(node.get("nextAttempt")),
    )
