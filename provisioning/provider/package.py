"""The package schema of ``entrasync``, made from the same models that check the inputs (pulumi: package schema)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from importlib.metadata import metadata
from typing import Any

from provisioning.docstrings import below_members, in_markdown
from provisioning.graph.identity import FIELDS
from provisioning.model.assignment import PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.declaration import OnDestroy, Status
from provisioning.model.mapping import FlowBehavior, FlowType, ObjectAction
from provisioning.provider.described import Described, Model
from provisioning.provider.version import DISTRIBUTION, JOB, PACKAGE, PLAN, VERSION
from provisioning.settings.job import JobInputs
from provisioning.settings.plan import PlanInputs

OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "jobId": {"type": "string", "description": "The job's id at the service."},
    "templateId": {"type": "string", "description": "The synchronization template that the job was made from."},
    "schemaVersion": {"type": "string", "description": "The version of the job's schema when it was last read."},
    "replacedSchemaVersion": {
        "type": "string",
        "description": "The version of the schema that was last replaced.",
    },
    "portalUrl": {"type": "string", "description": "The provisioning page of this app in the portal."},
    "jobStatus": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "`code`, and in quarantine `quarantineReason`, as last seen.",
    },
}
"""What the job tells besides its inputs, as the package schema writes properties."""

PLAN_OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "plan": {"type": "string", "description": "The word by which the plan that was judged last is known again."},
    "roleId": {"type": "string", "description": "The id of the app role that is assigned."},
    "templateId": {"type": "string", "description": "The synchronization template that the job is made from."},
    "pending": {
        "type": "array",
        "items": {"$ref": f"#/types/{PACKAGE}:index:Principal"},
        "description": "Whose assignment the plan that was judged last changes, once a job has run.",
    },
}
"""What the plan tells besides its inputs."""


ALWAYS = ("jobId", "templateId", "schemaVersion", "jobStatus", "portalUrl")
"""What every job tells once it is made."""

LANGUAGES: Mapping[str, Any] = {
    "nodejs": {
        "packageName": PACKAGE,
        "respectSchemaVersion": True,
        "dependencies": {"@pulumi/pulumi": "^3.200.0"},
    },
    "python": {
        "packageName": f"pulumi_{PACKAGE}",
        "respectSchemaVersion": True,
        "pyproject": {"enabled": True},
        "inputTypes": "classes-and-dicts",
        "requires": {"pulumi": ">=3.200.0,<4.0.0"},
    },
}
"""How Pulumi's generators name what they make, and with which of its SDKs that works."""

IMPORT = """

## Import

A job is imported by the object id of its service principal and its own id:

```sh
$ pulumi import entrasync:index:SynchronizationJob elium-job <servicePrincipalId>/<jobId>
```
"""

ENUMS: tuple[type[Enum], ...] = (FlowBehavior, FlowType, ObjectAction, OnDestroy, PrincipalKind, Scope, Status)
"""What is one of several words, and says of each what it means."""

SUFFIXES = ("Settings", "ByKind")
"""What our models' names end in, and nobody needs who writes a program."""


RESOURCES = (
    Described(JOB, JobInputs, OUTPUTS, ALWAYS, more=IMPORT),
    Described(PLAN, PlanInputs, PLAN_OUTPUTS, ("plan", "roleId")),
)


def package_schema(components: Iterable[Described] = ()) -> dict[str, Any]:
    """Describe the package to Pulumi, its *components* as well."""
    described = (*RESOURCES, *components)
    types = {name: node for each in described for name, node in _document(each.model)["$defs"].items()}
    about = metadata(DISTRIBUTION)
    links = dict(each.split(", ", 1) for each in about.get_all("Project-URL", ()))
    return {
        "name": PACKAGE,
        "version": VERSION,
        "displayName": "Entra provisioning",
        "description": "Provisions users from Microsoft Entra ID into apps of its gallery: app, assignments and job.",
        "publisher": about["Author"],
        "license": about["License-Expression"],
        **({"repository": links["Repository"]} if "Repository" in links else {}),
        "keywords": ["entra", "provisioning", "scim", "elium", "kind/native", "category/infrastructure"],
        "language": LANGUAGES,
        "config": {"variables": _identity()},
        "provider": {
            "description": "Who the plugin is at Microsoft Graph; what is not said comes from the environment.",
            "inputProperties": _identity(),
        },
        "types": {f"{PACKAGE}:index:{_public(name)}": _named_type(node) for name, node in types.items()},
        "resources": {each.token: _resource(each) for each in described},
    }


