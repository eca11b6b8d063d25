"""The JSON schema of a file of tenants, from which an editor completes and explains every row."""

from __future__ import annotations

import json
from typing import Any

from provisioning.fleet.tenants_file import DEFAULTS, ENTRA, LABELS, NAME, NAME_FORM, TENANTS
from provisioning.graph.identity import FIELDS
from provisioning.operations.token_reference import FORMS, Place
from tools.manual.settings_schema import DRAFT, plain_settings

JsonObject = dict[str, Any]

REFERENCE: JsonObject = {
    "pattern": f"^({'|'.join(place.value for place in Place)}):.+$",
    "patternErrorMessage": f"A secret never stands here as plain text: write where it lies, {FORMS}.",
}

OF_ROWS: JsonObject = {
    LABELS: {
        "description": "Words by which tenants are chosen, such as region: eu. They change nothing.",
        "type": "object",
        "additionalProperties": {"type": ["string", "integer", "boolean"]},
    },
    ENTRA: {
        "description": "The identity for its Entra tenant, where that is not the environment's.",
        "type": "object",
        "properties": {
            name: {
                "description": f"Stands for {field.setting}." if field.setting else "Chooses a way to sign in.",
                "type": ["boolean", "string"] if field.is_switch else "string",
                **(REFERENCE if field.is_secret else {}),
            }
            for name, field in FIELDS.items()
        },
        "additionalProperties": False,
    },
}


def text() -> str:
    """Give the file's content."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> JsonObject:
    """Describe the file: what all tenants share, and a row for each."""
    settings, definitions = plain_settings()
    settings["secretToken"] |= {"description": f"Where Elium's secret token lies: {FORMS}.", **REFERENCE}
    shared = {**settings, **OF_ROWS}
    name = {"description": "The stack's name.", "type": "string", "pattern": f"^{NAME_FORM}$"}
    return {
        "$schema": DRAFT,
        "title": "A file of tenants",
        "description": "Many Elium platforms: what they share, and a row for each.",
        "type": "object",
        "properties": {
            DEFAULTS: {
                "description": "What holds for each tenant whose row says nothing else.",
                "type": "object",
                "properties": shared,
                "additionalProperties": False,
            },
            TENANTS: {
                "description": "A row for each Elium platform.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {NAME: name, **shared},
                    "required": [NAME],
                    "additionalProperties": False,
                },
            },
        },
        "required": [TENANTS],
        "additionalProperties": False,
        "definitions": definitions,
    }
