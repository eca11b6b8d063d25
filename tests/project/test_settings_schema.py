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
            "type" not in node or any(_is(kind, value) for kind in _listed(node["type"])),
            "if" not in node or takes(node["then" if takes(node["if"], value) else "else"], value),
            "minimum" not in node or not isinstance(value, int) or value >= node["minimum"],
            "pattern" not in node or not isinstance(value, str) or bool(re.search(node["pattern"], value)),
            all(takes(node.get("propertyNames", True), name) for name in value) if isinstance(value, dict) else True,
            all(takes(_below(node, name), value[name]) for name in value) if isinstance(value, dict) else True,
            all(takes(node.get("items", True), each) for each in value) if isinstance(value, list) else True,
            not isinstance(value, dict) or set(node.get("required", ())) <= value.keys(),
        )
    )


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _below(node: dict[str, Any], name: str) -> Described:
    patterns: dict[str, Described] = node.get("patternProperties", {})
    for pattern, found in patterns.items():
        if re.search(pattern, name):
            return found
    below: Described = node.get("properties", {}).get(name, node.get("additionalProperties", True))
    return below


def words(node: Any) -> set[str]:
    """Give every word of the schema that says what is taken; names and values are not among them."""
    if isinstance(node, list):
        return {word for each in node for word in words(each)}
    if not isinstance(node, dict):
        return set()
    inner = {word: each for word, each in node.items() if word not in {"examples", "default", "enum"}}
    named = [each for key in ("properties", "definitions") for each in inner.pop(key, {}).values()]
    return inner.keys() | words([*inner.values(), *named])


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_stacks_of_the_project_are_taken(name: str) -> None:
    assert takes(DOCUMENT, yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_stacks_of_the_project_name_the_schema(name: str) -> None:
    first = (ROOT / name).read_text(encoding="utf-8").splitlines()[0]

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
        {"elium:attributes": {"users": {"badge": {"type": "Number"}}}},
        {"elium:secretToken": "a-token"},
        {"elium:secretToken": {"secret": "v1:x"}},
        {"elium:tenantUrl": "acme.elium.com"},
        {"elium:tenantUrl": "http://acme.elium.com"},
        {"elium:tenantUrl": "https://acme.elium.com/admin?tab=security"},
        {"elium:tenantUrl": "https://acme.elium.com?token=x"},
        {"elium:tenantUrl": "https://<tenant>.elium.com"},
        {"elium:deleteThreshold": -1},
        {"elium:onDestroy": "delete"},
        {"elium:mappings": {"users": {"title": ["jobTitle"]}}},
        {"elium:mappings": {"users": {"title": {"match": True}}}},
        {"elium:filters": {"users": [5]}},
        {"tenantUrl": "https://acme.elium.com"},
        {"elim:tenantUrl": "https://acme.elium.com"},
        {"elium-provisioning:scope": "all"},
    ],
)
def test_what_the_settings_refuse_is_marked(setting: dict[str, Any]) -> None:
    assert not takes(DOCUMENT, {"config": setting})


@pytest.mark.parametrize(
    "setting",
    [
        {"azuread:tenantId": "x"},
        {"elium:secretToken": {"secure": "v1:x"}},
        {"elium:secretToken": "env:ELIUM_SECRET_TOKEN"},
        {"elium:secretToken": "file:/run/secrets/elium"},
        {"elium:tenantUrl": "https://acme.elium.com/SCIM/V2/?aadOptscim062020"},
        {"elium:tenantUrl": "http://localhost:8443/elium/contoso"},
        {"elium:deleteThreshold": "50"},
        {"elium:notifyOnFailure": "false"},
        {"elium:mappings": {"secure": "v1:x"}},
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


def test_what_stands_beside_the_configuration_is_marked_unless_it_is_pulumis() -> None:
    assert [takes(DOCUMENT, {name: {}}) for name in ("confg", "environment")] == [False, True]


def test_no_value_is_measured_against_several_forms_at_once() -> None:
    assert words(DOCUMENT) & {"anyOf", "oneOf", "allOf"} == set()
