"""What is said of a resource or component in the package schema (pulumi: package schema)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Model(Protocol):
    """Whatever writes a JSON schema, as pydantic's models do, whose import the engine need not wait for."""

    @classmethod
    def model_json_schema(cls, by_alias: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as pydantic has it
        """Write it."""


@dataclass(frozen=True, slots=True)
class Described:
    """A resource or component, as far as its inputs and outputs go."""

    token: str
    """Its type, such as ``entrasync:index:SynchronizationJob``."""
    model: type[Model]
    """What may be written."""
    outputs: Mapping[str, Mapping[str, Any]]
    """What it tells, as the package schema writes properties."""
    always: tuple[str, ...]
    """What of that is never missing."""
    is_component: bool = False
    more: str = ""
    """What is said besides the model's own description, in Markdown."""
    plain: tuple[str, ...] = ()
    """Inputs that must be known when the program runs."""
