"""From pydantic's findings to sentences: where it was written, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from provisioning.errors import ConfigurationError
from provisioning.settings.other_words import advice
from provisioning.settings.places import Place

_Model = TypeVar("_Model", bound=BaseModel)
_Given = TypeVar("_Given")
_Value = TypeVar("_Value")

TABLE = "must be a table of names and values"

SENTENCES: Mapping[str, str] = {
    "missing": "is needed",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "finite_number": "must be a whole number",
    "less_than_equal": "must be {le} or less",
    "too_short": "must name one at least",
    "greater_than_equal": "must be {ge} or more",
    "list_type": "must be a list",
    "dict_type": TABLE,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
}
"""By pydantic's error type. A type that is missing here is told in pydantic's words."""


DEEPEST = 16
"""How deep a setting may be nested; nothing that can be written goes deeper than five."""

TOO_DEEP = "is nested too deeply to be meant."


def parsed(model: type[_Model], written: Mapping[str, object], *, place: str) -> _Model:
    """Read what was written. *place* is put before each name, such as ``elium:``.

    :raises ConfigurationError: with a sentence for every mistake.
    """
    deep = [name for name, value in written.items() if _is_too_deep(value)]
    shallow = {name: value for name, value in written.items() if name not in deep}
    sentences = [f"{place}{name}: {TOO_DEEP}" for name in deep]
    try:
        read = model.model_validate(shallow)
    except ValidationError as error:
        # What is missing is told first: it stands nowhere, so nobody would come upon it.
        found = error.errors(include_url=False, include_input=False)
        findings = sorted(found, key=lambda finding: finding["type"] != "missing")
        left_out = {(name,) for name in deep}
        sentences += [_sentence(model, finding, place) for finding in findings if finding["loc"] not in left_out]
    else:
        if not sentences:
            return read
    raise ConfigurationError(list(dict.fromkeys(sentences)))


def _is_too_deep(value: object) -> bool:
    """Tell it without going deep: Python itself gives up where somebody nests a list for fun."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def reporting(convert: Callable[[_Given], _Value]) -> Callable[[_Given], _Value]:
    """Let a conversion of ours take part in the collecting: its sentence becomes a finding."""

    def converted(given: _Given) -> _Value:
        try:
            return convert(given)
        except ConfigurationError as error:
            raise mistake_of(error) from error

    return converted


def mistake_of(error: ConfigurationError) -> PydanticCustomError:
    """Let pydantic carry a sentence of ours."""
    return PydanticCustomError("mistake", "{sentence}", {"sentence": sentence_of(error)})


def sentence_of(error: ConfigurationError) -> str:
    """Say an error with its hint; the picture of an expression, with its caret, comes last."""
    first, line, picture = str(error).partition("\n")
    problem = first if first.endswith((".", "?")) else f"{first}."
    return " ".join(filter(None, (problem, error.hint))) + line + picture


def _sentence(model: type[BaseModel], finding: ErrorDetails, place: str) -> str:
    written = Place.of(model, finding["loc"])
    path = ".".join(map(str, written.parts))
    if finding["type"] == "extra_forbidden":
        meant = advice(str(written.parts[-1]), written.siblings)
        return f"{place}{path}: there is no such setting{f'; {meant}' if meant else ''}."
    if finding["type"] == "mistake":
        return f"{place}{path}: {finding['msg']}"
    context = finding.get("ctx") or {}
    problem = SENTENCES.get(finding["type"], finding["msg"]).format(**context).rstrip(".")
    return f"{place}{path}: {problem}{_what_to_write(finding['type'], problem, written)}."


def _what_to_write(type_: str, problem: str, written: Place) -> str:
    if problem == TABLE and written.names:
        return f": {', '.join(written.names)}"
    if type_ == "missing" and written.examples:
        return f", such as {written.examples[0]}"
    return f". Write {written.examples[0]}" if type_ == "string_too_short" and written.examples else ""
