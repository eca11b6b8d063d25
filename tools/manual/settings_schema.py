"""The JSON schema of ``Pulumi.<stack>.yaml``, from which an editor completes and explains the ``elium:`` settings.

It is written from the models that check the settings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from provisioning.model.base_address import FLAGS
from provisioning.settings.stack import NAMESPACE, Settings

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server understands best."""

SECURE = {
    "type": "object",
    "description": "What `pulumi config set --secret` writes.",
    "properties": {"secure": {"type": "string"}},
    "additionalProperties": False,
}

IS_ENCRYPTED = {"type": "object", "required": ["secure"]}

AS_TEXT: dict[str, dict[str, Any]] = {
    "integer": {"type": "string", "pattern": "^[0-9]+$"},
    "boolean": {"enum": ["true", "false"]},
}
"""`pulumi config set` writes every value as a text, numbers and truth values too."""

_SEGMENTS = r"(/[A-Za-z0-9._~-]+)*"
_ELSEWHERE = rf"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{{1,5}})?({_SEGMENTS}/[sS][cC][iI][mM](/[vV]2)?)?"
_HERE = rf"https?://(localhost|127(\.[0-9]+){{3}}|\[::1\])(:[0-9]{{1,5}})?{_SEGMENTS}"

FORMS: dict[str, dict[str, str]] = {
    "tenantUrl": {
        "pattern": rf"^({_ELSEWHERE}|{_HERE})/*(\?({'|'.join(FLAGS)})?)?$",
        "patternErrorMessage": "Write the address as Elium shows it, such as https://acme.elium.com.",
    },
    "secretToken": {
        "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|kept)$",
        "patternErrorMessage": (
            "A token never stands here as plain text: run `pulumi config set --secret elium:secretToken`, or write "
            "env:NAME or file:/path, where it lies."
        ),
    },
}
"""What a text must look like; the message is for editors that know the word."""

KEPT = ("description", "examples", "default")
"""What is said of a setting in whatever form."""

JsonObject = dict[str, Any]


def text() -> str:
    """Give the file's content."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> JsonObject:
    """Describe a stack's file: Pulumi's own keys, and below ``config`` ours."""
    settings, described = _settings()
    return {
        "$schema": DRAFT,
        "title": "A stack of this program",
        "description": "One environment: one Elium platform that people are provisioned into.",
        "type": "object",
        "properties": {
            "config": _config(settings, described),
            "environment": {"description": "Pulumi ESC environments that the stack imports."},
            "secretsprovider": {"description": "What encrypts the stack's secrets.", "type": "string"},
            "encryptionsalt": {"description": "Written by Pulumi.", "type": "string"},
            "encryptedkey": {"description": "Written by Pulumi.", "type": "string"},
        },
        "additionalProperties": False,
        "definitions": {name: described.exclusive(node) for name, node in described.definitions.items()},
    }


def plain_settings() -> tuple[JsonObject, JsonObject]:
    """Describe the settings as they stand in a file that is not Pulumi's, and the definitions that they refer to."""
    settings, described = _settings()
    properties = {name: described.plain(name, node) for name, node in settings.items()}
    return properties, {name: described.exclusive(node) for name, node in described.definitions.items()}


def _settings() -> tuple[JsonObject, _Described]:
    read = Settings.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    return read["properties"], _Described({name: _untitled(node) for name, node in read["$defs"].items()})


def _config(settings: JsonObject, described: _Described) -> JsonObject:
    """Describe the settings: ours, and nothing that was meant to be one of them."""
    names = "|".join(settings)
    return {
        "description": "What the environment declares.",
        "type": "object",
        "properties": {f"{NAMESPACE}:{name}": described.setting(name, node) for name, node in settings.items()},
        "patternProperties": {
            rf"^{NAMESPACE}:(?!({names})$)": False,
            rf"^(?!{NAMESPACE}:)([^:]+:)?({names})$": False,
        },
    }


