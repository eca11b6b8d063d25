"""The gallery's synchronization templates: which one a service principal has, and the schema a new job starts with.

A gallery entry of :attr:`emulator.company.store.World.gallery` names its synchronization template in a key of its own
that Graph never shows: ``"_synchronizationTemplate": "elium"``, or several in a list. An entry without that key has no
provisioning connector. The keys of ``templates.json`` are those that are known, and any other is one of its own that
starts with the same mappings; ``scim`` is the template of an
application that is not from the gallery, ``customappsso`` the one that such applications had before 2018.

The default mappings are assumed: Elium's own are published as a picture only.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from provisioning.language import Expression

if TYPE_CHECKING:
    from emulator.company.store import JsonObject, Tenant, World

SOURCE_DIRECTORY_ID = "66e4a8cc-1b7b-435e-95f8-f06cea133828"
"""The id of the Entra directory in every published schema."""

USER_TARGET = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP_TARGET = "urn:ietf:params:scim:schemas:core:2.0:Group"

_TARGETS = {"User": USER_TARGET, "Group": GROUP_TARGET}
_JOINING = {"User": "userName", "Group": "displayName"}


@cache
def _data() -> Any:  # noqa: ANN401 - a data file is JSON
    return json.loads(resources.files("emulator.engine").joinpath("templates.json").read_text("utf-8"))


FIELDS = [{"name": "baseaddress"}, {"name": "secrettoken", "secret": True}]
"""What an application that takes an address and a token is configured with."""


def template_ids_of(world: World, tenant: Tenant, service_principal_id: str) -> list[str]:
    """List the synchronization templates of a service principal, the default one first: mostly one, or none.

    :raises Refusal: 404 when there is no such service principal.
    """
    principal = tenant.directory.get(service_principal_id)
    entry = world.gallery.get(principal.properties.get("applicationTemplateId") or "", {})
    told = entry.get("_synchronizationTemplate") or []
    return [told] if isinstance(told, str) else list(map(str, told))


def exists(template_id: str) -> bool:
    """Tell whether there is a template of this id."""
    return template_id in _data()["templates"]


def template(template_id: str, gallery_id: str, *, is_default: bool = True) -> JsonObject:
    """Show a synchronization template as Graph does, its schema included (graph: synchronizationtemplate-list)."""
    told = _told(template_id)
    fields = json.dumps(told.get("fields", FIELDS), separators=(",", ":"))
    return {
        "id": template_id,
        "applicationId": gallery_id,
        "default": is_default,
        "description": None,
        "discoverable": True,
        "factoryTag": template_id,
        "metadata": [
            {"key": "galleryApplicationIdentifier", "value": gallery_id},
            {"key": "galleryApplicationKey", "value": told["key"]},
            {"key": "isSynchronizationInPreview", "value": str(told["preview"]).lower()},
            {"key": "configurationFields", "value": fields},
        ],
        "schema": schema(template_id),
    }


def target_name_of(template_id: str) -> str:
    """Name the target directory of a template, such as ``Elium``."""
    title: str = _told(template_id)["title"]
    return title


def _told(template_id: str) -> JsonObject:
    """Tell what is known of a template; one that only a seed names is like that of any application."""
    known: JsonObject = _data()["templates"]
    told: JsonObject = known.get(template_id) or {**known["scim"], "title": template_id, "key": template_id}
    return told


def schema(template_id: str, *, schema_id: str | None = None, version: str = "6.0") -> JsonObject:
    """Build the default schema of a template, or of a new job when *schema_id* is its id."""
    return {
        "id": schema_id or f"{template_id}.{'0' * 32}",
        "version": version,
        "synchronizationRules": [_rule(template_id)],
        "directories": [
            _directory(SOURCE_DIRECTORY_ID, "Azure Active Directory", _data()["source"], is_source=True),
            _directory(_id_of("directory", template_id), target_name_of(template_id), _data()["target"]),
        ],
    }


def _rule(template_id: str) -> JsonObject:
    return {
        "containerFilter": None,
        "editable": True,
        "groupFilter": None,
        "id": _id_of("rule", template_id),
        "name": "USERGROUP_OUTBOUND_USERGROUP",
        "priority": 1,
        "sourceDirectoryName": "Azure Active Directory",
        "targetDirectoryName": target_name_of(template_id),
        "metadata": [
            {"key": "defaultSourceObjectMappings", "value": "[]"},
            {"key": "supportsProvisionOnDemand", "value": "true"},
        ],
        "objectMappings": [_object_mapping(kind, mappings) for kind, mappings in _data()["mappings"].items()],
    }


def _object_mapping(kind: str, mappings: dict[str, str]) -> JsonObject:
    return {
        "enabled": True,
        "flowTypes": "Add,Update,Delete",
        "name": f"Provision Microsoft Entra ID {kind}s",
        "scope": None,
        "sourceObjectName": kind,
        "targetObjectName": _TARGETS[kind],
        "metadata": [
            {"key": "IsCustomerDefined", "value": "false"},
            {"key": "DisableMonitoringForChanges", "value": "false"},
            {"key": "Disposition", "value": '"Normal"'},
            {"key": "ExcludeFromReporting", "value": "false"},
            {"key": "EscrowBehavior", "value": '"Default"'},
            {"key": "Unsynchronized", "value": "false"},
            {"key": "OriginalJoiningProperty", "value": _JOINING[kind]},
        ],
        "attributeMappings": [_mapping(kind, target, text) for target, text in mappings.items()],
    }


def _mapping(kind: str, target: str, expression: str) -> JsonObject:
    return {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 1 if target == _JOINING[kind] else 0,
        "targetAttributeName": target,
        "source": Expression.parse(expression).to_graph(),
    }


def _directory(identifier: str, name: str, objects: JsonObject, *, is_source: bool = False) -> JsonObject:
    return {
        "id": identifier,
        "discoveryDateTime": None,
        "discoverabilities": "None",
        "name": name,
        "readOnly": is_source,
        "version": None,
        "objects": [_object(kind, attributes) for kind, attributes in objects.items()],
    }


def _object(name: str, attributes: dict[str, str]) -> JsonObject:
    return {
        "name": name,
        "supportedApis": [],
        "metadata": [
            {"key": "IsSoftDeletionSupported", "value": "true"},
            {"key": "IsSynchronizeAllSupported", "value": "true"},
            {"key": "ConnectorDataStorageRequired", "value": "false"},
        ],
        "attributes": [_attribute(attribute, traits.split()) for attribute, traits in attributes.items()],
    }


def _attribute(name: str, traits: list[str]) -> JsonObject:
    kinds = [trait for trait in traits if trait in {"Boolean", "DateTime", "Integer", "Reference"}]
    referenced = traits[traits.index("Reference") + 1 :] if "Reference" in traits else []
    return {
        "anchor": "anchor" in traits,
        "caseExact": False,
        "defaultValue": None,
        "flowNullValues": False,
        "multivalued": "many" in traits,
        "mutability": "ReadOnly" if "readonly" in traits else "ReadWrite",
        "name": name,
        "required": "required" in traits,
        "type": kinds[0] if kinds else "String",
        "apiExpressions": [],
        "metadata": [],
        "referencedObjects": [{"referencedObjectName": other, "referencedProperty": None} for other in referenced],
    }


def _id_of(kind: str, template_id: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:emulator:{kind}:{template_id}"))
