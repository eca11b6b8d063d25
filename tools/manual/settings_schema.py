"""The JSON schema of ``Pulumi.<stack>.yaml``, from which an editor completes and explains the ``elium:`` settings.

It is written from the models that check the settings.
"""

from __future__ import annotations

import json
from typing import Any

from provisioning.settings.stack import NAMESPACE, Settings

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server understands best."""

SECURE = {
    "type": "object",
    "description": "What `pulumi config set --secret` writes.",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}

AS_TEXT: dict[str, dict[str, Any]] = {
    "integer": {"type": "string", "pattern": "^[0-9]+$"},
    "boolean": {"type": "string", "enum": ["true", "false"]},
}
"""`pulumi config set` writes every value as a text, numbers and truth values too."""

JsonObject = dict[str, Any]


def text() -> str:
    """Give the file's content."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> JsonObject:
    """Describe a stack's file: Pulumi's own keys, and below ``config`` ours."""
    settings = Settings.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    known = {f"{NAMESPACE}:{name}": _setting(node) for name, node in settings["properties"].items()}
    ours = {"anyOf": [{"enum": list(known)}, {"not": {"pattern": f"^{NAMESPACE}:"}}]}
    return {
        "$schema": DRAFT,
        "title": "A stack of this program",
        "description": "One environment: one Elium platform that people are provisioned into.",
        "type": "object",
        "properties": {
            "config": {
                "description": "What the environment declares.",
                "type": "object",
                "properties": known,
                "propertyNames": ours,
            },
            "environment": {"description": "Pulumi ESC environments that the stack imports."},
            "secretsprovider": {"description": "What encrypts the stack's secrets.", "type": "string"},
            "encryptionsalt": {"description": "Written by Pulumi.", "type": "string"},
            "encryptedkey": {"description": "Written by Pulumi.", "type": "string"},
        },
        "definitions": {name: _untitled(node) for name, node in settings["$defs"].items()},
    }


def _setting(node: JsonObject) -> JsonObject:
    """Describe one setting in every form that Pulumi takes it in."""
    plain = _untitled(node)
    kept = {name: plain.pop(name) for name in ("description", "examples", "default") if name in plain}
    forms = plain.pop("anyOf", None) or [plain]
    texts = [AS_TEXT[form["type"]] for form in forms if form.get("type") in AS_TEXT]
    names = [{"type": "string", "minLength": 1}] if any(form.get("type") == "array" for form in forms) else []
    return kept | {"anyOf": [*(form for form in forms if form != {"type": "null"}), *texts, *names, SECURE]}


def _untitled(node: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Leave out the titles, which repeat the names."""
    if isinstance(node, list):
        return [_untitled(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        name: inner if name in {"examples", "default"} else _untitled(inner)
        for name, inner in node.items()
        if not (name == "title" and isinstance(inner, str)) and not (name == "default" and inner is None)
    }
