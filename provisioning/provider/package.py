"""The package schema of ``entrasync``, made from the same models that check the inputs."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from provisioning.settings.job import JobInputs

PACKAGE = "entrasync"
VERSION = version("elium-provisioning")
RESOURCE = "entrasync:index:SynchronizationJob"
OUTPUTS: dict[str, tuple[str, str]] = {
    "jobId": ("string", "The job's id at the service."),
    "templateId": ("string", "The synchronization template that the job was made from."),
    "schemaVersion": ("string", "The version of the job's schema when it was last read."),
    "replacedSchemaVersion": ("string", "The version of the schema that was last replaced."),
    "portalUrl": ("string", "The provisioning page of this app in the portal."),
}


def package_schema() -> dict[str, Any]:
    """Describe the package to Pulumi (pulumi: package schema)."""
    document = JobInputs.model_json_schema(by_alias=True)
    inputs = _properties(document)
    inputs["secretToken"]["secret"] = True
    outputs = {name: {"type": kind, "description": text} for name, (kind, text) in OUTPUTS.items()}
    status = {"type": "object", "additionalProperties": {"type": "string"}, "description": "As last seen."}
    return {
        "name": PACKAGE,
        "version": VERSION,
        "description": "The synchronization job that provisions users from Microsoft Entra ID into a gallery app.",
        "types": {f"{PACKAGE}:index:{name}": _named_type(node) for name, node in document["$defs"].items()},
        "resources": {
            RESOURCE: {
                "description": JobInputs.__doc__,
                "inputProperties": inputs,
                "requiredInputs": document["required"],
                "properties": {**inputs, **outputs, "jobStatus": status},
            }
        },
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
