"""The package schema of ``entrasync``, made from the same models that check the inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from provisioning.graph.identity import FIELDS
from provisioning.provider.version import JOB, PACKAGE, PLAN, VERSION
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
        "items": {"$ref": f"#/types/{PACKAGE}:index:PrincipalSettings"},
        "description": "Whose assignment the plan that was judged last changes, once a job has run.",
    },
}
"""What the plan tells besides its inputs."""


def package_schema() -> dict[str, Any]:
    """Describe the package to Pulumi (pulumi: package schema)."""
    job, plan = (_document(model) for model in (JobInputs, PlanInputs))
    types = {**job["$defs"], **plan["$defs"]}
    return {
        "name": PACKAGE,
        "version": VERSION,
        "description": "The synchronization job that provisions users from Microsoft Entra ID into a gallery app.",
        "config": {"variables": _identity()},
        "provider": {
            "description": "Who the plugin is at Microsoft Graph; what is not said comes from the environment.",
            "inputProperties": _identity(),
        },
        "types": {f"{PACKAGE}:index:{name}": _named_type(node) for name, node in types.items()},
        "resources": {
            JOB: _resource(JobInputs, job, OUTPUTS),
            PLAN: _resource(PlanInputs, plan, PLAN_OUTPUTS),
        },
    }


def _identity() -> dict[str, Any]:
    """Describe the provider's configuration: texts, as azuread takes them."""
    return {
        name: {
            "type": "string",
            "description": f"In place of {field.setting}." if field.setting else "Whether OIDC may be used.",
            **({"secret": True} if field.is_secret else {}),
        }
        for name, field in FIELDS.items()
    }


def _document(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resource(
    model: type[BaseModel], document: dict[str, Any], outputs: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    inputs = _properties(document)
    inputs["secretToken"]["secret"] = True
    return {
        "description": model.__doc__,
        "inputProperties": inputs,
        "requiredInputs": document["required"],
        "properties": {**inputs, **outputs},
    }


def _named_type(node: dict[str, Any]) -> dict[str, Any]:
    described = {"type": node["type"], "description": node.get("description", "")}
    if "enum" in node:
        return described | {"enum": [{"value": value} for value in node["enum"]]}
    return described | {"properties": _properties(node)}


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _type(inner) | {"description": inner.get("description", "")} for name, inner in node["properties"].items()
    }


def _type(node: dict[str, Any]) -> dict[str, Any]:
    """Translate JSON schema into Pulumi's dialect: nulls are said by leaving out, constants by their base type."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {"$ref": f"#/types/{PACKAGE}:index:{name}"}
    if "anyOf" in node:
        kinds = [_type(inner) for inner in node["anyOf"] if inner.get("type") != "null"]
        return kinds[0] if len(kinds) == 1 else {"oneOf": kinds}
    match node.get("type"):
        case "array":
            return {"type": "array", "items": _type(node["items"])}
        case "object":
            return {"type": "object", "additionalProperties": _type(node["additionalProperties"])}
        case scalar:
            return {"type": scalar}