@dataclass(frozen=True, slots=True)
class _Described:
    """Describes values so that at most one form is asked of each: an editor then says what is wrong with that one.

    ``anyOf`` would have it complain about all of them, or about the wrong one.
    """

    definitions: JsonObject

    def setting(self, name: str, node: JsonObject) -> JsonObject:
        """Describe one setting in every form that Pulumi takes it in."""
        plain = self.plain(name, node)
        kept = {word: plain.pop(word) for word in KEPT if word in plain}
        return kept | {"if": IS_ENCRYPTED, "then": SECURE, "else": plain}

    def plain(self, name: str, node: JsonObject) -> JsonObject:
        """Describe one setting that is not encrypted."""
        plain = _untitled(node)
        kept = {word: plain.pop(word) for word in KEPT if word in plain}
        forms = [form for form in _flat(plain) if form != {"type": "null"}]
        texts = [AS_TEXT[form["type"]] for form in forms if form.get("type") in AS_TEXT]
        names = [{"type": "string", "minLength": 1}] if any(form.get("type") == "array" for form in forms) else []
        form: JsonObject = self.exclusive({"anyOf": [*forms, *texts, *names]})
        return kept | form | FORMS.get(name, {})

    def exclusive(self, node: Any) -> Any:  # noqa: ANN401 - a JSON value
        """Put a choice between types in place of every ``anyOf``, below *node* too."""
        below = _below(node, self.exclusive)
        return self._chosen(below) if isinstance(below, dict) and "anyOf" in below else below

    def _chosen(self, node: JsonObject) -> JsonObject:
        forms = _flat(node)
        kept = {word: inner for word, inner in node.items() if word != "anyOf"}
        objects, arrays = ([form for form in forms if self._type(form) == kind] for kind in ("object", "array"))
        items = self.exclusive({"anyOf": [form["items"] for form in arrays]}) if len(arrays) > 1 else {}
        structured = [*objects, *([arrays[0] | ({"items": items} if items else {})] if arrays else [])]
        chosen = _scalar([form for form in forms if form not in [*objects, *arrays]])
        if "type" in chosen and "enum" not in chosen:
            # What comes here is neither of the structured ones; named all the same, for the sake of the message.
            chosen["type"] = [*(self._type(form) for form in structured), *_listed(chosen["type"])]
        for form in structured:
            chosen = {"if": {"type": self._type(form)}, "then": form, "else": chosen} if chosen else form
        return kept | chosen

    def _type(self, form: JsonObject) -> str:
        named = self.definitions[form["$ref"].rpartition("/")[2]] if "$ref" in form else form
        return str(named.get("type", ""))


def _flat(node: JsonObject) -> list[JsonObject]:
    """List the forms of a node; those of a form that is a choice again are among them."""
    if "anyOf" not in node:
        return [node]
    return [form for each in node["anyOf"] for form in _flat(each)]


def _scalar(forms: list[JsonObject]) -> JsonObject:
    """Put forms that are not structured into one: a list of values, or a list of types with what each must fulfil."""
    if len(forms) < 2:  # noqa: PLR2004 - there is nothing to put together
        return dict(forms[0]) if forms else {}
    if any("enum" in form or "const" in form for form in forms):
        return {"enum": [value for form in forms for value in _values(form)]}
    merged = {word: inner for form in forms for word, inner in form.items()}
    kinds = [form["type"] for form in forms]
    return merged | {"type": kinds}


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _values(form: JsonObject) -> list[Any]:
    if form.get("type") in {"boolean", "null"}:
        return [True, False] if form["type"] == "boolean" else [None]
    return [form["const"]] if "const" in form else list(form["enum"])


def _untitled(node: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Leave out the titles, which repeat the names."""
    below = _below(node, _untitled)
    if not isinstance(below, dict):
        return below
    return {
        word: inner for word, inner in below.items() if word != "title" and not (word == "default" and inner is None)
    }


def _below(node: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - a JSON value
    """Change the schemas below a schema, and nothing that is a value or a name in it."""
    if isinstance(node, list):
        return [change(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {word: _inner(word, inner, change) for word, inner in node.items()}


def _inner(word: str, inner: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - a JSON value
    if word == "properties":
        return {name: change(each) for name, each in inner.items()}
    return inner if word in {"examples", "default", "enum", "required"} else change(inner)