def _identity() -> dict[str, Any]:
    """Describe the provider's configuration."""
    return {
        name: {
            "type": "boolean" if field.is_switch else "string",
            "description": f"{field.meaning} In place of `{field.setting}`." if field.setting else field.meaning,
            **({"secret": True} if field.is_secret else {}),
        }
        for name, field in FIELDS.items()
    }


def _document(model: type[Model]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resource(described: Described) -> dict[str, Any]:
    document = _document(described.model)
    inputs = _properties(document)
    inputs["secretToken"]["secret"] = True
    for name in described.plain:
        inputs[name]["plain"] = True
    kept = {} if described.is_component else inputs
    needed = document["required"]
    return {
        "description": in_markdown(described.model.__doc__ or "") + described.more,
        "isComponent": described.is_component,
        "inputProperties": inputs,
        "requiredInputs": needed,
        "properties": {**kept, **described.outputs},
        "required": [*(() if described.is_component else needed), *described.always],
    }


def _named_type(node: dict[str, Any]) -> dict[str, Any]:
    described = {"type": node["type"], "description": _words(node)}
    if "enum" in node:
        kind = next(kind for kind in ENUMS if kind.__name__ == node["title"])
        told = {kind[name].value: text for name, text in below_members(kind).items()}
        return described | {
            "enum": [{"name": _member(value), "value": value, "description": told[value]} for value in node["enum"]]
        }
    return described | {"properties": _properties(node), "required": node.get("required", [])}


def _words(node: dict[str, Any]) -> str:
    return in_markdown(str(node.get("description", "")))


def _public(name: str) -> str:
    """Name a type as programs do: ``Mapping`` is ours as ``MappingSettings``."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _member(value: str) -> str:
    return value[:1].upper() + value[1:]


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    return {name: _type(inner) | {"description": _words(inner)} for name, inner in node["properties"].items()}


def _type(node: dict[str, Any]) -> dict[str, Any]:
    """Translate JSON schema into Pulumi's dialect: nulls are said by leaving out, constants by their base type."""
    if "$ref" in node:
        return {"$ref": f"#/types/{PACKAGE}:index:{_public(node['$ref'].rpartition('/')[2])}"}
    if "anyOf" in node:
        kinds = [_type(inner) for inner in node["anyOf"] if inner.get("type") != "null"]
        kinds = _told_apart([each for number, each in enumerate(kinds) if each not in kinds[:number]])
        return kinds[0] if len(kinds) == 1 else {"oneOf": kinds}
    match node.get("type"):
        case "array":
            return {"type": "array", "items": _type(node["items"])}
        case "object":
            return {"type": "object", "additionalProperties": _type(node["additionalProperties"])}
        case scalar:
            return {"type": scalar}


def _told_apart(kinds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave one of several lists and tables: SDKs that Pulumi generates cannot tell them apart when they run.

    A filter's lists of clauses say what its list of clauses says, so they stay: which is the list that nests deeper.
    The tables that give them titles can be written in Python and in a stack's file only.
    """
    nesting = [each for each in kinds if each.get("type") in {"array", "object"}]
    if len(nesting) < 2:  # noqa: PLR2004 - one alone is never mistaken
        return kinds
    deepest = max((each for each in nesting if each["type"] == "array"), key=lambda each: str(each).count("items"))
    return [each for each in kinds if each not in nesting or each is deepest]
