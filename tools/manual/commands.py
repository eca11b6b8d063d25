"""The page of the operator's command: exit codes, verbs, options, and the JSON that each gives."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from importlib import import_module
from typing import Any, Union, get_args, get_origin, get_type_hints

from provisioning.commands.exit_codes import MEANINGS
from provisioning.commands.helping import command_of
from provisioning.commands.json_form import camel
from provisioning.commands.verbs import VERBS, Verb
from provisioning.docstrings import below_members

JsonObject = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

HEAD = """# The command `elium`

`elium VERB STACK` speaks about one stack, or about one job, written `<servicePrincipalId>/<jobId>`.
Where a stack has several apps, `dev@databricks` is the one that the program calls `databricks`.
It asks Pulumi which job the stack has, so it runs in the project's folder, or is told it with `--cwd`.
The backend is found as `pulumi` finds it; no passphrase is needed.
It signs in as the stack's program does: by the `ARM_` variables, with what the stack's provider says laid over them.

What was asked for goes to stdout, everything else to stderr.
With `--json` stdout has exactly one document, or one a line where the verb goes on until it is stopped.
Names are in camel case, moments in ISO 8601, spans in seconds.
`NO_COLOR` and `TERM=dumb` are obeyed; `elium --show-completion` prints what completes verbs and options in your shell.

This page is written by `make docs`.
"""

ERRORS = """## Errors as JSON

With `--json` an error is a document too: what, where, Graph's request id, and what to do next.
`kind` is a name from the [list of errors](errors.md).
A secret of the environment is never printed.
"""

ERROR_SCHEMA: JsonObject = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "kind", "message", "hint", "requestId", "where"],
            "properties": {
                "code": {"type": "integer", "description": "The exit code."},
                "kind": {"type": "string"},
                "message": {"type": "string"},
                "hint": {"type": "string", "description": "What to do next; may be empty."},
                "requestId": {"type": "string", "description": "Graph's; empty when Graph did not answer."},
                "where": {"type": "string", "description": "What was asked of Graph, or the stack; may be empty."},
            },
        }
    },
}

_SIMPLE: Mapping[object, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    timedelta: {"type": "number"},
}


def page() -> str:
    """Give the whole page."""
    parts = [HEAD, "## Exit codes\n", *exit_codes(), "", ERRORS, f"{_link('error')}."]
    for name, verb in VERBS.items():
        parts += ["", *chapter(name, verb)]
    return "\n".join(parts) + "\n"


def exit_codes() -> Iterator[str]:
    """Give the table of exit codes."""
    yield "| Code | Meaning |"
    yield "| --- | --- |"
    yield from (f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items())


def chapter(name: str, verb: Verb) -> Iterator[str]:
    """Give the chapter of a verb."""
    yield f"## `elium {name}`\n\n{verb.summary}\n"
    width = max(len(example.line) for example in verb.examples)
    lines = (f"{example.line:<{width}}   # {example.purpose}" for example in verb.examples)
    yield from ("```shell", *lines, "```", "")
    yield from ("| Option | Meaning |", "| --- | --- |", *options(name, verb), "")
    yield f"- {_link(name)} of {'each line that `--json` writes' if verb.is_lines else 'what `--json` writes'}"
    if verb.lines:
        yield f"- {_link(f'{name}-line')} of each line that `{verb.lines.option} --json` writes"
    yield f"- After Ctrl-C: {verb.when_stopped}"


def schemas() -> Iterator[tuple[str, str]]:
    """Give the JSON schema of everything that ``--json`` writes: the file's name, and its text."""
    yield _file("error"), _written(ERROR_SCHEMA, "An error of elium")
    for name, verb in VERBS.items():
        yield _file(name), _written(schema_of(class_at(verb.gives)), f"elium {name} --json")
        if verb.lines:
            title = f"A line of elium {name} {verb.lines.option} --json"
            yield _file(f"{name}-line"), _written(schema_of(class_at(verb.lines.gives)), title)


def options(name: str, verb: Verb) -> Iterator[str]:
    """Give a row for each option."""
    command = command_of(name, verb)
    context = command.make_context(name, ["dev"], resilient_parsing=True)
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and parameter.param_type_name == "option":
            yield f"| {_code(record[0])} | {record[1]} |"


def class_at(place: str) -> type:
    """Find a class by its place below ``provisioning``, such as ``model.job:Job``."""
    module, _, name = place.partition(":")
    found: type = getattr(import_module(f"provisioning.{module}"), name)
    return found


def schema_of(kind: object) -> JsonObject:
    """Describe the JSON of a class of ours, or of the type of one of its fields."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    if isinstance(kind, type) and is_dataclass(kind):
        return _object_of(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if one is type(None) else schema_of(one) for one in get_args(kind)]}
    if get_origin(kind) in (tuple, list, Sequence):
        return {"type": "array", "items": schema_of(get_args(kind)[0])}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": schema_of(get_args(kind)[1])}
    raise LookupError(f"{kind} has no JSON form: give it one in provisioning/commands/json_form.py, and here.")


def _object_of(kind: type) -> JsonObject:
    hints, words = get_type_hints(kind), below_members(kind)
    properties = {}
    for field in fields(kind):
        told = {"description": words[field.name]} if field.name in words else {}
        properties[camel(field.name)] = {**schema_of(hints[field.name]), **told}
    return {"type": "object", "required": list(properties), "properties": properties}


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _file(name: str) -> str:
    return f"elium-{name.replace(' ', '-')}.schema.json"


def _link(name: str) -> str:
    return f"[JSON schema](../../schemas/{_file(name)})"


def _written(schema: JsonObject, title: str) -> str:
    return json.dumps({"$schema": DRAFT, "title": title, **schema}, indent=2, ensure_ascii=False) + "\n"
