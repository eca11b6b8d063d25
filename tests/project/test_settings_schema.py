"""The schema that editors read is that of the models, and takes what the project itself writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from provisioning.settings.stack import Settings
from tools.manual import settings_schema

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = json.loads(settings_schema.text())
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


Described: TypeAlias = "dict[str, Any] | bool"
"""What JSON schema calls a schema."""


def takes(node: Described, value: Any) -> bool:
    """Tell whether a schema takes a value, as far as the words go that this schema uses."""
    if isinstance(node, bool):
        return node
    if "$ref" in node:
        return takes(DOCUMENT["definitions"][node["$ref"].rpartition("/")[2]], value)
    return all(
        (
            "anyOf" not in node or any(takes(each, value) for each in node["anyOf"]),
            "not" not in node or not takes(node["not"], value),
            "enum" not in node or value in node["enum"],
            "const" not in node or value == node["const"],
            "type" not in node or _is(node["type"], value),
            "pattern" not in node or not isinstance(value, str) or bool(re.search(node["pattern"], value)),
            all(takes(node.get("propertyNames", True), name) for name in value) if isinstance(value, dict) else True,
            all(takes(_below(node, name), value[name]) for name in value) if isinstance(value, dict) else True,
            all(takes(node.get("items", True), each) for each in value) if isinstance(value, list) else True,
            not isinstance(value, dict) or set(node.get("required", ())) <= value.keys(),
        )
    )


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))


def _below(node: dict[str, Any], name: str) -> Described:
    found: Described = node.get("properties", {}).get(name, node.get("additionalProperties", True))
    return found


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_stacks_of_the_project_are_taken(name: str) -> None:
    assert takes(DOCUMENT, yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def test_the_stack_of_the_project_names_the_schema() -> None:
    first = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()[0]

    assert first == "# yaml-language-server: $schema=schemas/stack.schema.json"


def test_every_setting_is_explained() -> None:
    explained = DOCUMENT["properties"]["config"]["properties"]

    assert [name for name, node in explained.items() if not node.get("description")] == []
    assert len(explained) == len(Settings.model_fields)


@pytest.mark.parametrize(
    "setting",
    [
        {"elium:tenantURL": "https://acme.elium.com"},
        {"elium:scope": "some"},
        {"elium:deleteThreshold": "many"},
        {"elium:mappings": {"users": {"userName": {"sauce": "[mail]"}}}},
        {"elium:mappings": {"people": {}}},
        {"elium:objects": {"users": {"actions": ["destroy"]}}},
        {"elium:attributes": {"users": {"badge": {"type": "Integer"}}}},
    ],
)
def test_what_the_settings_refuse_is_marked(setting: dict[str, Any]) -> None:
    assert not takes(DOCUMENT, {"config": setting})


@pytest.mark.parametrize(
    "setting",
    [
        {"azuread:tenantId": "x"},
        {"elium:secretToken": {"secure": "v1:x"}},
        {"elium:groups": "Elium users"},
        {"elium:mappings": {"users": {"title": "[jobTitle]", "nickName": None, "userName": {"match": 1}}}},
        {"elium:objects": {"users": {"actions": ["create"]}, "groups": "off"}},
        {"elium:objects": {"groups": {"enabled": False, "actions": ["create"]}}},
        {"elium:attributes": {"users": {"urn:x": "String"}}},
        {"elium:filters": {"users": [["department EQUALS Sales"]], "groups": None}},
    ],
)
def test_what_the_settings_take_is_not_marked(setting: dict[str, Any]) -> None:
    assert takes(DOCUMENT, {"config": setting})
