"""From pydantic's findings to sentences: where it was written, what is wrong, what to write instead."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from provisioning.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

_Model = TypeVar("_Model", bound=BaseModel)
_Given = TypeVar("_Given")
_Value = TypeVar("_Value")

SENTENCES: Mapping[str, str] = {
    "missing": "is needed",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "list_type": "must be a list",
    "dict_type": "must be a table of names and values",
    "model_type": "must be a table of names and values",
    "model_attributes_type": "must be a table of names and values",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
}
"""By pydantic's error type. A type that is missing here is told in pydantic's words."""


def parsed(model: type[_Model], written: Mapping[str, object], *, place: str) -> _Model:
    """Read what was written. *place* is put before each name, such as ``elium:``.

    :raises ConfigurationError: with a sentence for every mistake.
    """
    try:
        return model.model_validate(written)
    except ValidationError as error:
        findings = error.errors(include_url=False, include_input=False)
        sentences = dict.fromkeys(_sentence(model, finding, place) for finding in findings)
        raise ConfigurationError(list(sentences)) from None


def told(convert: Callable[[_Given], _Value]) -> Callable[[_Given], _Value]:
    """Let a conversion of ours take part in the collecting: its sentence becomes a finding."""

    def converted(given: _Given) -> _Value:
        try:
            return convert(given)
        except ConfigurationError as error:
            sentence = " ".join(filter(None, (str(error), error.hint)))
            raise PydanticCustomError("told", "{sentence}", {"sentence": sentence}) from error

    return converted


def _sentence(model: type[BaseModel], finding: ErrorDetails, place: str) -> str:
    path = ".".join(str(part) for part in finding["loc"] if not _is_branch(part))
    if finding["type"] == "extra_forbidden":
        return f"{place}{path}: there is no such setting{_nearest(model, path)}."
    context = finding.get("ctx") or {}
    problem = SENTENCES.get(finding["type"], finding["msg"]).format(**context)
    example = _example(model, path) if finding["type"] in {"missing", "string_too_short"} else ""
    return f"{place}{path}: {problem.rstrip('.')}{example}."


def _is_branch(part: int | str) -> bool:
    """Tell whether a part of the place is pydantic's name for a member of a union, which nobody wrote."""
    return isinstance(part, str) and (part.startswith(("function-", "str", "constrained-")) or part[:1].isupper())


def _nearest(model: type[BaseModel], path: str) -> str:
    known = [field.alias or name for name, field in model.model_fields.items()]
    parent, _, name = path.rpartition(".")
    close = get_close_matches(name, known, n=1) if not parent else []
    return f"; did you mean {close[0]}" if close else ""


def _example(model: type[BaseModel], path: str) -> str:
    for name, field in model.model_fields.items():
        if path in {name, field.alias} and field.examples:
            return f", such as {field.examples[0]}"
    return ""
