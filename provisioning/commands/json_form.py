"""Our values as JSON: names in camel case, moments in ISO 8601 and UTC, spans in seconds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any


def as_text(value: object, *, indent: int | None = 2) -> str:
    """Write a document; without *indent* it is one line."""
    return json.dumps(as_json(value), indent=indent, ensure_ascii=False)


def as_json(value: object) -> Any:  # noqa: ANN401 - a JSON value
    """Turn a value of ours into what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(field.name): as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    return _plain(value)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def camel(name: str) -> str:
    """Write a name of ours as JSON has it.

    >>> camel("last_cycle")
    'lastCycle'
    """
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
